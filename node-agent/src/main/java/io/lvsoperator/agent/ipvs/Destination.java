package io.lvsoperator.agent.ipvs;

/** A real server as a virtual server of the kernel knows it. */
public record Destination(DestinationKey key, DestinationConfig config) {}
