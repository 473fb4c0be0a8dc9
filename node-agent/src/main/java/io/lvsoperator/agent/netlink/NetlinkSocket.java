package io.lvsoperator.agent.netlink;

import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.nativeaccess.NativeSocket;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link Netlink} over a socket.
 *
 * <p>Answers are taken by sequence number and port id, so a late one to an earlier request is passed over. After a failure that
 * leaves an answer open the socket is replaced: a dump that nobody reads to its end would block the next one.
 */
public final class NetlinkSocket implements Netlink {
    @NotFromC("the kernel executes a request while it is sent, so an answer that is not there at once will not come")
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @NotFromC("a dump that is interrupted this often is being changed faster than it can be read")
    private static final int DUMP_ATTEMPTS = 5;

    /** Refusals of that many requests fit into an unprivileged receive buffer. */
    @NotFromC("larger batches were measured to be no faster")
    private static final int BATCH_REQUESTS = 128;

    @NotFromC("a quarter of what the socket can send")
    private static final int BATCH_BYTES = NativeSocket.SEND_LIMIT / 4;

    private final Transport.Factory factory;
    private final MessageWriter sending = new MessageWriter(NativeSocket.SEND_LIMIT);
    private final ByteBuffer datagram = ByteBuffer.allocate(NativeSocket.SEND_LIMIT);
    private @Nullable Transport transport;
    private boolean closed;
    private int sequence;
    private volatile long exchanges;

    NetlinkSocket(Transport.Factory factory) {
        this.factory = factory;
    }

    /** Does not open the socket yet: the first request does, and says what is wrong with it. */
    public static NetlinkSocket of(NetlinkProtocol protocol) {
        return new NetlinkSocket(() -> SocketTransport.open(protocol));
    }

    /** How many exchanges with the kernel have ended: what changes is not stuck. From any thread. */
    public long exchanges() {
        return exchanges;
    }

