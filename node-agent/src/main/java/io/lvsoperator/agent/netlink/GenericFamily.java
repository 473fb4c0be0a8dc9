package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A generic netlink family, found by its name.
 *
 * <p>The kernel numbers families as they appear, so the number is looked up at first use (which makes the kernel load the
 * family's module) and again when a request meets ENOENT: that may be the request's own error, or a module that was loaded again
 * under another number.
 */
public final class GenericFamily {
    private final Netlink netlink;
    private final String name;
    private final int version;
    private Optional<Integer> id = Optional.empty();

    /** Over a {@link NetlinkProtocol#NETLINK_GENERIC} socket, which stays the caller's to close. */
    public GenericFamily(Netlink netlink, String name, int version) {
        this.netlink = netlink;
        this.name = name;
        this.version = version;
    }

    /** A request of this family. */
    public NetlinkRequest request(Object operation, int command, Consumer<MessageWriter> attributes) {
        return new NetlinkRequest(
                operation,
                GenericHeader.GENL_ID_CTRL,
                0,
                message -> attributes.accept(message.genericHeader(command, version)));
    }

    /** The attributes of a message of this family, which follow its header. */
    public static AttributeReader attributes(NetlinkMessage message) throws MalformedMessageException {
        return new AttributeReader(body(message));
    }

    private static ByteBuffer body(NetlinkMessage message) throws MalformedMessageException {
        var payload = message.payload();
        if (payload.limit() < GenericHeader.SIZE) {
            throw new MalformedMessageException(payload.limit() + " bytes are too few for a generic netlink header");
        }
        return payload.slice(GenericHeader.SIZE, payload.limit() - GenericHeader.SIZE);
    }

    /** As {@link Netlink#execute}; throws {@link UnknownFamilyException} too. */
    public void execute(NetlinkRequest request) throws NetlinkException {
        afresh(type -> {
            netlink.execute(request.withType(type));
            return name;
        });
    }

    /** As {@link Netlink#query}; throws {@link UnknownFamilyException} too. */
    public <T> T query(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
        return afresh(type -> netlink.query(request.withType(type), decoder));
    }

    /** As {@link Netlink#dump(NetlinkRequest, MessageDecoder)}; throws {@link UnknownFamilyException} too. */
    public <T> List<T> dump(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
        return afresh(type -> netlink.dump(request.withType(type), decoder));
    }

    /** As {@link Netlink#dump(NetlinkRequest, LatestAnswer)}; throws {@link UnknownFamilyException} too. */
    public <T> List<T> dump(NetlinkRequest request, LatestAnswer<T> latest) throws NetlinkException {
        return afresh(type -> netlink.dump(request.withType(type), latest));
    }

    /** As {@link Netlink#executeAll}; throws {@link UnknownFamilyException} too. */
    public List<Optional<NetlinkError>> executeAll(List<NetlinkRequest> requests) throws NetlinkException {
        var type = type();
        var results = executeAll(requests, type);
        return isAllUnknown(results) && hasMoved(type) ? executeAll(requests, type()) : results;
    }

    private static boolean isAllUnknown(List<Optional<NetlinkError>> results) {
        for (var result : results) {
            if (result.isEmpty() || !result.get().is(Errno.ENOENT)) {
                return false;
            }
        }
        return !results.isEmpty();
    }

    private List<Optional<NetlinkError>> executeAll(List<NetlinkRequest> requests, int type) throws NetlinkException {
        var typed = new ArrayList<NetlinkRequest>(requests.size());
        for (var request : requests) {
            typed.add(request.withType(type));
        }
        return netlink.executeAll(typed);
    }

    @FunctionalInterface
    private interface Request<T> {
        T with(int type) throws NetlinkException;
    }

    private <T> T afresh(Request<T> request) throws NetlinkException {
        var type = type();
        try {
            return request.with(type);
        } catch (RefusedException e) {
            if (e.is(Errno.ENOENT) && hasMoved(type)) {
                return request.with(type());
            }
            throw e;
        }
    }

    private synchronized boolean hasMoved(int type) throws NetlinkException {
        id = Optional.empty();
        return type() != type;
    }

    private synchronized int type() throws NetlinkException {
        if (id.isEmpty()) {
            id = Optional.of(lookUp());
        }
        return id.get();
    }

    private int lookUp() throws NetlinkException {
        var request = new NetlinkRequest(
                "look up the generic netlink family " + name,
                GenericHeader.GENL_ID_CTRL,
                0,
                message -> message.genericHeader(GenericHeader.CTRL_CMD_GETFAMILY, GenericHeader.CONTROLLER_VERSION)
                        .string(GenericHeader.CTRL_ATTR_FAMILY_NAME, name));
        try {
            return netlink.query(request, GenericFamily::familyId);
        } catch (RefusedException e) {
            if (e.is(Errno.ENOENT)) {
                throw new UnknownFamilyException(name);
            }
            throw e;
        }
    }

    private static int familyId(NetlinkMessage message) throws MalformedMessageException {
        var attributes = attributes(message);
        while (attributes.next()) {
            if (attributes.type() == GenericHeader.CTRL_ATTR_FAMILY_ID) {
                return attributes.u16();
            }
        }
        throw new MalformedMessageException("a generic netlink family without a number");
    }
}
