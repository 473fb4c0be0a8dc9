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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** IPVS in memory, with the errors of ip_vs_ctl.c, and a record of what was asked of it. */
public final class FakeIpvs implements Ipvs {
    private static final class Entry {
        private VirtualServerConfig config;
        /** The one added last comes first. */
        private final LinkedHashMap<DestinationKey, DestinationConfig> destinations = new LinkedHashMap<>();

        private final Map<DestinationKey, Integer> lastWeights = new HashMap<>();

        private Entry(VirtualServerConfig config) {
            this.config = config;
        }

        private boolean add(Destination destination) {
            if (destinations.containsKey(destination.key())) {
                return false;
            }
            destinations.putFirst(destination.key(), destination.config());
            lastWeights.put(destination.key(), destination.config().weight());
            return true;
        }

        private boolean set(Destination destination) {
            if (destinations.replace(destination.key(), destination.config()) == null) {
                return false;
            }
            if (destination.config().weight() != 0) {
                lastWeights.put(destination.key(), destination.config().weight());
            }
            return true;
        }
    }

    private final Map<VirtualServerKey, Entry> services = new LinkedHashMap<>();
    private final Set<String> missingSchedulers = new HashSet<>();
    private final List<IpvsCommand> executed = new ArrayList<>();
    private int asked;
    private Predicate<IpvsCommand> refused = command -> false;
    private Errno refusal = Errno.EINVAL;
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

    /** The kernel says no to these commands from now on. */
    public void refuse(Predicate<IpvsCommand> commands, Errno errno) {
        refused = commands;
        refusal = errno;
    }

    /** A stranger empties the table. */
    public void flush() {
        services.clear();
    }

    /** What the mh scheduler makes its table of, as ip_vs_mh.c does: who has slots, in which order, and how many. */
    public List<Map.Entry<DestinationKey, Integer>> hashed(VirtualServerKey service) {
        Entry entry = Optional.ofNullable(services.get(service)).orElseThrow();
        return entry.destinations.keySet().stream()
                .map(key -> Map.entry(key, entry.lastWeights.getOrDefault(key, 0)))
                .filter(slots -> slots.getValue() > 0)
                .toList();
    }

    /** What was executed since the last call of this. */
    public List<IpvsCommand> takeExecuted() {
        List<IpvsCommand> taken = List.copyOf(executed);
        executed.clear();
        return taken;
    }

    /** What stands now, for a test to know. */
    public Set<VirtualServerKey> services() {
        return Set.copyOf(services.keySet());
    }

    /** How many requests a kernel would have got for what was read since the last call of this. */
    public int takeAsked() {
        int taken = asked;
        asked = 0;
        return taken;
    }

    @Override
    public IpvsInfo info() throws IpvsUnavailableException {
        requireAvailable();
        return new IpvsInfo("1.2.1", 4096);
    }

    @Override
    public IpvsTable table() throws NetlinkException, IpvsUnavailableException {
        return table(() -> {});
    }

    /** As the real one: the services first, then the destinations of each. */
    @Override
    public IpvsTable table(Runnable pause) throws NetlinkException, IpvsUnavailableException {
        requireReadable();
        List<ObservedServer> listed = services.entrySet().stream()
                .map(entry -> observed(entry.getKey(), entry.getValue()))
                .toList();
        asked += 1;
        List<ObservedServer> complete = new ArrayList<>();
        for (ObservedServer server : listed) {
            asked += 1;
            Optional<Entry> entry =
                    Optional.ofNullable(services.get(server.server().key()));
            complete.add(new ObservedServer(
                    server.server(),
                    Statistics.ZERO,
                    entry.map(present -> destinations(present)).orElse(List.of())));
            pause.run();
            requireReadable();
        }
        return IpvsTable.of(complete);
    }

    @Override
    public Optional<ObservedServer> server(VirtualServerKey key) throws NetlinkException, IpvsUnavailableException {
        requireReadable();
        Optional<ObservedServer> found = Optional.ofNullable(services.get(key)).map(entry -> observed(key, entry));
        asked += found.isPresent() ? 2 : 1;
        return found;
    }

    private void requireReadable() throws NetlinkException, IpvsUnavailableException {
        requireAvailable();
        if (unreadable != null) {
            throw unreadable;
        }
    }

    private static ObservedServer observed(VirtualServerKey key, Entry entry) {
        return new ObservedServer(new VirtualServer(key, entry.config), Statistics.ZERO, destinations(entry));
    }

    private static List<ObservedDestination> destinations(Entry entry) {
        return entry.destinations.entrySet().stream()
                .map(d -> new ObservedDestination(
                        new Destination(d.getKey(), d.getValue()), new ConnectionCounts(0, 0, 0), Statistics.ZERO))
                .toList();
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
        if (refused.test(command)) {
            return error(command, refusal);
        }
        return switch (command) {
            case IpvsCommand.AddService(var server) -> add(command, server);
            case IpvsCommand.SetService(var server) -> set(command, server);
            case IpvsCommand.DeleteService(var key) ->
                services.remove(key) == null ? error(command, Errno.ESRCH) : Optional.empty();
            case IpvsCommand.AddDestination(var service, var destination) ->
                inService(
                        command,
                        service,
                        entry -> entry.add(destination) ? Optional.empty() : error(command, Errno.EEXIST));
            case IpvsCommand.SetDestination(var service, var destination) ->
                inService(
                        command,
                        service,
                        entry -> entry.set(destination) ? Optional.empty() : error(command, Errno.ENOENT));
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
