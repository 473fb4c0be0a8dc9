package io.lvsoperator.operator.address;

/**
 * A claim that cannot be granted.
 *
 * @param holder who has the address, or goes before
 * @param contested address, with the port where that is what clashes, or firewall mark
 * @param held whether the holder serves it already; otherwise it is only the elder of two newcomers
 */
public record AddressConflict(AddressClaim holder, String contested, boolean held) {}
