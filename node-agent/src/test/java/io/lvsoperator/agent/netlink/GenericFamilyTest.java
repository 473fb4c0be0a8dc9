package io.lvsoperator.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.FakeNetlink.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenericFamilyTest {
    private static final int COMMAND = 9;

    /** The number that the kernel gives the family; 0 when it has none. */
    private int number = 30;

    private Answer ownAnswer = Answer.of();
    private final FakeNetlink netlink = new FakeNetlink(this::answer);
    private final GenericFamily family = new GenericFamily(netlink, "FAKE", 1);

    private Answer answer(NetlinkRequest request) {
        if (request.type() == GenericHeader.GENL_ID_CTRL) {
            return number == 0 ? Answer.refusal(Errno.ENOENT.number()) : Answer.of(description(number));
        }
        return request.type() == number ? ownAnswer : Answer.refusal(Errno.ENOENT.number());
    }

    private static NetlinkMessage description(int number) {
        return HexDump.message(GenericHeader.GENL_ID_CTRL, HexDump.buffer("""
                01 02 00 00      # CTRL_CMD_NEWFAMILY, version 2
                09 00 02 00      # CTRL_ATTR_FAMILY_NAME, length 9
                  46 41 4b 45    #   FAKE
                  00 00 00 00
                06 00 01 00      # CTRL_ATTR_FAMILY_ID, length 6
                  %02x 00 00 00
                """.formatted(number)));
    }

    @Test
    void asksForTheFamilyByName() throws Exception {
        family.execute(request());

        assertThat(HexDump.of(netlink.requests().getFirst().payload())).isEqualTo(HexDump.of(HexDump.buffer("""
                03 02 00 00      # CTRL_CMD_GETFAMILY, version 2
                09 00 02 00      # CTRL_ATTR_FAMILY_NAME, length 9
                  46 41 4b 45    #   FAKE
                  00 00 00 00
                """)));
    }

    @Test
    void writesItsOwnHeader() throws Exception {
        family.execute(family.request("do it", COMMAND, message -> message.u8(1, 2)));

        assertThat(HexDump.of(netlink.requests().getLast().payload())).isEqualTo(HexDump.of(HexDump.buffer("""
                09 01 00 00      # command 9, version 1
                05 00 01 00
                  02 00 00 00
                """)));
    }

    @Test
    void asksForTheFamilyOnce() throws Exception {
        family.execute(request());
        family.execute(request());

        assertThat(netlink.requests()).extracting(NetlinkRequest::type).containsExactly(16, 30, 30);
    }

    @Test
    void findsAFamilyThatWasLoadedAgain() throws Exception {
        family.execute(request());
        number = 31;

        family.execute(request());

        assertThat(netlink.requests()).extracting(NetlinkRequest::type).containsExactly(16, 30, 30, 16, 31);
    }

    @Test
    void findsAFamilyThatWasLoadedAgainForAListOfRequests() throws Exception {
        family.execute(request());
        number = 31;

        assertThat(family.executeAll(List.of(request(), request()))).allMatch(Optional::isEmpty);
    }

    @Test
    void believesARefusalThatIsTheRequestsOwn() throws Exception {
        ownAnswer = Answer.refusal(Errno.ENOENT.number());

        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> family.execute(request()));
        assertThat(family.executeAll(List.of(request())))
                .singleElement()
                .matches(result -> result.orElseThrow().is(Errno.ENOENT));
    }

    @Test
    void saysThatTheKernelDoesNotHaveIt() {
        number = 0;

        assertThatExceptionOfType(UnknownFamilyException.class)
                .isThrownBy(() -> family.execute(request()))
                .withMessage("the kernel has no generic netlink family FAKE");
    }

    @Test
    void saysThatTheKernelLostIt() throws Exception {
        family.execute(request());
        number = 0;

        assertThatExceptionOfType(UnknownFamilyException.class).isThrownBy(() -> family.execute(request()));
    }

    @Test
    void refusesAMessageWithoutAHeader() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> GenericFamily.attributes(HexDump.message(30, HexDump.buffer("01 02"))));
    }

    private NetlinkRequest request() {
        return family.request("do it", COMMAND, message -> {});
    }
}
