package io.lvsoperator.agent.traffic;

import io.lvsoperator.agent.ipvs.ConnectionCounts;
import io.lvsoperator.agent.ipvs.Statistics;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * A virtual server, or a real server of one.
 *
 * @param labels that name it
 * @param weight of a real server; 0 for a virtual server
 */
record Subject(Labels labels, Statistics statistics, ConnectionCounts connections, int weight) {}
