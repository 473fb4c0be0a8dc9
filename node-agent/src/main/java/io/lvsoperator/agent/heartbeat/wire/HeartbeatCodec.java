package io.lvsoperator.agent.heartbeat.wire;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The heartbeat's bytes, numbers big endian:
 *
 * <pre>
 * 4  "LVSH"
 * 1  version, 1
 * 1  flags: 1 the sender is fenced
 * 16 mark: session, sequence
 * 16 heard
 * 16 greeted
 * text fleet, from, to, tables, resourceVersion, each: 1 length in bytes, UTF-8
 * 1  number of virtual routers, each 4: family (4 or 6), virtual router id, state (0 Initialize, 1 Backup, 2 Active), priority
 * 1  number of authenticators, 1 or 2, each 32: HMAC-SHA-256 of all before this number
 * </pre>
 *
 * Two authenticators, since a new key does not reach all directors at once: for a while each signs with the old one too, and
 * takes what is signed with either.
 */
public final class HeartbeatCodec {
    /** Fits any path. */
    public static final int MAX_BYTES = 1232;

    /** A current key and the one before. */
    public static final int MAX_KEYS = 2;

    private static final int MAGIC = 0x4c565348;
    private static final byte VERSION = 1;
    private static final int FENCED = 1;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int AUTHENTICATOR_BYTES = 32;
    private static final int MAX_TEXT_BYTES = 253;
    private static final List<VirtualRouterState> STATES =
            List.of(VirtualRouterState.INITIALIZE, VirtualRouterState.BACKUP, VirtualRouterState.ACTIVE);

    private HeartbeatCodec() {}

    /**
     * The datagram.
     *
     * @param keys one or two, the current one first
     * @throws IllegalArgumentException when a text or a list is too long
     */
    public static byte[] encode(Heartbeat heartbeat, List<byte[]> keys) {
        require(!keys.isEmpty() && keys.size() <= MAX_KEYS, keys.size() + " keys");
        require(
                heartbeat.routers().size() <= Heartbeat.MAX_ROUTERS,
                heartbeat.routers().size() + " virtual routers");
        ByteBuffer out = ByteBuffer.allocate(2 * MAX_BYTES);
        out.putInt(MAGIC).put(VERSION).put((byte) (heartbeat.fenced() ? FENCED : 0));
        put(out, heartbeat.mark());
        put(out, heartbeat.heard());
        put(out, heartbeat.greeted());
        put(out, heartbeat.fleet());
        put(out, heartbeat.from());
        put(out, heartbeat.to());
        put(out, heartbeat.tables());
        put(out, heartbeat.resourceVersion());
        out.put((byte) heartbeat.routers().size());
        heartbeat
                .routers()
                .forEach(router -> out.put((byte) (router.family() == AddressFamily.IPV4 ? 4 : 6))
                        .put((byte) router.virtualRouterId())
                        .put((byte) STATES.indexOf(router.state()))
                        .put((byte) router.priority()));
        byte[] content = Arrays.copyOf(out.array(), out.position());
        out.put((byte) keys.size());
        keys.forEach(key -> out.put(authenticator(key, content)));
        require(out.position() <= MAX_BYTES, out.position() + " bytes");
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void require(boolean fits, String what) {
        if (!fits) {
            throw new IllegalArgumentException(what + " do not fit a heartbeat");
        }
    }

    private static void put(ByteBuffer out, Mark mark) {
        out.putLong(mark.session()).putLong(mark.sequence());
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        require(bytes.length <= MAX_TEXT_BYTES, "the " + bytes.length + " bytes of '" + text + "'");
        out.put((byte) bytes.length).put(bytes);
    }

    /**
     * Reads a datagram.
     *
     * @param keysOf the keys of a fleet, none for one that this node does not direct
     */
    public static Reception decode(byte[] datagram, Function<String, List<byte[]>> keysOf) {
        try {
            return decodeWhole(datagram, keysOf);
        } catch (BufferUnderflowException | IllegalArgumentException cut) {
            return new Reception.Rejected(Rejection.MALFORMED);
        }
    }

    private static Reception decodeWhole(byte[] datagram, Function<String, List<byte[]>> keysOf) {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        if (in.limit() > MAX_BYTES || in.getInt() != MAGIC) {
            return new Reception.Rejected(Rejection.MALFORMED);
        }
        if (in.get() != VERSION) {
            return new Reception.Rejected(Rejection.UNKNOWN_VERSION);
        }
        Heartbeat heartbeat = content(in);
        byte[] content = Arrays.copyOf(datagram, in.position());
        List<byte[]> keys = keysOf.apply(heartbeat.fleet());
        if (keys.isEmpty()) {
            return new Reception.Rejected(Rejection.UNKNOWN_FLEET);
        }
        List<byte[]> authenticators = authenticators(in);
        return isAuthentic(content, authenticators, keys)
                ? new Reception.Authentic(heartbeat)
                : new Reception.Rejected(Rejection.FORGED);
    }

    private static Heartbeat content(ByteBuffer in) {
        byte flags = in.get();
        Mark mark = mark(in);
        Mark heard = mark(in);
        Mark greeted = mark(in);
        String fleet = text(in);
        String from = text(in);
        String to = text(in);
        String tables = text(in);
        String resourceVersion = text(in);
        int count = Byte.toUnsignedInt(in.get());
        malformedUnless(count <= Heartbeat.MAX_ROUTERS);
        List<Heartbeat.Router> routers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routers.add(router(in));
        }
        malformedUnless((flags & ~FENCED) == 0);
        return new Heartbeat(
                fleet, from, to, mark, heard, greeted, (flags & FENCED) != 0, routers, tables, resourceVersion);
    }

    private static Mark mark(ByteBuffer in) {
        return new Mark(in.getLong(), in.getLong());
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Byte.toUnsignedInt(in.get())];
        malformedUnless(bytes.length <= MAX_TEXT_BYTES);
        in.get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        malformedUnless(Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8)));
        return text;
    }

    private static Heartbeat.Router router(ByteBuffer in) {
        byte family = in.get();
        malformedUnless(family == 4 || family == 6);
        int id = Byte.toUnsignedInt(in.get());
        int state = in.get();
        malformedUnless(state >= 0 && state < STATES.size());
        return new Heartbeat.Router(
                family == 4 ? AddressFamily.IPV4 : AddressFamily.IPV6,
                id,
                STATES.get(state),
                Byte.toUnsignedInt(in.get()));
    }

    private static List<byte[]> authenticators(ByteBuffer in) {
        int count = in.get();
        malformedUnless(count >= 1 && count <= MAX_KEYS && in.remaining() == count * AUTHENTICATOR_BYTES);
        List<byte[]> authenticators = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] authenticator = new byte[AUTHENTICATOR_BYTES];
            in.get(authenticator);
            authenticators.add(authenticator);
        }
        return authenticators;
    }

    /** Compares all, so that the time tells nothing. */
    private static boolean isAuthentic(byte[] content, List<byte[]> authenticators, List<byte[]> keys) {
        boolean authentic = false;
        for (byte[] key : keys) {
            byte[] expected = authenticator(key, content);
            for (byte[] authenticator : authenticators) {
                authentic |= MessageDigest.isEqual(expected, authenticator);
            }
        }
        return authentic;
    }

    private static byte[] authenticator(byte[] key, byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static void malformedUnless(boolean wellFormed) {
        if (!wellFormed) {
            throw new IllegalArgumentException("malformed");
        }
    }
}
