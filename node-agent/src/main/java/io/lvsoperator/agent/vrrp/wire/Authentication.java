package io.lvsoperator.agent.vrrp.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** How the advertisements of version 2 are authenticated (RFC 2338 section 5.3.6): Auth Type and Authentication Data. */
public sealed interface Authentication {

    /** Octets of Authentication Data (RFC 2338 section 5.3.10). */
    int DATA_BYTES = 8;

    /** Auth Type. */
    int type();

    /** Authentication Data: {@link #DATA_BYTES} octets, the first one in the highest byte. */
    long data();

    /** Type 0: the data is zero when sent, and not looked at. */
    enum None implements Authentication {
        NONE;

        @Override
        public int type() {
            return 0;
        }

        @Override
        public long data() {
            return 0;
        }
    }

    /** Type 1: a password in the clear. Prints nothing of it. */
    record Password(long data) implements Authentication {

        /**
         * Fills up with zeros.
         *
         * @throws IllegalArgumentException when it has not 1 to 8 bytes; says nothing of what it is
         */
        public static Password of(byte[] password) {
            if (!isPossible(password)) {
                throw new IllegalArgumentException(
                        "a password of version 2 has 1 to " + DATA_BYTES + " bytes, and this one " + password.length);
            }
            return new Password(
                    ByteBuffer.wrap(Arrays.copyOf(password, DATA_BYTES)).getLong());
        }

        /** Whether it has 1 to 8 bytes. */
        public static boolean isPossible(byte[] password) {
            return password.length >= 1 && password.length <= DATA_BYTES;
        }

        @Override
        public int type() {
            return 1;
        }

        @Override
        public String toString() {
            return "Password[...]";
        }
    }

    /** Whether a message with these fields is authenticated as we are. */
    default boolean accepts(int theirType, long theirData) {
        return switch (this) {
            case None ignored -> theirType == type();
            case Password(long password) -> theirType == type() && theirData == password;
        };
    }
}
