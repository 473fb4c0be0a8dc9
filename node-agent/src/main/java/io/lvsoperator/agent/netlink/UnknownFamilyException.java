package io.lvsoperator.agent.netlink;

/** The kernel has no generic netlink family of that name, and no module that would bring it. */
public final class UnknownFamilyException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    public UnknownFamilyException(String family) {
        super("the kernel has no generic netlink family " + family);
    }
}
