package io.lvsoperator.agent.netlink;

import static io.lvsoperator.agent.netlink.ScriptedTransport.datagram;
import static io.lvsoperator.agent.netlink.ScriptedTransport.done;
import static io.lvsoperator.agent.netlink.ScriptedTransport.error;
import static io.lvsoperator.agent.netlink.ScriptedTransport.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvsoperator.agent.nativeaccess.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What a socket makes of the answers to a listing that it asks for again. */
class LatestAnswerTest {
    private static final int BROKEN = 99;
    private static final NetlinkRequest LIST = new NetlinkRequest("list", 20, 0, ByteBuffer.allocate(8));

    private int decoded;
    private final LatestAnswer<Integer> latest = new LatestAnswer<>(message -> {
        decoded++;
        var value = message.payload().getInt(0);
        if (value == BROKEN) {
            throw new MalformedMessageException("broken");
        }
        return value;
    });

    /** By sequence number. */
    private final Queue<IntFunction<List<ByteBuffer>>> answers = new ArrayDeque<>();

    private final NetlinkSocket socket = new NetlinkSocket(() -> new ScriptedTransport(
            requests -> answers.remove().apply(requests.getFirst().sequence())));

    @Test
    void whatIsTheSameAgainIsTheVeryListAndNotDecoded() throws Exception {
        var first = list(sequence -> List.of(
                datagram(part(sequence, 0, 1), part(sequence, 0, 2)), part(sequence, 0, 3), done(sequence, 0, 0)));

        var second = list(sequence -> List.of(
                datagram(part(sequence, 0, 1), part(sequence, 0, 2)), part(sequence, 0, 3), done(sequence, 0, 0)));

        assertThat(second).isSameAs(first).containsExactly(1, 2, 3);
        assertThat(decoded).isEqualTo(3);
    }

    @Test
    void aDatagramThatChangedIsDecodedAndTheOthersAreNot() throws Exception {
        list(sequence -> List.of(part(sequence, 0, 1), part(sequence, 0, 2), done(sequence, 0, 0)));

        var second = list(sequence -> List.of(part(sequence, 0, 1), part(sequence, 0, 7), done(sequence, 0, 0)));

        assertThat(second).containsExactly(1, 7);
        assertThat(decoded).isEqualTo(3);
    }

    @Test
    void aShorterListIsAnother() throws Exception {
        list(sequence -> List.of(part(sequence, 0, 1), part(sequence, 0, 2), done(sequence, 0, 0)));

        assertThat(list(sequence -> List.of(part(sequence, 0, 1), done(sequence, 0, 0))))
                .containsExactly(1);
    }

    @Test
    void aLongerListIsAnother() throws Exception {
        list(sequence -> List.of(part(sequence, 0, 1), done(sequence, 0, 0)));

        assertThat(list(sequence -> List.of(part(sequence, 0, 1), part(sequence, 0, 2), done(sequence, 0, 0))))
                .containsExactly(1, 2);
    }

    @Test
    void anEmptyListIsTheSameAgain() throws Exception {
        var first = list(sequence -> List.of(done(sequence, 0, 0)));

        assertThat(list(sequence -> List.of(done(sequence, 0, 0))))
                .isSameAs(first)
                .isEmpty();
    }

    @Test
    void afterAListThatFailedHalfWayNothingIsCalledTheSame() throws Exception {
        var first = list(sequence -> List.of(part(sequence, 0, 1), part(sequence, 0, 2), done(sequence, 0, 0)));
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> list(sequence -> List.of(part(sequence, 0, 7), part(sequence, 0, BROKEN))));

        var third = list(sequence -> List.of(part(sequence, 0, 7), part(sequence, 0, 2), done(sequence, 0, 0)));

        assertThat(third).isNotSameAs(first).containsExactly(7, 2);
    }

    /** The flag says so each time, though the bytes are those of the last time. */
    @Test
    void aListThatIsInterruptedEachTimeIsNeverTakenForAWholeOne() {
        for (var attempt = 0; attempt < 5; attempt++) {
            answers.add(sequence -> List.of(part(sequence, NetlinkHeader.NLM_F_DUMP_INTR, 1), done(sequence, 0, 0)));
        }

        assertThatExceptionOfType(DumpInterruptedException.class).isThrownBy(() -> socket.dump(LIST, latest));
        assertThat(answers).isEmpty();
    }

    @Test
    void theErrorThatEndsAListIsThrownEachTime() {
        IntFunction<List<ByteBuffer>> failed =
                sequence -> List.of(part(sequence, 0, 1), done(sequence, 0, Errno.ENOMEM.number()));

        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> list(failed));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> list(failed))
                .matches(e -> e.is(Errno.ENOMEM));
    }

    @Test
    void anAnswerToAnotherRequestIsPassedOverEachTime() throws Exception {
        IntFunction<List<ByteBuffer>> mixed = sequence -> List.of(
                datagram(error(sequence - 1, Errno.EPERM.number()), part(sequence, 0, 1)), done(sequence, 0, 0));

        assertThat(list(mixed)).containsExactly(1);
        assertThat(list(mixed)).containsExactly(1);
    }

    @Test
    void anAnswerOfTheLastTimeIsNoAnswer() throws Exception {
        list(sequence -> List.of(part(sequence, 0, 1), done(sequence, 0, 0)));

        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> list(sequence -> List.of(part(sequence - 1, 0, 1), done(sequence - 1, 0, 0))));
    }

    private List<Integer> list(IntFunction<List<ByteBuffer>> answer) throws NetlinkException {
        answers.add(answer);
        return socket.dump(LIST, latest);
    }
}
