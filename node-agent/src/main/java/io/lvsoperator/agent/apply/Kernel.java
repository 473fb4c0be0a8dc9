package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.SyncDaemons;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.settings.KernelSettings;

/** The parts of the kernel that a reconciler looks at and changes, all of one network namespace. */
public record Kernel(Ipvs ipvs, SyncDaemons syncDaemons, OwnTables tables, Links links, KernelSettings settings) {}
