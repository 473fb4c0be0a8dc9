package io.lvsoperator.agent.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.netlink.FakeNetlink;
import io.lvsoperator.agent.netlink.FakeNetlink.Answer;
import io.lvsoperator.agent.netlink.HexDump;
import io.lvsoperator.agent.netlink.MessageWriter;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NetlinkIpvsTest {
    private static final int CONTROLLER = 16;
    private static final VirtualServer SERVER = new VirtualServer(
            new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2.100"), 80),
            VirtualServerConfig.of(Scheduler.RR, AddressFamily.IPV4));
    private static final IpvsCommand COMMAND = new IpvsCommand.AddService(SERVER);

    @Test
    void saysThatTheKernelHasNoIpvs() {
        var ipvs = new NetlinkIpvs(new FakeNetlink(request -> Answer.refusal(Errno.ENOENT.number())));

        assertThatExceptionOfType(IpvsUnavailableException.class)
                .isThrownBy(ipvs::table)
                .matches(e -> e.reason() == IpvsUnavailableException.Reason.NO_KERNEL_SUPPORT)
                .withMessageContaining("install the module ip_vs");
    }

    @Test
    void saysThatItMayNot() {
        var ipvs = ipvs(request -> Answer.refusal(Errno.EPERM.number()));

        assertThatExceptionOfType(IpvsUnavailableException.class)
                .isThrownBy(() -> ipvs.execute(COMMAND))
                .matches(e -> e.reason() == IpvsUnavailableException.Reason.NO_PERMISSION)
                .withMessageContaining("CAP_NET_ADMIN");
        assertThatExceptionOfType(IpvsUnavailableException.class)
                .isThrownBy(() -> ipvs.execute(List.of(COMMAND)))
                .matches(e -> e.reason() == IpvsUnavailableException.Reason.NO_PERMISSION);
    }

    @Test
    void passesOnEveryOtherRefusal() {
        var ipvs = ipvs(request -> Answer.refusal(Errno.EEXIST.number()));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> ipvs.execute(COMMAND))
                .withMessage("add TCP 192.0.2.100:80: EEXIST");
    }

    @Test
    void pairsCommandsWithTheirResults() throws Exception {
        var ipvs = ipvs(request -> request.operation() instanceof IpvsCommand.DeleteService
                ? Answer.refusal(Errno.ESRCH.number())
                : Answer.of());
        var delete = new IpvsCommand.DeleteService(SERVER.key());

        var results = ipvs.execute(List.of(COMMAND, delete, COMMAND));

        assertThat(results).extracting(CommandResult::command).containsExactly(COMMAND, delete, COMMAND);
        assertThat(results).extracting(result -> result.error().isPresent()).containsExactly(false, true, false);
    }

    /** As happens when the table changes while it is listed. */
    @Test
    void countsAnEntryThatIsListedTwiceOnce() throws Exception {
        var destination = new Destination(
                new DestinationKey(IpAddress.parse("10.0.0.1"), 80),
                DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, 1));
        var ipvs = ipvs(request -> request.operation().toString().equals("list the IPVS services")
                ? Answer.of(service(), service())
                : Answer.of(destination(destination), destination(destination)));

        assertThat(ipvs.table().servers().values())
                .singleElement()
                .extracting(ObservedServer::destinations)
                .isEqualTo(List.of(new ObservedDestination(destination, ConnectionCounts.ZERO, Statistics.ZERO)));
    }

    @Test
    void looksAtOneServiceWithTwoRequests() throws Exception {
        var destination = new Destination(
                new DestinationKey(IpAddress.parse("10.0.0.1"), 80),
                DestinationConfig.of(ForwardingMethod.DIRECT_ROUTE, 1));
        var asked = new ArrayList<String>();
        var ipvs = ipvs(request -> {
            asked.add(request.operation().toString());
            return request.operation().toString().startsWith("look at")
                    ? Answer.of(service())
                    : Answer.of(destination(destination));
        });

        var found = ipvs.server(SERVER.key());

        assertThat(found.map(ObservedServer::destinations))
                .contains(List.of(new ObservedDestination(destination, ConnectionCounts.ZERO, Statistics.ZERO)));
        assertThat(asked).containsExactly("look at TCP 192.0.2.100:80", "list the destinations of TCP 192.0.2.100:80");
    }

    @Test
    void aServiceThatIsNotThereIsNone() throws Exception {
        var ipvs = ipvs(request -> Answer.refusal(Errno.ESRCH.number()));

        assertThat(ipvs.server(SERVER.key())).isEmpty();
    }

    @Test
    void aServiceThatTheKernelDoesNotTellOfIsUnknown() {
        var ipvs = ipvs(request -> Answer.refusal(Errno.EINVAL.number()));

        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> ipvs.server(SERVER.key()));
    }

    private static NetlinkIpvs ipvs(Function<NetlinkRequest, Answer> kernel) {
        return new NetlinkIpvs(
                new FakeNetlink(request -> request.type() == CONTROLLER ? Answer.of(family()) : kernel.apply(request)));
    }

    private static NetlinkMessage family() {
        return HexDump.message(CONTROLLER, HexDump.buffer("""
                01 02 00 00      # CTRL_CMD_NEWFAMILY, version 2
                06 00 01 00      # CTRL_ATTR_FAMILY_ID, length 6
                  1e 00 00 00
                """));
    }

    private static NetlinkMessage service() {
        var writer = new MessageWriter().header(4, header -> {});
        IpvsRequests.server(writer, SERVER);
        return HexDump.message(30, writer.finish());
    }

    private static NetlinkMessage destination(Destination destination) {
        var writer = new MessageWriter().header(4, header -> {});
        IpvsRequests.destination(writer, destination);
        return HexDump.message(30, writer.finish());
    }
}
