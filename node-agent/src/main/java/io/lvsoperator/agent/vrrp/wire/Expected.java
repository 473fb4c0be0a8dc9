package io.lvsoperator.agent.vrrp.wire;

/**
 * What a virtual router of ours takes of the others.
 *
 * @param version the one that it speaks
 * @param intervalCentiseconds its own interval, which version 2 insists on
 */
public record Expected(Version version, int intervalCentiseconds) {}
