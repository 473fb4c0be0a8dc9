package io.lvsoperator.agent.netlink;

import static io.lvsoperator.agent.netlink.ScriptedTransport.datagram;
import static io.lvsoperator.agent.netlink.ScriptedTransport.done;
import static io.lvsoperator.agent.netlink.ScriptedTransport.error;
import static io.lvsoperator.agent.netlink.ScriptedTransport.message;
import static io.lvsoperator.agent.netlink.ScriptedTransport.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NativeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {
    private static final MessageDecoder<Integer> NUMBER =
            message -> message.payload().getInt(0);

    private final List<ScriptedTransport> transports = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();

    @Test
    void executesARequestThatIsAcknowledged() throws Exception {
        var socket = socket(requests -> List.of(error(sequence(requests), 0)));

        socket.execute(request("set it"));

        assertThat(batches).containsExactly(1);
    }

    @Test
    void throwsTheKernelsRefusal() {
        var socket = socket(requests -> List.of(error(sequence(requests), Errno.EEXIST.number())));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> socket.execute(request("add it")))
                .withMessage("add it: EEXIST")
                .matches(e -> e.is(Errno.EEXIST));
    }

    @Test
    void asksForOneAcknowledgementForADatagramOfRequests() throws Exception {
        var asked = new ArrayList<Boolean>();
        var socket = socket(requests -> {
            requests.forEach(request -> asked.add(request.has(NetlinkHeader.NLM_F_ACK)));
            return List.of(error(sequence(requests), 0));
        });

        assertThat(socket.executeAll(requests(3))).allMatch(Optional::isEmpty);

        assertThat(asked).containsExactly(false, false, true);
    }

    @Test
    void tellsWhichRequestsOfManyWereRefused() throws Exception {
        var socket = socket(requests -> List.of(
                datagram(
                        error(requests.get(1).sequence(), Errno.ENOENT.number()),
                        error(requests.get(3).sequence(), Errno.EINVAL.number())),
                error(sequence(requests), Errno.EEXIST.number())));

        var results = socket.executeAll(requests(5));

        assertThat(results)
                .extracting(result -> result.map(NetlinkError::toString).orElse("done"))
                .containsExactly("done", "request 1: ENOENT", "done", "request 3: EINVAL", "request 4: EEXIST");
    }

    @Test
    void sendsRequestsTogetherInOneDatagramAndAsksForOneAcknowledgementBeforeTheEnd() throws Exception {
        var asked = new ArrayList<Boolean>();
        var socket = socket(requests -> {
            requests.forEach(request -> asked.add(request.has(NetlinkHeader.NLM_F_ACK)));
            return List.of(error(requests.get(2).sequence(), 0));
        });

        socket.executeTogether(requests(4));

        assertThat(asked).containsExactly(false, false, true, false);
    }

    @Test
    void aRefusalAmongRequestsSentTogetherIsTheOutcomeOfAll() {
        var socket = socket(requests -> List.of(
                error(requests.get(1).sequence(), Errno.ENOENT.number()),
                error(requests.get(3).sequence(), 0)));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> socket.executeTogether(requests(5)))
                .withMessage("request 1: ENOENT");
    }

    @Test
    void anAnswerThatIsLeftOverFromRequestsSentTogetherIsPassedOver() throws Exception {
        var answers = new ArrayList<ByteBuffer>();
        var socket = socket(requests -> {
            if (requests.size() > 1) { // as when nothing may be committed
                answers.add(error(requests.getFirst().sequence(), Errno.EPERM.number()));
                answers.add(error(requests.get(3).sequence(), 0));
                return List.copyOf(answers);
            }
            return List.of(error(sequence(requests), 0));
        });

        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> socket.executeTogether(requests(5)));

        socket.execute(request("set it"));
    }

    @Test
    void sendsManyRequestsInSeveralDatagrams() throws Exception {
        var socket = socket(requests -> List.of(error(sequence(requests), 0)));

        assertThat(socket.executeAll(requests(300))).hasSize(300).allMatch(Optional::isEmpty);

        assertThat(batches).containsExactly(128, 128, 44);
    }

    @Test
    void executesNothingWhenThereIsNothing() throws Exception {
        assertThat(socket(requests -> List.of()).executeAll(List.of())).isEmpty();
    }

    @Test
    void passesOverAnswersThatAreNotItsOwn() throws Exception {
        var socket = socket(requests -> List.of(datagram(
                error(sequence(requests) - 1, Errno.EPERM.number()),
                error(sequence(requests) + 1, Errno.EPERM.number()),
                message(NetlinkHeader.NLMSG_ERROR, 0, sequence(requests), ScriptedTransport.PORT + 1, -1, 16, 0, 0, 0),
                message(NetlinkHeader.NLMSG_NOOP, 0, sequence(requests), ScriptedTransport.PORT),
                error(sequence(requests), 0))));

        socket.execute(request("set it"));

        assertThat(transports).hasSize(1);
    }

    @Test
    void asksForOneThing() throws Exception {
        var socket = socket(requests ->
                List.of(message(20, 0, sequence(requests), ScriptedTransport.PORT, 42), error(sequence(requests), 0)));

        assertThat(socket.query(request("get it"), NUMBER)).isEqualTo(42);
    }

    @Test
    void refusesAnAcknowledgementWithoutTheThing() {
        var socket = socket(requests -> List.of(error(sequence(requests), 0)));

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> socket.query(request("get it"), NUMBER))
                .withMessage("get it: 0 replies where one belongs");
    }

    @Test
    void listsFromSeveralDatagrams() throws Exception {
        var socket = socket(requests -> List.of(
                datagram(part(sequence(requests), 0, 1), part(sequence(requests), 0, 2)),
                part(sequence(requests), 0, 3),
                done(sequence(requests), 0, 0)));

        assertThat(socket.dump(request("list"), NUMBER)).containsExactly(1, 2, 3);
    }

    @Test
    void listsAgainWhatChangedMeanwhile() throws Exception {
        var socket = socket(requests -> sequence(requests) == 1
                ? List.of(
                        part(sequence(requests), 0, 1),
                        part(sequence(requests), NetlinkHeader.NLM_F_DUMP_INTR, 2),
                        done(sequence(requests), 0, 0))
                : List.of(part(sequence(requests), 0, 7), done(sequence(requests), 0, 0)));

        assertThat(socket.dump(request("list"), NUMBER)).containsExactly(7);
    }

    @Test
    void saysThatAListIsUnknownWhenItChangesEachTime() {
        var socket = socket(requests ->
                List.of(part(sequence(requests), 0, 1), done(sequence(requests), NetlinkHeader.NLM_F_DUMP_INTR, 0)));

        assertThatExceptionOfType(DumpInterruptedException.class)
                .isThrownBy(() -> socket.dump(request("list"), NUMBER));
        assertThat(batches).hasSize(5);
    }

    @Test
    void throwsTheErrorThatEndsAList() {
        var socket = socket(requests ->
                List.of(part(sequence(requests), 0, 1), done(sequence(requests), 0, Errno.ENOMEM.number())));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> socket.dump(request("list"), NUMBER))
                .matches(e -> e.is(Errno.ENOMEM));
    }

    @Test
    void throwsTheErrorThatKeepsAListFromBeginning() {
        var socket = socket(requests -> List.of(error(sequence(requests), Errno.EPERM.number())));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> socket.dump(request("list"), NUMBER))
                .matches(e -> e.is(Errno.EPERM));
    }

    @Test
    void neverTakesAListWithoutItsEndForAWholeOne() {
        var socket = socket(requests -> List.of(part(sequence(requests), 0, 1)));

        assertThatExceptionOfType(NoAnswerException.class).isThrownBy(() -> socket.dump(request("list"), NUMBER));
    }

    @Test
    void opensAFreshSocketAfterAnAnswerThatDidNotCome() throws Exception {
        var socket = socket(requests -> transports.size() == 1 ? List.of() : List.of(error(sequence(requests), 0)));

        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> socket.execute(request("set it")))
                .withMessage("set it: no answer from the kernel: nothing came for 10 s");
        socket.execute(request("set it"));

        assertThat(transports).extracting(ScriptedTransport::isClosed).containsExactly(true, false);
    }

    @Test
    void opensAFreshSocketAfterAMessageThatIsMalformed() {
        var socket = socket(requests -> List.of(message(20, 0, sequence(requests), ScriptedTransport.PORT)));

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> socket.dump(request("list"), message -> {
                    throw new MalformedMessageException("bad");
                }));
        assertThat(transports).extracting(ScriptedTransport::isClosed).containsExactly(true);
    }

    @Test
    void saysThatMessagesWereLost() {
        var overrun = socket(requests ->
                List.of(message(NetlinkHeader.NLMSG_OVERRUN, 0, sequence(requests), ScriptedTransport.PORT)));
        var noBuffers = socket(requests -> {
            throw new NativeException("recvmsg", Errno.ENOBUFS.number());
        });

        assertThatExceptionOfType(NoAnswerException.class).isThrownBy(() -> overrun.execute(request("set it")));
        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> noBuffers.execute(request("set it")))
                .withMessageContaining("set it: no answer from the kernel: recvmsg failed: ENOBUFS");
    }

    @Test
    void saysThatItCannotOpenASocket() {
        var socket = new NetlinkSocket(() -> {
            throw new NativeException("socket", Errno.EMFILE.number());
        });

        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> socket.execute(request("set it")))
                .withMessageContaining("socket failed: EMFILE");
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        var socket = socket(requests -> List.of(error(sequence(requests), 0)));
        socket.close();

        assertThatIllegalStateException().isThrownBy(() -> socket.execute(request("set it")));
    }

    private NetlinkSocket socket(ScriptedTransport.Kernel kernel) {
        return new NetlinkSocket(() -> {
            var transport = new ScriptedTransport(requests -> {
                batches.add(requests.size());
                return kernel.answer(requests);
            });
            transports.add(transport);
            return transport;
        });
    }

    /** Of the last request: the one that is answered. */
    private static int sequence(List<NetlinkMessage> requests) {
        return requests.getLast().sequence();
    }

    private static NetlinkRequest request(String operation) {
        return new NetlinkRequest(operation, 20, 0, ByteBuffer.allocate(8));
    }

    private static List<NetlinkRequest> requests(int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> request("request " + index))
                .toList();
    }
}
