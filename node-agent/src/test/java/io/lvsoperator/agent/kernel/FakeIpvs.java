package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.ipvs.CommandResult;
import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.DestinationConfig;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsInfo;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.ipvs.VirtualServer;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** IPVS in memory, with the errors of ip_vs_ctl.c, and a record of what was asked of it. */
public final class FakeIpvs implements Ipvs {
    private static final class Entry {
        private VirtualServerConfig config;
        private final Map<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();

        private Entry(VirtualServerConfig config) {
            this.config = config;
        }
    }

    private final Map<VirtualServerKey, Entry> services = new LinkedHashMap<>();
    private final Set<String> missingSchedulers = new HashSet<>();
    private final List<IpvsCommand> executed = new ArrayList<>();
    private IpvsUnavailableException.@Nullable Reason unavailable;
    private @Nullable NetlinkException unreadable;

    /** The kernel lacks this scheduler from now on. */
    public void removeScheduler(String kernelName) {
        missingSchedulers.add(kernelName);
    }

    /** IPVS cannot be reached from now on; null for again. */
    public void becomeUnavailable(IpvsUnavailableException.@Nullable Reason reason) {
        unavailable = reason;
    }

    /** Dumps fail from now on; null for again not. */
    public void becomeUnreadable(@Nullable NetlinkException failure) {
        unreadable = failure;
    }

    /** A stranger empties the table. */
    public void flush() {
        services.clear();
    }

    /** What was executed since the last call of this. */
    public List<IpvsCommand> takeExecuted() {
        List<IpvsCommand> taken = List.copyOf(executed);
        executed.clear();
        return taken;
    }

    @Override
    public IpvsInfo info() throws IpvsUnavailableException {
        requireAvailable();
        return new IpvsInfo("1.2.1", 4096);
    }

    @Override
    public IpvsTable table() throws NetlinkException, IpvsUnavailableException {
        requireAvailable();
        if (unreadable != null) {
            throw unreadable;
        }
        return IpvsTable.of(services.entrySet().stream()
                .map(entry -> new ObservedServer(
                        new VirtualServer(entry.getKey(), entry.getValue().config),
                        Statistics.ZERO,
                        entry.getValue().destinations.entrySet().stream()
                                .map(d -> new ObservedDestination(
                                        new Destination(d.getKey(), d.getValue()),
                                        new ConnectionCounts(0, 0, 0),
                                        Statistics.ZERO))
                                .toList()))
                .toList());
    }

    @Override
    public void execute(IpvsCommand command) throws NetlinkException, IpvsUnavailableException {
        requireAvailable();
        Optional<NetlinkError> error = attempt(command);
        if (error.isPresent()) {
            throw new RefusedException(error.get());
        }
    }

    @Override
    public List<CommandResult> execute(List<? extends IpvsCommand> commands) throws IpvsUnavailableException {
        requireAvailable();
        List<CommandResult> results = new ArrayList<>();
        for (IpvsCommand command : commands) {
            results.add(new CommandResult(command, attempt(command)));
        }
        return results;
    }

    private void requireAvailable() throws IpvsUnavailableException {
        if (unavailable != null) {
            throw new IpvsUnavailableException(unavailable, new IllegalStateException("fake"));
        }
    }

    private Optional<NetlinkError> attempt(IpvsCommand command) {
        executed.add(command);
        return switch (command) {
            case IpvsCommand.AddService(var server) -> add(command, server);
            case IpvsCommand.SetService(var server) -> set(command, server);
            case IpvsCommand.DeleteService(var key) ->
                services.remove(key) == null ? error(command, Errno.ESRCH) : Optional.empty();
            case IpvsCommand.AddDestination(var service, var destination) ->
                inService(
                        command,
                        service,
                        entry -> entry.destinations.putIfAbsent(destination.key(), destination.config()) == null
                                ? Optional.empty()
                                : error(command, Errno.EEXIST));
            case IpvsCommand.SetDestination(var service, var destination) ->
                inService(
                        command,
                        service,
                        entry -> entry.destinations.replace(destination.key(), destination.config()) == null
                                ? error(command, Errno.ENOENT)
                                : Optional.empty());
            case IpvsCommand.DeleteDestination(var service, var key) ->
                inService(
                        command,
                        service,
                        entry -> entry.destinations.remove(key) == null
                                ? error(command, Errno.ENOENT)
                                : Optional.empty());
        };
    }

    private Optional<NetlinkError> add(IpvsCommand command, VirtualServer server) {
        if (services.containsKey(server.key())) {
            return error(command, Errno.EEXIST);
        }
        if (missingSchedulers.contains(server.config().scheduler())) {
            return error(command, Errno.ENOENT);
        }
        services.put(server.key(), new Entry(server.config()));
        return Optional.empty();
    }

    private Optional<NetlinkError> set(IpvsCommand command, VirtualServer server) {
        if (missingSchedulers.contains(server.config().scheduler())) {
            return error(command, Errno.ENOENT);
        }
        return inService(command, server.key(), entry -> {
            entry.config = server.config();
            return Optional.empty();
        });
    }

    private interface Change {
        Optional<NetlinkError> on(Entry entry);
    }

    private Optional<NetlinkError> inService(IpvsCommand command, VirtualServerKey key, Change change) {
        Entry entry = services.get(key);
        return entry == null ? error(command, Errno.ESRCH) : change.on(entry);
    }

    private static Optional<NetlinkError> error(IpvsCommand command, Errno errno) {
        return Optional.of(new NetlinkError(command.toString(), errno.number(), ""));
    }
}
