package io.lvsoperator.agent.ipvs;

/** A destination as it was found in the kernel. */
public record ObservedDestination(Destination destination, ConnectionCounts connections, Statistics statistics) {}
