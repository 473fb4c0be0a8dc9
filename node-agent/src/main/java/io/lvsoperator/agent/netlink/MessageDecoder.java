package io.lvsoperator.agent.netlink;

/** Makes a value of a reply. It must not keep the message's payload. */
@FunctionalInterface
public interface MessageDecoder<T> {
    T decode(NetlinkMessage message) throws MalformedMessageException;
}
