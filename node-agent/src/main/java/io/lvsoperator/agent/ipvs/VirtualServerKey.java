package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import org.jspecify.annotations.Nullable;

/** What tells one virtual server of the kernel from another. */
public sealed interface VirtualServerKey {
    AddressFamily family();

    /**
     * The usual kind.
     *
     * @param port 0 to 65535; 0 is every port, which the kernel schedules only when it is persistent
     */
    record AddressAndPort(Protocol protocol, IpAddress address, int port) implements VirtualServerKey {
        public AddressAndPort {
            Ports.check(port);
        }

        @Override
        public AddressFamily family() {
            return address.family();
        }

        /** By hand for the reason of {@link IpAddress#hashCode()}. */
        @Override
        public int hashCode() {
            return (address.hashCode() * 31 + port) * 31 + protocol.number();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof AddressAndPort(var otherProtocol, var otherAddress, var otherPort)
                    && port == otherPort
                    && protocol.number() == otherProtocol.number()
                    && address.equals(otherAddress);
        }

        /** {@code TCP 192.0.2.100:80} or {@code TCP [2001:db8::100]:80}. */
        @Override
        public String toString() {
            return protocol + " " + Ports.join(address, port);
        }
    }

    /**
     * Packets that carry a firewall mark.
     *
     * @param mark unsigned, not 0
     */
    record FirewallMark(AddressFamily family, int mark) implements VirtualServerKey {
        public FirewallMark {
            if (mark == 0) {
                throw new IllegalArgumentException("firewall mark 0 means no mark");
            }
        }

        /** {@code IPv4 firewall mark 10}. */
        @Override
        public String toString() {
            return (family == AddressFamily.IPV4 ? "IPv4" : "IPv6") + " firewall mark "
                    + Integer.toUnsignedString(mark);
        }
    }
}
