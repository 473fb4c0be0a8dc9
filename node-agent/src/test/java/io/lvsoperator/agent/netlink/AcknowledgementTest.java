package io.lvsoperator.agent.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcknowledgementTest {
    static final ByteBuffer REFUSAL = HexDump.buffer("""
            ea ff ff ff      # error -22, EINVAL
            24 00 00 00      # the request's length, 36
            13 00 05 00      # its type and flags
            01 00 00 00      # its sequence number
            00 00 00 00      # its port id
            09 00 01 00      # NLMSGERR_ATTR_MSG, length 9
              42 61 64 21    #   Bad!
              00 00 00 00    #   NUL and padding
            """);

    static final ByteBuffer REFUSAL_WITH_REQUEST = HexDump.buffer("""
            ea ff ff ff      # error -22, EINVAL
            16 00 00 00      # the request's length, 22
            13 00 05 00      # its type and flags
            01 00 00 00      # its sequence number
            00 00 00 00      # its port id
            01 02 03 04
            05 06 00 00      # its payload, padded
            09 00 01 00      # NLMSGERR_ATTR_MSG, length 9
              42 61 64 21    #   Bad!
              00 00 00 00    #   NUL and padding
            """);

    private static final int CAPPED = NetlinkHeader.NLM_F_CAPPED;
    private static final int EXPLAINED = NetlinkHeader.NLM_F_ACK_TLVS;

    @Test
    void readsAnAcknowledgement() throws Exception {
        var ack = Acknowledgement.ofError(message(CAPPED, HexDump.buffer("""
                00 00 00 00      # error 0
                24 00 00 00      # the request's header, as above
                13 00 05 00
                01 00 00 00
                00 00 00 00
                """)));

        assertThat(ack).isEqualTo(new Acknowledgement(0, ""));
    }

    @Test
    void readsTheKernelsWordsAfterTheRequestsHeader() throws Exception {
        assertThat(Acknowledgement.ofError(message(CAPPED | EXPLAINED, REFUSAL)))
                .isEqualTo(new Acknowledgement(22, "Bad!"));
    }

    @Test
    void readsTheKernelsWordsAfterTheWholeRequest() throws Exception {
        assertThat(Acknowledgement.ofError(message(EXPLAINED, REFUSAL_WITH_REQUEST)))
                .isEqualTo(new Acknowledgement(22, "Bad!"));
    }

    @Test
    void readsTheEndOfADump() throws Exception {
        assertThat(Acknowledgement.ofDone(message(0, HexDump.buffer("00 00 00 00"))))
                .isEqualTo(new Acknowledgement(0, ""));
        assertThat(Acknowledgement.ofDone(message(EXPLAINED, HexDump.buffer("""
                f4 ff ff ff      # error -12, ENOMEM
                09 00 01 00      # NLMSGERR_ATTR_MSG, length 9
                  42 61 64 21
                  00 00 00 00
                """))))
                .isEqualTo(new Acknowledgement(12, "Bad!"));
    }

    @Test
    void refusesOneThatRepeatsMoreThanItHas() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> Acknowledgement.ofError(message(EXPLAINED, REFUSAL)));
    }

    @Test
    void refusesOneThatIsTooShort() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> Acknowledgement.ofError(message(0, HexDump.buffer("00 00 00 00"))));
    }

    @Test
    void survivesMutants() {
        Mutations.check(14, List.of(REFUSAL, REFUSAL_WITH_REQUEST), Acknowledgement::ofError);
        Mutations.check(15, List.of(REFUSAL), Acknowledgement::ofDone);
    }

    private static NetlinkMessage message(int flags, ByteBuffer payload) {
        return new NetlinkMessage(
                NetlinkHeader.NLMSG_ERROR, flags, 1, 1, payload.duplicate().order(payload.order()));
    }
}
