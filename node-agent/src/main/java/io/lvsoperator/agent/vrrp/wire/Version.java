package io.lvsoperator.agent.vrrp.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.util.Arrays;
import java.util.Optional;

/** The versions of VRRP that a virtual router may speak: one of them, never both. */
public enum Version {
    /** RFC 3768: IPv4 only, intervals of whole seconds, both sides must have the same. */
    VERSION_2(2),
    /** RFC 9568: both families, intervals of centiseconds, learnt from the Active. */
    VERSION_3(3);

    private final int number;

    Version(int number) {
        this.number = number;
    }

    /** As in the upper half of the first byte. */
    public int number() {
        return number;
    }

    /** The version of that number, if there is one. */
    public static Optional<Version> ofNumber(int number) {
        return Arrays.stream(values())
                .filter(version -> version.number == number)
                .findFirst();
    }

    /** Whether it can advertise addresses of this family. */
    public boolean carries(AddressFamily family) {
        return this == VERSION_3 || family == AddressFamily.IPV4;
    }

    @Override
    public String toString() {
        return "version " + number;
    }
}
