package io.lvsoperator.agent.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenMessagesTest {
    private static final byte BROKEN = 99;

    private int decoded;
    private final SeenMessages<List<Byte>> messages = new SeenMessages<>(message -> {
        decoded++;
        if (message.payload().get(0) == BROKEN) {
            throw new MalformedMessageException("broken");
        }
        return new ArrayList<>(List.of(message.payload().get(0)));
    });

    @Test
    void whatIsTheSameAgainIsTheVeryObject() throws Exception {
        Listing first = list(1, 2, 3);

        Listing second = list(1, 2, 3);

        assertThat(second.same()).isTrue();
        assertThat(decoded).isEqualTo(3);
        assertThat(second.values().get(1)).isSameAs(first.values().get(1));
    }

    @Test
    void whatChangedIsDecodedAnewAndTheRestIsNot() throws Exception {
        list(1, 2, 3);

        Listing second = list(1, 7, 3);

        assertThat(second)
                .isEqualTo(new Listing(List.of(List.of((byte) 1), List.of((byte) 7), List.of((byte) 3)), false));
        assertThat(decoded).isEqualTo(4);
    }

    @Test
    void aShorterListingIsNotTheSame() throws Exception {
        list(1, 2, 3);

        assertThat(list(1, 2).same()).isFalse();
    }

    @Test
    void aLongerListingIsNotTheSame() throws Exception {
        list(1, 2);

        assertThat(list(1, 2, 3).same()).isFalse();
    }

    @Test
    void afterAListingThatFailedNothingIsCalledTheSame() throws Exception {
        list(1, 2);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> list(7, BROKEN));

        assertThat(list(7, 2)).isEqualTo(new Listing(List.of(List.of((byte) 7), List.of((byte) 2)), false));
    }

    private record Listing(List<List<Byte>> values, boolean same) {}

    private Listing list(int... contents) throws MalformedMessageException {
        messages.begin();
        List<List<Byte>> values = new ArrayList<>();
        for (int content : contents) {
            values.add(messages.decode(new NetlinkMessage(20, 0, 1, 1, ByteBuffer.wrap(new byte[] {(byte) content}))));
        }
        return new Listing(values, messages.wasTheSame());
    }
}
