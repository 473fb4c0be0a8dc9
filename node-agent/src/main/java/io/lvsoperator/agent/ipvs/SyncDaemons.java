package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.netlink.NetlinkException;
import java.util.List;

/** The connection synchronization daemons of this network namespace. Throws as {@link Ipvs} does. */
public interface SyncDaemons {
    /** Of a kernel that is asked for none. */
    SyncDaemons NONE = new SyncDaemons() {
        @Override
        public List<SyncDaemon> daemons() {
            return List.of();
        }

        @Override
        public void start(SyncDaemon daemon) {
            throw new IllegalStateException("a kernel without daemons does not start the " + daemon);
        }

        @Override
        public void stop(SyncRole role) {
            throw new IllegalStateException("a kernel without daemons stops no " + role);
        }
    };

    /** Those that run, at most one of each role. */
    List<SyncDaemon> daemons() throws NetlinkException, IpvsUnavailableException;

    /**
     * Starts one.
     *
     * @throws io.lvsoperator.agent.netlink.RefusedException EEXIST while one of its role runs; ENODEV without the interface;
     *     EADDRNOTAVAIL when that has no address of the group's family; EINVAL while a virtual server has a real server of the
     *     other family
     */
    void start(SyncDaemon daemon) throws NetlinkException, IpvsUnavailableException;

    /**
     * Stops one.
     *
     * @throws io.lvsoperator.agent.netlink.RefusedException ESRCH when none runs
     */
    void stop(SyncRole role) throws NetlinkException, IpvsUnavailableException;
}
