package io.lvsoperator.agent.traffic;

import io.lvsoperator.agent.apply.Comparison;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Assignment;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of our services. Series are made when they are asked for, out of the table that the last pass of the reconcile
 * loop read anyway: no reading of the kernel is for them, and without anybody who asks they cost nothing.
 */
public final class TrafficCollector implements MultiCollector {
    /** Most series of traffic that one agent gives; what it takes is told by {@link #LEFT_OUT}. */
    public static final int SERIES_LIMIT = 20_000;

    static final String LEFT_OUT = "lvs_agent_series_left_out";

    private final int limit;
    private volatile @Nullable Seen seen;

    private record Seen(Comparison comparison, Assignment assignment) {}

    public TrafficCollector() {
        this(SERIES_LIMIT);
    }

    TrafficCollector(int limit) {
        this.limit = limit;
    }

    /** Takes in what a pass has read. While the table is unknown there are no series, rather than old figures. */
    public void passed(Report report) {
        seen = report.comparison()
                .map(comparison -> new Seen(comparison, report.assignment()))
                .orElse(null);
    }

    @Override
    public MetricSnapshots collect() {
        Selection selection = Optional.ofNullable(seen)
                .map(s -> Selection.of(s.comparison(), s.assignment(), limit))
                .orElseGet(() -> new Selection(List.of(), List.of(), 0, 0));
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        if (!selection.virtualServers().isEmpty()) {
            Family.OF_VIRTUAL_SERVER.forEach(family -> snapshots.metricSnapshot(family.of(selection.virtualServers())));
        }
        if (!selection.realServers().isEmpty()) {
            Family.OF_REAL_SERVER.forEach(family -> snapshots.metricSnapshot(family.of(selection.realServers())));
        }
        snapshots.metricSnapshot(new GaugeSnapshot(
                new MetricMetadata(
                        LEFT_OUT, "Series of traffic that are not given, as the agent would give more than " + limit),
                List.of(
                        leftOut("virtual_server", selection.virtualServersLeftOut()),
                        leftOut("real_server", selection.realServersLeftOut()))));
        return snapshots.build();
    }

    private static GaugeDataPointSnapshot leftOut(String object, int series) {
        return new GaugeDataPointSnapshot(series, Labels.of("object", object), null);
    }
}
