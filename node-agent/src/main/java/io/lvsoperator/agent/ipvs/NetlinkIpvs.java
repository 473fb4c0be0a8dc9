package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.GenericFamily;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.netlink.UnknownFamilyException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Ipvs}, {@link IpvsConfig} and {@link SyncDaemons} by generic netlink. */
public final class NetlinkIpvs implements Ipvs, IpvsConfig, SyncDaemons {
    private final GenericFamily family;
    private final IpvsRequests requests;
    private final SeenMessages<ObservedServer> servers = new SeenMessages<>(IpvsReplies::server);
    private Map<VirtualServerKey, SeenServer> seen = Map.of();

    /** Over a generic netlink socket, which stays the caller's to close. */
    public NetlinkIpvs(Netlink netlink) {
        this.family = new GenericFamily(netlink, IpvsGenl.NAME, IpvsGenl.IPVS_GENL_VERSION);
        this.requests = new IpvsRequests(family);
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
    public synchronized IpvsTable table() throws NetlinkException, IpvsUnavailableException {
        return explained(() -> {
            servers.begin();
            var listed = family.dump(requests.servers(), servers);
            servers.wasTheSame();
            var present = new LinkedHashMap<VirtualServerKey, SeenServer>();
            var observed = new ArrayList<ObservedServer>(listed.size());
            for (var server : listed) {
                var key = server.server().key();
                var before = seen.get(key);
                var now = before == null ? new SeenServer(key) : before;
                present.put(key, now);
                observed.add(now.observe(server));
            }
            seen = present;
            return IpvsTable.of(observed);
        });
    }

    /** One request for the service and one for its destinations. */
    @Override
    public synchronized Optional<ObservedServer> server(VirtualServerKey key)
            throws NetlinkException, IpvsUnavailableException {
        return explained(() -> {
            try {
                var server = family.query(requests.server(key), IpvsReplies::server);
                var before = seen.get(key);
                return Optional.of((before == null ? new SeenServer(key) : before).observe(server));
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
        private final SeenMessages<ObservedDestination> messages;
        private ObservedServer latest;

        SeenServer(VirtualServerKey key) {
            this.request = requests.destinationsOf(key);
            this.messages = new SeenMessages<>(message -> IpvsReplies.destination(message, key.family()));
            this.latest = new ObservedServer(
                    new VirtualServer(key, VirtualServerConfig.of(Scheduler.RR, key.family())),
                    Statistics.ZERO,
                    List.of());
        }

        ObservedServer observe(ObservedServer server) throws NetlinkException {
            messages.begin();
            var destinations = family.dump(request, messages);
            if (!messages.wasTheSame()) {
                latest = new ObservedServer(server.server(), server.statistics(), eachOnce(destinations));
            } else if (!latest.server().equals(server.server())
                    || !latest.statistics().equals(server.statistics())) {
                latest = new ObservedServer(server.server(), server.statistics(), latest.destinations());
            }
            return latest;
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
            var errors = family.executeAll(commands.stream().map(requests::of).toList());
            var results = new ArrayList<CommandResult>(commands.size());
            for (var i = 0; i < commands.size(); i++) {
                var error = errors.get(i);
                if (error.isPresent() && error.get().is(Errno.EPERM)) {
                    throw new RefusedException(error.get());
                }
                results.add(new CommandResult(commands.get(i), error));
            }
            return results;
        });
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
