package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.Destination;
import io.lvsoperator.agent.ipvs.IpvsTable;
import io.lvsoperator.agent.ipvs.ObservedDestination;
import io.lvsoperator.agent.ipvs.ObservedServer;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A short digest of what the kernel makes its mh tables of: for each such service its key and, in the kernel's order, those of
 * its destinations that have a weight. Directors whose digests are equal send a client to the same real server.
 */
final class HashDigest {
    private static final int BYTES = 8;

    private HashDigest() {}

    /**
     * 16 hexadecimal digits for each fleet with such services.
     *
     * @param table as it was read
     * @param steps that are to follow; a fleet of which they change such a service has no digest for now
     */
    static Map<String, String> byFleet(
            Map<VirtualServerKey, DesiredState.Service> desired, IpvsTable table, List<Step> steps) {
        Map<String, Set<VirtualServerKey>> hashed = new HashMap<>();
        for (DesiredState.Service service : desired.values()) {
            if (HashOrder.matters(service.server())) {
                hashed.computeIfAbsent(service.fleet(), fleet -> new HashSet<>())
                        .add(service.server().key());
            }
        }
        if (hashed.isEmpty()) {
            return Map.of();
        }
        Set<VirtualServerKey> changing = new HashSet<>();
        for (Step step : steps) {
            if (step instanceof Step.ChangeIpvs change) {
                changing.add(change.command().changes());
            }
        }
        Map<String, String> digests = new HashMap<>();
        hashed.forEach((fleet, keys) -> {
            if (keys.stream().noneMatch(changing::contains)
                    && table.servers().keySet().containsAll(keys)) {
                digests.put(fleet, digest(keys, table));
            }
        });
        return digests;
    }

    private static String digest(Set<VirtualServerKey> keys, IpvsTable table) {
        Map<String, ObservedServer> sorted = new TreeMap<>();
        table.servers().forEach((key, server) -> {
            if (keys.contains(key)) {
                sorted.put(key.toString(), server);
            }
        });
        MessageDigest sha256 = sha256();
        sorted.forEach((key, server) -> {
            add(sha256, key + " " + server.server().config().flags().bits());
            for (ObservedDestination observed : server.destinations()) {
                Destination destination = observed.destination();
                if (destination.config().weight() != 0) {
                    add(sha256, destination.key() + " " + destination.config().weight());
                }
            }
        });
        return HexFormat.of().formatHex(sha256.digest(), 0, BYTES);
    }

    private static void add(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
