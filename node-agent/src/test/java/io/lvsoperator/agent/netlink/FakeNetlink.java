package io.lvsoperator.agent.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A kernel one level up: answers whole requests. */
public final class FakeNetlink implements Netlink {
    /**
     * What one request meets.
     *
     * @param errno 0 for success
     */
    public record Answer(int errno, List<NetlinkMessage> messages) {
        public static Answer of(NetlinkMessage... messages) {
            return new Answer(0, List.of(messages));
        }

        public static Answer refusal(int errno) {
            return new Answer(errno, List.of());
        }
    }

    private final Function<NetlinkRequest, Answer> kernel;
    private final List<NetlinkRequest> requests = new ArrayList<>();

    public FakeNetlink(Function<NetlinkRequest, Answer> kernel) {
        this.kernel = kernel;
    }

    /** Everything that was asked so far. */
    public List<NetlinkRequest> requests() {
        return requests;
    }

    private Answer answer(NetlinkRequest request) {
        requests.add(request);
        return kernel.apply(request);
    }

    private static Optional<NetlinkError> error(NetlinkRequest request, Answer answer) {
        return answer.errno() == 0
                ? Optional.empty()
                : Optional.of(new NetlinkError(request.operation().toString(), answer.errno(), ""));
    }

    @Override
    public void execute(NetlinkRequest request) throws NetlinkException {
        var error = error(request, answer(request));
        if (error.isPresent()) {
            throw new RefusedException(error.get());
        }
    }

    @Override
    public List<Optional<NetlinkError>> executeAll(List<NetlinkRequest> all) {
        return all.stream().map(request -> error(request, answer(request))).toList();
    }

    @Override
    public void executeTogether(List<NetlinkRequest> all) throws NetlinkException {
        for (var request : all) {
            execute(request);
        }
    }

    @Override
    public <T> T query(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
        return dump(request, decoder).getFirst();
    }

    @Override
    public <T> List<T> dump(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
        var answer = answer(request);
        var error = error(request, answer);
        if (error.isPresent()) {
            throw new RefusedException(error.get());
        }
        var values = new ArrayList<T>();
        for (var message : answer.messages()) {
            values.add(decoder.decode(message));
        }
        return values;
    }

    /** Knows nothing of the last time. */
    @Override
    public <T> List<T> dump(NetlinkRequest request, LatestAnswer<T> latest) throws NetlinkException {
        return dump(request, latest.decoder());
    }

    @Override
    public void close() {}
}
