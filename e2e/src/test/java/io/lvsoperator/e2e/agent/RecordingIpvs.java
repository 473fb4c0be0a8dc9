package io.lvsoperator.e2e.agent;

import io.lvsoperator.agent.ipvs.CommandResult;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsInfo;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.netlink.NetlinkException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real thing, with a record of what was asked of it. */
record RecordingIpvs(Ipvs kernel, List<IpvsCommand> executed) implements Ipvs {
    RecordingIpvs(Ipvs kernel) {
        this(kernel, new CopyOnWriteArrayList<>());
    }

    /** What was executed since the last call of this, in words. */
    List<String> take() {
        List<String> taken = executed.stream().map(IpvsCommand::toString).toList();
        executed.clear();
        return taken;
    }

    @Override
    public IpvsInfo info() throws NetlinkException, IpvsUnavailableException {
        return kernel.info();
    }

    @Override
    public IpvsTable table() throws NetlinkException, IpvsUnavailableException {
        return kernel.table();
    }

    @Override
    public Optional<ObservedServer> server(VirtualServerKey key) throws NetlinkException, IpvsUnavailableException {
        return kernel.server(key);
    }

    @Override
    public void execute(IpvsCommand command) throws NetlinkException, IpvsUnavailableException {
        executed.add(command);
        kernel.execute(command);
    }

    @Override
    public List<CommandResult> execute(List<? extends IpvsCommand> commands)
            throws NetlinkException, IpvsUnavailableException {
        executed.addAll(commands);
        return kernel.execute(commands);
    }
}
