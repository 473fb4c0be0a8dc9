package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.netlink.NetlinkException;
import java.util.List;
import java.util.Optional;

/**
 * The IPVS table of this network namespace.
 *
 * <p>Every method throws {@link IpvsUnavailableException} when this kernel has no IPVS or this process may not use it.
 */
public interface Ipvs {
    IpvsInfo info() throws NetlinkException, IpvsUnavailableException;

    /** All virtual servers and their destinations. Any exception means that the table is unknown, never that it is empty. */
    IpvsTable table() throws NetlinkException, IpvsUnavailableException;

    /**
     * As {@link #table()}, with a pause after each request: there is one for every virtual server.
     *
     * @param pause may use this meanwhile; what it changes may be in the table or not
     */
    default IpvsTable table(Runnable pause) throws NetlinkException, IpvsUnavailableException {
        return table();
    }

    /** One virtual server and its destinations; empty when the kernel has none such. */
    Optional<ObservedServer> server(VirtualServerKey key) throws NetlinkException, IpvsUnavailableException;

    /**
     * Executes one command.
     *
     * @throws io.lvsoperator.agent.netlink.RefusedException with the errno that {@link IpvsCommand} documents
     */
    void execute(IpvsCommand command) throws NetlinkException, IpvsUnavailableException;

    /**
     * Executes commands in order, going on after one that the kernel refuses.
     *
     * @return one result for each command, in the same order
     * @throws io.lvsoperator.agent.netlink.NoAnswerException when it is unknown which were done
     */
    List<CommandResult> execute(List<? extends IpvsCommand> commands) throws NetlinkException, IpvsUnavailableException;
}
