package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import io.lvsoperator.agent.netlink.GenericFamily;
import io.lvsoperator.agent.netlink.LatestAnswer;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.netlink.UnknownFamilyException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@link Ipvs}, {@link IpvsConfig} and {@link SyncDaemons} by generic netlink. */
public final class NetlinkIpvs implements Ipvs, IpvsConfig, SyncDaemons {
    @NotFromC("a multiple of what goes into a datagram")
    private static final int AT_ONCE = 1024;

    private final GenericFamily family;
    private final IpvsRequests requests;
    private final NetlinkRequest list;
    private final LatestAnswer<ObservedServer> listing = new LatestAnswer<>(IpvsReplies::server);
    private Map<VirtualServerKey, SeenServer> seen = Map.of();
    private List<ObservedServer> listed = List.of();
    private IpvsTable latest = IpvsTable.EMPTY;
    private boolean stale;

    /** Over a generic netlink socket, which stays the caller's to close. */
    public NetlinkIpvs(Netlink netlink) {
        this.family = new GenericFamily(netlink, IpvsGenl.NAME, IpvsGenl.IPVS_GENL_VERSION);
        this.requests = new IpvsRequests(family);
        this.list = requests.servers().written();
    }

    @Override
    public IpvsInfo info() throws NetlinkException, IpvsUnavailableException {
        return explained(() -> family.query(requests.info(), IpvsReplies::info));
    }

    @Override
    public IpvsTimeouts timeouts() throws NetlinkException, IpvsUnavailableException {
        return explained(() -> family.query(requests.timeouts(), IpvsReplies::timeouts));
    }

    @Override
    public void set(IpvsTimeouts timeouts) throws NetlinkException, IpvsUnavailableException {
        explained(() -> {
            family.execute(requests.set(timeouts));
            return timeouts;
        });
    }

    @Override
    public List<SyncDaemon> daemons() throws NetlinkException, IpvsUnavailableException {
        return explained(() -> family.dump(requests.daemons(), IpvsReplies::daemon));
    }

    @Override
    public void start(SyncDaemon daemon) throws NetlinkException, IpvsUnavailableException {
        explained(() -> {
            family.execute(requests.start(daemon));
            return daemon;
        });
    }

    @Override
    public void stop(SyncRole role) throws NetlinkException, IpvsUnavailableException {
        explained(() -> {
            family.execute(requests.stop(role));
            return role;
        });
    }

    /**
     * One request for the services and one for each service's destinations: the kernel has no other way.
     *
     * <p>It does not say when the table changes in between. A service that another program adds or deletes meanwhile may then be
     * missing, or stand without its destinations; adding it meets EEXIST or ESRCH, and the next listing has it right. An entry
     * that is listed twice counts once.
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // it is the very list where nothing changed
    public synchronized IpvsTable table(Runnable pause) throws NetlinkException, IpvsUnavailableException {
        return explained(() -> {
            var servers = family.dump(list, listing);
            if (servers != listed) {
                recognize(servers);
                stale = true;
            }
            for (var server : seen.values()) {
                stale |= server.observe();
                pause.run();
            }
            if (stale) {
                latest = IpvsTable.of(
                        seen.values().stream().map(SeenServer::latest).toList());
                stale = false;
            }
            return latest;
        });
    }

    @Override
    public IpvsTable table() throws NetlinkException, IpvsUnavailableException {
        return table(() -> {});
    }

    /** Those that were there before are known still. */
    private void recognize(List<ObservedServer> servers) {
        var present = new LinkedHashMap<VirtualServerKey, SeenServer>();
        for (var server : servers) {
            var key = server.server().key();
            var before = seen.get(key);
            var now = before == null ? new SeenServer(server) : before;
            now.head = server;
            present.put(key, now);
        }
        seen = present;
        listed = servers;
    }

