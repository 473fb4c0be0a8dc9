package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.IpvsTable;

/** What a pass compared: what is wanted, and the table as it was read before anything was changed. */
public record Comparison(DesiredState desired, IpvsTable table) {}
