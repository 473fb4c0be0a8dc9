package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.GenericFamily;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.netlink.UnknownFamilyException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** {@link Ipvs} and {@link IpvsConfig} by generic netlink. */
public final class NetlinkIpvs implements Ipvs, IpvsConfig {
    private final GenericFamily family;
    private final IpvsRequests requests;

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

    /**
     * One request for the services and one for each service's destinations: the kernel has no other way.
     *
     * <p>It does not say when the table changes in between. A service that another program adds or deletes meanwhile may then be
     * missing, or stand without its destinations; adding it meets EEXIST or ESRCH, and the next listing has it right. An entry
     * that is listed twice counts once.
     */
    @Override
    public IpvsTable table() throws NetlinkException, IpvsUnavailableException {
        return explained(() -> {
            var servers = new ArrayList<ObservedServer>();
            for (var server : family.dump(requests.servers(), IpvsReplies::server)) {
                servers.add(new ObservedServer(
                        server.server(),
                        server.statistics(),
                        destinationsOf(server.server().key())));
            }
            return IpvsTable.of(servers);
        });
    }

    private List<ObservedDestination> destinationsOf(VirtualServerKey key) throws NetlinkException {
        var byKey = new LinkedHashMap<DestinationKey, ObservedDestination>();
        for (var observed :
                family.dump(requests.destinationsOf(key), message -> IpvsReplies.destination(message, key.family()))) {
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