    /** One request for the service and one for its destinations. */
    @Override
    public synchronized Optional<ObservedServer> server(VirtualServerKey key)
            throws NetlinkException, IpvsUnavailableException {
        return explained(() -> {
            try {
                var server = family.query(requests.server(key), IpvsReplies::server);
                var before = seen.get(key);
                var now = before == null ? new SeenServer(server) : before;
                // The next listing has to be recognized anew, though it may be the one before this.
                listed = List.of();
                now.head = server;
                now.observe();
                return Optional.of(now.latest());
            } catch (RefusedException e) {
                if (e.is(Errno.ESRCH)) {
                    return Optional.<ObservedServer>empty();
                }
                throw e;
            }
        });
    }

    /** A service as it was listed last, so that what is the same again costs neither decoding nor new objects. */
    private final class SeenServer {
        private final NetlinkRequest request;
        private final LatestAnswer<ObservedDestination> listing;
        private List<ObservedDestination> destinations = List.of();
        private ObservedServer head;
        private ObservedServer latest;

        SeenServer(ObservedServer first) {
            var key = first.server().key();
            this.request = requests.destinationsOf(key).written();
            this.listing = new LatestAnswer<>(message -> IpvsReplies.destination(message, key.family()));
            this.head = first;
            this.latest = first;
        }

        ObservedServer latest() {
            return latest;
        }

        /** Whether it is another one than the last time. */
        @SuppressWarnings("ReferenceEquality") // it is the very list where nothing changed
        boolean observe() throws NetlinkException {
            var now = family.dump(request, listing);
            var same = now == destinations
                    && Objects.equals(latest.server(), head.server())
                    && Objects.equals(latest.statistics(), head.statistics());
            if (!same) {
                latest = new ObservedServer(
                        head.server(), head.statistics(), now == destinations ? latest.destinations() : eachOnce(now));
                destinations = now;
            }
            return !same;
        }
    }

    private static List<ObservedDestination> eachOnce(List<ObservedDestination> destinations) {
        var byKey = new LinkedHashMap<DestinationKey, ObservedDestination>();
        for (var observed : destinations) {
            byKey.put(observed.destination().key(), observed);
        }
        return List.copyOf(byKey.values());
    }

    @Override
    public void execute(IpvsCommand command) throws NetlinkException, IpvsUnavailableException {
        explained(() -> {
            family.execute(requests.of(command));
            return command;
        });
    }

    @Override
    public List<CommandResult> execute(List<? extends IpvsCommand> commands)
            throws NetlinkException, IpvsUnavailableException {
        return explained(() -> {
            var results = new ArrayList<CommandResult>(commands.size());
            // Some at a time, so that the requests of a large table need not all be there at once.
            for (var done = 0; done < commands.size(); done += AT_ONCE) {
                execute(commands.subList(done, Math.min(commands.size(), done + AT_ONCE)), results);
            }
            return results;
        });
    }

    private void execute(List<? extends IpvsCommand> commands, List<CommandResult> results) throws NetlinkException {
        var some = new ArrayList<NetlinkRequest>(commands.size());
        for (var command : commands) {
            some.add(requests.of(command));
        }
        var errors = family.executeAll(some);
        for (var i = 0; i < errors.size(); i++) {
            var error = errors.get(i);
            if (error.isPresent() && error.get().is(Errno.EPERM)) {
                throw new RefusedException(error.get());
            }
            results.add(new CommandResult(commands.get(i), error));
        }
    }

    @FunctionalInterface
    private interface Operation<T> {
        T run() throws NetlinkException;
    }

    private static <T> T explained(Operation<T> operation) throws NetlinkException, IpvsUnavailableException {
        try {
            return operation.run();
        } catch (UnknownFamilyException e) {
            throw new IpvsUnavailableException(IpvsUnavailableException.Reason.NO_KERNEL_SUPPORT, e);
        } catch (RefusedException e) {
            if (e.is(Errno.EPERM)) {
                throw new IpvsUnavailableException(IpvsUnavailableException.Reason.NO_PERMISSION, e);
            }
            throw e;
        }
    }
}
