package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncDaemons;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Connection synchronization daemons in memory, with the errors of ip_vs_sync.c. */
public final class FakeSyncDaemons implements SyncDaemons {
    private final Map<SyncRole, SyncDaemon> running = new EnumMap<>(SyncRole.class);
    private final List<String> done = new ArrayList<>();
    private Optional<Errno> refusal = Optional.empty();
    private Optional<NetlinkException> failure = Optional.empty();

    /** One that somebody else has started. */
    public FakeSyncDaemons with(SyncDaemon daemon) {
        running.put(daemon.role(), daemon);
        return this;
    }

    /** Somebody stops one. */
    public void vanish(SyncRole role) {
        running.remove(role);
    }

    /** From now on it refuses every change. */
    public void refuse(Errno errno) {
        refusal = Optional.of(errno);
    }

    /** From now on it does not answer. */
    public void fail(NetlinkException exception) {
        failure = Optional.of(exception);
    }

    /** What was done since the last call of this, such as {@code start master}. */
    public List<String> takeDone() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    @Override
    public List<SyncDaemon> daemons() throws NetlinkException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        return List.copyOf(running.values());
    }

    @Override
    public void start(SyncDaemon daemon) throws NetlinkException {
        change(running.containsKey(daemon.role()) ? Optional.of(Errno.EEXIST) : refusal, "start " + daemon.role());
        running.put(daemon.role(), daemon);
    }

    @Override
    public void stop(SyncRole role) throws NetlinkException {
        change(running.containsKey(role) ? refusal : Optional.of(Errno.ESRCH), "stop " + role);
        running.remove(role);
    }

    private void change(Optional<Errno> error, String words) throws RefusedException {
        if (error.isPresent()) {
            throw new RefusedException(new NetlinkError(words, error.get().number(), ""));
        }
        done.add(words);
    }
}
