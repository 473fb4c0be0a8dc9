package io.lvsoperator.agent.heartbeat.peers;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Complaints and since when each is there. Immutable. */
public final class Complaints {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public static final Complaints NONE = new Complaints(Map.of(), List.of());

    private record Key(Complaint.Kind kind, String peer) {}

    private final Map<Key, Long> since;
    private final List<Complaint> found;

    private Complaints(Map<Key, Long> since, List<Complaint> found) {
        this.since = since;
        this.found = found;
    }

    /** After a look that found these. */
    public Complaints after(List<Complaint> complaints, long nowNanos) {
        Map<Key, Long> next = new HashMap<>();
        complaints.forEach(complaint -> {
            Key key = new Key(complaint.kind(), complaint.peer());
            next.put(key, since.getOrDefault(key, nowNanos));
        });
        return new Complaints(Map.copyOf(next), List.copyOf(complaints));
    }

    /** Those that have lasted, the worst first. */
    public List<Complaint> lasting(long nowNanos) {
        return found.stream()
                .filter(complaint ->
                        nowNanos - since.getOrDefault(new Key(complaint.kind(), complaint.peer()), nowNanos)
                                >= complaint.kind().seconds() * NANOS_PER_SECOND)
                .sorted(Comparator.comparing(Complaint::kind).thenComparing(Complaint::peer))
                .toList();
    }
}
