package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import io.lvsoperator.agent.nativeaccess.NotFromC;

/** {@code struct genlmsghdr}, and the family that knows the others. */
@CHeader("linux/genetlink.h")
final class GenericHeader {
    @CName("offsetof(struct genlmsghdr, cmd)")
    static final int COMMAND = 0;

    @CName("offsetof(struct genlmsghdr, version)")
    static final int VERSION = 1;

    @CName("sizeof(struct genlmsghdr)")
    static final int SIZE = 4;

    static final int GENL_ID_CTRL = 0x10;
    static final int CTRL_CMD_GETFAMILY = 3;
    static final int CTRL_ATTR_FAMILY_ID = 1;
    static final int CTRL_ATTR_FAMILY_NAME = 2;

    @NotFromC("the version that the controller announces; it answers any")
    static final int CONTROLLER_VERSION = 2;

    private GenericHeader() {}
}
