package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.netlink.NetlinkError;
import java.util.Optional;

/** What became of one command of a list; without an error it was done. */
public record CommandResult(IpvsCommand command, Optional<NetlinkError> error) {}
