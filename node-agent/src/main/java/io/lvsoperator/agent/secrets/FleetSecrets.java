package io.lvsoperator.agent.secrets;

import io.lvsoperator.api.v1alpha1.FleetSecretEntry;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Secrets of fleets. Prints their names, never what they are.
 *
 * @param entries values in base64, by the names that {@link FleetSecretEntry} gives them
 */
public record FleetSecrets(Map<String, String> entries) {
    public static final FleetSecrets NONE = new FleetSecrets(Map.of());

    /** Copies the map. */
    public FleetSecrets {
        entries = Map.copyOf(entries);
    }

    /** The key of a fleet's heartbeat; empty when it is not known. */
    public Optional<byte[]> heartbeatKey(String fleet) {
        return get(FleetSecretEntry.HEARTBEAT, fleet);
    }

    /** The password of a fleet's advertisements; empty when it is not known. */
    public Optional<byte[]> vrrpPassword(String fleet) {
        return get(FleetSecretEntry.VRRP_PASSWORD, fleet);
    }

    private Optional<byte[]> get(FleetSecretEntry entry, String fleet) {
        return Optional.ofNullable(entries.get(entry.of(fleet))).flatMap(FleetSecrets::decode);
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** What is known after {@code newer} was read: of an entry that it lacks, what was known before. */
    public FleetSecrets updatedBy(Map<String, String> newer) {
        Map<String, String> both = new HashMap<>(entries);
        both.putAll(newer);
        return new FleetSecrets(both);
    }

    /** Those of these fleets alone. */
    public FleetSecrets ofFleets(Set<String> fleets) {
        Map<String, String> kept = new HashMap<>();
        for (String fleet : fleets) {
            for (FleetSecretEntry kind : FleetSecretEntry.values()) {
                Optional.ofNullable(entries.get(kind.of(fleet))).ifPresent(value -> kept.put(kind.of(fleet), value));
            }
        }
        return new FleetSecrets(kept);
    }

    @Override
    public String toString() {
        return "FleetSecrets" + new TreeSet<>(entries.keySet());
    }
}