    @Override
    public void execute(NetlinkRequest request) throws NetlinkException {
        var refusal = executeAll(List.of(request)).getFirst();
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    @Override
    public synchronized List<Optional<NetlinkError>> executeAll(List<NetlinkRequest> requests) throws NetlinkException {
        var results = new ArrayList<Optional<NetlinkError>>(requests.size());
        while (results.size() < requests.size()) {
            var rest = requests.subList(results.size(), Math.min(requests.size(), results.size() + BATCH_REQUESTS));
            results.addAll(exchange(rest.getFirst().operation(), socket -> executeBatch(socket, rest)));
        }
        return results;
    }

    /**
     * As many of the first ones as a datagram takes. Refusals always come; an acknowledgement is asked for the last request only. The
     * kernel takes the requests of a datagram in order, so its answer to the last one means that all were seen to.
     */
    private List<Optional<NetlinkError>> executeBatch(Transport socket, List<NetlinkRequest> requests)
            throws NetlinkException, NativeException {
        var first = sequence + 1;
        var count = writeBatch(requests);
        socket.send(sending.finish(datagram));
        var results = new ArrayList<Optional<NetlinkError>>(Collections.nCopies(count, Optional.empty()));
        var answers = new Answers(socket, requests.get(count - 1).operation(), first, sequence);
        while (true) {
            var message = answers.next();
            if (message.type() != NetlinkHeader.NLMSG_ERROR) {
                continue;
            }
            var index = message.sequence() - first;
            results.set(index, refusal(requests.get(index), Acknowledgement.ofError(message)));
            if (message.sequence() == sequence) {
                return results;
            }
        }
    }

    private int writeBatch(List<NetlinkRequest> requests) {
        sending.clear();
        var count = 0;
        var start = 0;
        while (count < requests.size() && sending.length() < BATCH_BYTES) {
            start = sending.length();
            sequence++;
            requests.get(count).write(sending, 0, sequence);
            count++;
        }
        sending.addFlags(start, NetlinkHeader.NLM_F_ACK);
        return count;
    }

    @Override
    public synchronized void executeTogether(List<NetlinkRequest> requests) throws NetlinkException {
        throwIfPresent(exchange(requests.get(1).operation(), socket -> executeTogether(socket, requests)));
    }

    /**
     * The kernel answers once it has seen the whole datagram: first for the enclosing request, where it refuses all, then refusals
     * of single ones, then the acknowledgement that was asked for with the last.
     */
    private Optional<NetlinkError> executeTogether(Transport socket, List<NetlinkRequest> requests)
            throws NetlinkException, NativeException {
        var first = sequence + 1;
        var acknowledged = sequence + requests.size() - 1;
        sending.clear();
        for (var request : requests) {
            sequence++;
            request.write(sending, sequence == acknowledged ? NetlinkHeader.NLM_F_ACK : 0, sequence);
        }
        socket.send(sending.finish(datagram));
        var answers = new Answers(socket, requests.get(1).operation(), first, acknowledged);
        while (true) {
            var message = answers.next();
            if (message.type() != NetlinkHeader.NLMSG_ERROR) {
                continue;
            }
            var refusal = refusal(requests.get(message.sequence() - first), Acknowledgement.ofError(message));
            if (refusal.isPresent() || message.sequence() == acknowledged) {
                return refusal;
            }
        }
    }

    private static Optional<NetlinkError> refusal(NetlinkRequest request, Acknowledgement acknowledgement) {
        return acknowledgement.errno() == 0
                ? Optional.empty()
                : Optional.of(new NetlinkError(
                        request.operation().toString(), acknowledgement.errno(), acknowledgement.explanation()));
    }

    @Override
    public synchronized <T> T query(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
        var reply = exchange(request.operation(), socket -> readReply(socket, request, decoder));
        throwIfPresent(reply.refusal());
        if (reply.values().size() != 1) {
            throw new MalformedMessageException(
                    request.operation() + ": " + reply.values().size() + " replies where one belongs");
        }
        return reply.values().getFirst();
    }

    @Override
    public synchronized <T> List<T> dump(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
        for (var attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            var reply = exchange(request.operation(), socket -> readDump(socket, request, decoder));
            if (!reply.interrupted()) {
                throwIfPresent(reply.refusal());
                return reply.values();
            }
        }
        throw new DumpInterruptedException(request.operation().toString(), DUMP_ATTEMPTS);
    }

    @Override
    public synchronized <T> List<T> dump(NetlinkRequest request, LatestAnswer<T> latest) throws NetlinkException {
        for (var attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            var end = exchange(request.operation(), socket -> readAgain(socket, request, latest));
            if (!end.interrupted()) {
                throwIfPresent(end.refusal());
                return latest.end();
            }
        }
        throw new DumpInterruptedException(request.operation().toString(), DUMP_ATTEMPTS);
    }

    private static void throwIfPresent(Optional<NetlinkError> refusal) throws RefusedException {
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    private record Reply<T>(List<T> values, boolean interrupted, Optional<NetlinkError> refusal) {}

    private <T> Reply<T> readReply(Transport socket, NetlinkRequest request, MessageDecoder<T> decoder)
            throws NetlinkException, NativeException {
        var answers = ask(socket, request, NetlinkHeader.NLM_F_ACK);
        var values = new ArrayList<T>();
        while (true) {
            var message = answers.next();
            if (message.type() == NetlinkHeader.NLMSG_ERROR) {
                return new Reply<>(values, false, refusal(request, Acknowledgement.ofError(message)));
            }
            values.add(decoder.decode(message));
        }
    }

    private <T> Reply<T> readDump(Transport socket, NetlinkRequest request, MessageDecoder<T> decoder)
            throws NetlinkException, NativeException {
        var answers = ask(socket, request, NetlinkHeader.NLM_F_DUMP);
        var values = new ArrayList<T>();
        var interrupted = false;
        while (true) {
            var message = answers.next();
            interrupted |= message.has(NetlinkHeader.NLM_F_DUMP_INTR);
            switch (message.type()) {
                case NetlinkHeader.NLMSG_ERROR -> {
                    return new Reply<>(values, interrupted, refusal(request, Acknowledgement.ofError(message)));
                }
                case NetlinkHeader.NLMSG_DONE -> {
                    return new Reply<>(values, interrupted, refusal(request, Acknowledgement.ofDone(message)));
                }
                default -> values.add(decoder.decode(message));
            }
        }
    }

    private <T> Reply<T> readAgain(Transport socket, NetlinkRequest request, LatestAnswer<T> latest)
            throws NetlinkException, NativeException {
        var answers = ask(socket, request, NetlinkHeader.NLM_F_DUMP);
        latest.begin(sequence);
        var interrupted = false;
        while (true) {
            var datagram = answers.nextDatagram();
            if (latest.repeats(datagram)) {
                if (latest.hasEnded()) {
                    return new Reply<>(List.of(), interrupted, Optional.empty());
                }
                continue;
            }
            var piece = readPiece(answers, request, latest.decoder());
            interrupted |= piece.interrupted();
            if (piece.isPlain()) {
                latest.learn(datagram, piece.values(), piece.isLast());
            } else {
                latest.note(piece.values(), piece.isLast());
            }
            if (piece.isLast()) {
                return new Reply<>(List.of(), interrupted, piece.refusal());
            }
        }
    }

    /**
     * One datagram of an answer.
     *
     * @param isPlain whether it is nothing but values and the end of the list
     */
    private record AnswerPiece<T>(
            List<T> values, boolean isLast, boolean isPlain, boolean interrupted, Optional<NetlinkError> refusal) {}

    private <T> AnswerPiece<T> readPiece(Answers answers, NetlinkRequest request, MessageDecoder<T> decoder)
            throws NetlinkException {
        var values = new ArrayList<T>();
        var isPlain = true;
        var interrupted = false;
        while (answers.hasNextHere()) {
            var message = answers.nextHere();
            if (message == null) {
                isPlain = false;
                continue;
            }
            interrupted |= message.has(NetlinkHeader.NLM_F_DUMP_INTR);
            switch (message.type()) {
                case NetlinkHeader.NLMSG_ERROR -> {
                    return new AnswerPiece<>(
                            values, true, false, interrupted, refusal(request, Acknowledgement.ofError(message)));
                }
                case NetlinkHeader.NLMSG_DONE -> {
                    var refusal = refusal(request, Acknowledgement.ofDone(message));
                    isPlain &= !answers.hasNextHere() && refusal.isEmpty();
                    return new AnswerPiece<>(values, true, isPlain && !interrupted, interrupted, refusal);
                }
                default -> values.add(decoder.decode(message));
            }
        }
        return new AnswerPiece<>(values, false, isPlain && !interrupted, interrupted, Optional.empty());
    }

    private Answers ask(Transport socket, NetlinkRequest request, int howToAnswer) throws NativeException {
        sequence++;
        request.write(sending.clear(), howToAnswer, sequence);
        socket.send(sending.finish(datagram));
        return new Answers(socket, request.operation(), sequence, sequence);
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T with(Transport socket) throws NetlinkException, NativeException;
    }

    private <T> T exchange(Object operation, Exchange<T> exchange) throws NetlinkException {
        if (closed) {
            throw new IllegalStateException(operation + ": the netlink socket is closed");
        }
        var finished = false;
        try {
            if (transport == null) {
                transport = factory.open();
            }
            var result = exchange.with(transport);
            finished = true;
            return result;
        } catch (NativeException e) {
            throw new NoAnswerException(operation.toString(), e);
        } finally {
            if (!finished) {
                discard();
            }
            ended();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock of this object
    private void ended() {
        exchanges++;
    }

    private void discard() {
        if (transport != null) {
            transport.close();
            transport = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        discard();
    }

    /** The kernel's messages that answer the requests with sequence numbers {@code first} to {@code last}. */
    private static final class Answers {
        private final Transport socket;
        private final Object operation;
        private final int first;
        private final int last;
        private MessageReader messages = new MessageReader(ByteBuffer.allocate(0));

        Answers(Transport socket, Object operation, int first, int last) {
            this.socket = socket;
            this.operation = operation;
            this.first = first;
            this.last = last;
        }

        NetlinkMessage next() throws NetlinkException, NativeException {
            while (true) {
                while (!messages.hasNext()) {
                    nextDatagram();
                }
                var message = nextHere();
                if (message != null) {
                    return message;
                }
            }
        }

        /** A view that is valid until the next call. */
        ByteBuffer nextDatagram() throws NetlinkException, NativeException {
            var datagram = socket.receive(PATIENCE);
            if (datagram.isEmpty()) {
                throw new NoAnswerException(operation.toString(), "nothing came for " + PATIENCE.toSeconds() + " s");
            }
            messages = new MessageReader(datagram.get());
            return datagram.get();
        }

        boolean hasNextHere() {
            return messages.hasNext();
        }

        /** The next message of the datagram, or null when it is no answer. */
        @Nullable
        NetlinkMessage nextHere() throws NetlinkException {
            var message = messages.next();
            if (message.type() == NetlinkHeader.NLMSG_OVERRUN) {
                throw new NoAnswerException(operation.toString(), "messages were lost");
            }
            return isAnswer(message) ? message : null;
        }

        /** Sequence numbers wrap around, so they are compared by distance. */
        private boolean isAnswer(NetlinkMessage message) {
            return message.type() != NetlinkHeader.NLMSG_NOOP
                    && message.portId() == socket.portId()
                    && message.sequence() - first >= 0
                    && message.sequence() - first <= last - first;
        }
    }
}
