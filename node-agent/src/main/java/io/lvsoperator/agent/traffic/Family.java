package io.lvsoperator.agent.traffic;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A metric that every subject of a kind has one series of.
 *
 * @param name without the suffix {@code _total} that Prometheus gives to a counter
 */
record Family(String name, String help, Kind kind, ToLongFunction<Subject> figure) {
    enum Kind {
        COUNTER,
        GAUGE
    }

    /** Of each service on one VIP and port, or firewall mark. */
    static final List<Family> OF_VIRTUAL_SERVER = common("lvs_virtual_server", "of the virtual server");

    /** Of each real server of such a service. */
    static final List<Family> OF_REAL_SERVER = ofRealServer();

    private static List<Family> ofRealServer() {
        List<Family> families = new ArrayList<>(common("lvs_real_server", "of the real server"));
        families.add(new Family(
                "lvs_real_server_weight", "Weight of the real server in the kernel", Kind.GAUGE, Subject::weight));
        return Collections.unmodifiableList(families);
    }

    private static List<Family> common(String prefix, String of) {
        return List.of(
                counter(
                        prefix + "_connections",
                        "Connections " + of,
                        s -> s.statistics().connections()),
                counter(
                        prefix + "_incoming_packets",
                        "Packets from clients " + of,
                        s -> s.statistics().inPackets()),
                counter(
                        prefix + "_outgoing_packets",
                        "Packets to clients through the director " + of,
                        s -> s.statistics().outPackets()),
                counter(
                        prefix + "_incoming_bytes",
                        "Bytes from clients " + of,
                        s -> s.statistics().inBytes()),
                counter(
                        prefix + "_outgoing_bytes",
                        "Bytes to clients through the director " + of,
                        s -> s.statistics().outBytes()),
                gauge(
                        prefix + "_connections_per_second",
                        "The kernel's estimate of new connections " + of,
                        s -> s.statistics().connectionRate()),
                gauge(
                        prefix + "_incoming_packets_per_second",
                        "The kernel's estimate of packets from clients " + of,
                        s -> s.statistics().inPacketRate()),
                gauge(
                        prefix + "_outgoing_packets_per_second",
                        "The kernel's estimate of packets to clients " + of,
                        s -> s.statistics().outPacketRate()),
                gauge(
                        prefix + "_incoming_bytes_per_second",
                        "The kernel's estimate of bytes from clients " + of,
                        s -> s.statistics().inByteRate()),
                gauge(
                        prefix + "_outgoing_bytes_per_second",
                        "The kernel's estimate of bytes to clients " + of,
                        s -> s.statistics().outByteRate()),
                gauge(
                        prefix + "_active_connections",
                        "Established connections " + of,
                        s -> s.connections().active()),
                gauge(
                        prefix + "_inactive_connections",
                        "Connections in any other state " + of,
                        s -> s.connections().inactive()),
                gauge(
                        prefix + "_persistent_connections",
                        "Clients that persistence holds " + of,
                        s -> s.connections().persistent()));
    }

    private static Family counter(String name, String help, ToLongFunction<Subject> figure) {
        return new Family(name, help, Kind.COUNTER, figure);
    }

    private static Family gauge(String name, String help, ToLongFunction<Subject> figure) {
        return new Family(name, help, Kind.GAUGE, figure);
    }

    /** The name as Prometheus shows it. */
    String shownName() {
        return kind == Kind.COUNTER ? name + "_total" : name;
    }

    /** The series of these subjects. */
    MetricSnapshot of(List<Subject> subjects) {
        MetricMetadata metadata = new MetricMetadata(name, help);
        return switch (kind) {
            case COUNTER ->
                new CounterSnapshot(
                        metadata,
                        subjects.stream()
                                .map(s -> new CounterDataPointSnapshot(figure.applyAsLong(s), s.labels(), null, 0))
                                .toList());
            case GAUGE ->
                new GaugeSnapshot(
                        metadata,
                        subjects.stream()
                                .map(s -> new GaugeDataPointSnapshot(figure.applyAsLong(s), s.labels(), null))
                                .toList());
        };
    }
}
