package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.AddressFamily;

/**
 * What makes two virtual routers the same one, whatever else of their configuration changes.
 *
 * @param fleet the fleet that it serves
 * @param interfaceName where it runs
 * @param family of its VIPs
 * @param virtualRouterId 1 to 255
 */
public record RouterKey(String fleet, String interfaceName, AddressFamily family, int virtualRouterId) {

    @Override
    public String toString() {
        String familyName = switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
        return "fleet " + fleet + ": " + familyName + " virtual router " + virtualRouterId + " on " + interfaceName;
    }
}
