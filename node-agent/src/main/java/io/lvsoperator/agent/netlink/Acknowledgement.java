package io.lvsoperator.agent.netlink;

import java.nio.ByteBuffer;

/**
 * What an NLMSG_ERROR or NLMSG_DONE says.
 *
 * @param errno 0 for success, otherwise the positive error number
 * @param explanation the kernel's own words (NLMSGERR_ATTR_MSG), or empty
 */
record Acknowledgement(int errno, String explanation) {
    /** Reads {@code struct nlmsgerr}; extended ACK attributes may follow it. */
    static Acknowledgement ofError(NetlinkMessage message) throws MalformedMessageException {
        var payload = message.payload();
        var smallest = NetlinkHeader.ERROR_REQUEST + NetlinkHeader.SIZE;
        if (payload.limit() < smallest) {
            throw new MalformedMessageException("an error message of " + payload.limit() + " bytes is too short");
        }
        // Unless it was capped, the whole request is repeated between its header and the attributes.
        var repeated = message.has(NetlinkHeader.NLM_F_CAPPED)
                ? NetlinkHeader.SIZE
                : payload.getInt(NetlinkHeader.ERROR_REQUEST + NetlinkHeader.LENGTH);
        if (repeated < NetlinkHeader.SIZE || repeated > payload.limit() - NetlinkHeader.ERROR_REQUEST) {
            throw new MalformedMessageException(
                    "an error message repeats " + repeated + " bytes that it does not have");
        }
        var attributes = Math.min(payload.limit(), NetlinkHeader.ERROR_REQUEST + NetlinkHeader.aligned(repeated));
        return of(message, attributes);
    }

    /** Reads the error number that ends a dump; a kernel may leave it out, or add extended ACK attributes. */
    static Acknowledgement ofDone(NetlinkMessage message) throws MalformedMessageException {
        if (message.payload().limit() < Integer.BYTES) {
            return new Acknowledgement(0, "");
        }
        return of(message, Integer.BYTES);
    }

    private static Acknowledgement of(NetlinkMessage message, int attributes) throws MalformedMessageException {
        var payload = message.payload();
        var explanation = message.has(NetlinkHeader.NLM_F_ACK_TLVS)
                ? explanation(payload.slice(attributes, payload.limit() - attributes))
                : "";
        return new Acknowledgement(-payload.getInt(NetlinkHeader.ERROR_CODE), explanation);
    }

    private static String explanation(ByteBuffer attributes) throws MalformedMessageException {
        var reader = new AttributeReader(attributes);
        while (reader.next()) {
            if (reader.type() == NetlinkHeader.NLMSGERR_ATTR_MSG) {
                return reader.string();
            }
        }
        return "";
    }
}
