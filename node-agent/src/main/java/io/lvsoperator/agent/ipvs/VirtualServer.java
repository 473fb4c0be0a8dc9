package io.lvsoperator.agent.ipvs;

/** A service of the kernel's table, without its destinations. */
public record VirtualServer(VirtualServerKey key, VirtualServerConfig config) {}
