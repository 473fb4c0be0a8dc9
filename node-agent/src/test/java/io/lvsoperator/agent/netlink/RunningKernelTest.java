package io.lvsoperator.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.nativeaccess.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The socket on the kernel of this machine, with requests that need no privilege and change nothing. */
class RunningKernelTest {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int IFLA_IFNAME = 3;
    private static final int IFI_TYPE = 2;
    private static final int IFINFOMSG_SIZE = 16;

    private final NetlinkSocket route = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
    private final NetlinkSocket generic = NetlinkSocket.of(NetlinkProtocol.NETLINK_GENERIC);

    @AfterEach
    void close() {
        route.close();
        generic.close();
    }

    @Test
    void listsInterfaces() throws Exception {
        var request = new NetlinkRequest("list", RTM_GETLINK, 0, header().finish());

        assertThat(route.dump(request, RunningKernelTest::name)).contains("lo");
    }

    @Test
    void asksForOneInterface() throws Exception {
        var request = new NetlinkRequest(
                "get lo", RTM_GETLINK, 0, header().string(IFLA_IFNAME, "lo").finish());

        assertThat(route.query(request, RunningKernelTest::name)).isEqualTo("lo");
    }

    /** Without privilege EPERM; with it the kernel knows no such interface, and says so in words since 6.0. */
    @Test
    void reportsARefusal() {
        var request = new NetlinkRequest("set nothing", RTM_SETLINK, 0, header().finish());

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> route.execute(request))
                .matches(e -> e.is(Errno.EPERM) || e.is(Errno.EINVAL) || e.is(Errno.ENODEV));
    }

    /** The kernel checks the header of a dump request only for sockets that ask for strict checks, and then explains itself. */
    @Test
    void quotesTheKernelsExplanation() {
        var header = new MessageWriter().header(IFINFOMSG_SIZE, fields -> fields.putShort(IFI_TYPE, (short) 1));
        var request = new NetlinkRequest("list", RTM_GETLINK, 0, header.finish());

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> route.dump(request, RunningKernelTest::name))
                .withMessageMatching("list: EINVAL \\(Invalid values in header .*\\)");
    }

    @Test
    void knowsAFamilyThatIsMissing() {
        var family = new GenericFamily(generic, "no such family", 1);

        assertThatExceptionOfType(UnknownFamilyException.class)
                .isThrownBy(() -> family.execute(family.request("try it", 1, message -> {})));
    }

    @Test
    void talksToAFamilyThatEveryKernelHas() throws Exception {
        var controller = new GenericFamily(generic, "nlctrl", 2);
        var request = controller.request("list the families", GenericHeader.CTRL_CMD_GETFAMILY, message -> {});

        assertThat(controller.dump(request, RunningKernelTest::familyName)).contains("nlctrl");
    }

    private static MessageWriter header() {
        return new MessageWriter().header(IFINFOMSG_SIZE, header -> {});
    }

    private static String name(NetlinkMessage message) throws MalformedMessageException {
        return text(
                new AttributeReader(message.payload()
                        .slice(IFINFOMSG_SIZE, message.payload().limit() - IFINFOMSG_SIZE)),
                IFLA_IFNAME);
    }

    private static String familyName(NetlinkMessage message) throws MalformedMessageException {
        return text(GenericFamily.attributes(message), GenericHeader.CTRL_ATTR_FAMILY_NAME);
    }

    private static String text(AttributeReader attributes, int type) throws MalformedMessageException {
        while (attributes.next()) {
            if (attributes.type() == type) {
                return attributes.string();
            }
        }
        throw new MalformedMessageException("no attribute " + type);
    }
}
