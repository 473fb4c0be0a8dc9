package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.FleetSecretEntry;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Which entries the Secret for the agents has to have; values are in base64, as in the object itself. */
public final class FleetSecrets {
    /** As long as what HMAC-SHA-256 makes of it. */
    public static final int HEARTBEAT_KEY_BYTES = 32;

    private FleetSecrets() {}

    /**
     * The entries: what is there stays, what is missing is made. A fleet gets its key with its first director and keeps it
     * until the fleet itself is gone, so that directors that come back find the same one.
     *
     * @param present entries of the Secret as it is
     * @param fleets names of all fleets
     * @param directed names of those that have a director
     * @param passwords of the fleets that ask for one; one that cannot be had now is empty, and stays what it was
     * @param newKey makes {@link #HEARTBEAT_KEY_BYTES} random bytes
     */
    public static Map<String, String> of(
            Map<String, String> present,
            Set<String> fleets,
            Set<String> directed,
            Map<String, Optional<String>> passwords,
            Supplier<byte[]> newKey) {
        Map<String, String> entries = new TreeMap<>();
        for (String fleet : fleets) {
            String name = FleetSecretEntry.HEARTBEAT.of(fleet);
            Optional.ofNullable(present.get(name))
                    .filter(FleetSecrets::isKey)
                    .or(() -> directed.contains(fleet)
                            ? Optional.of(Base64.getEncoder().encodeToString(newKey.get()))
                            : Optional.empty())
                    .ifPresent(key -> entries.put(name, key));
        }
        passwords.forEach((fleet, password) -> {
            String name = FleetSecretEntry.VRRP_PASSWORD.of(fleet);
            password.or(() -> Optional.ofNullable(present.get(name))).ifPresent(value -> entries.put(name, value));
        });
        return entries;
    }

    /** Whether a Secret with these entries has to be written to have the wanted ones; entries of other kinds are not ours. */
    public static boolean differ(Map<String, String> present, Map<String, String> wanted) {
        Map<String, String> ours = new TreeMap<>(present);
        ours.keySet().removeIf(name -> !isOurs(name));
        return !ours.equals(wanted);
    }

    private static boolean isOurs(String name) {
        for (FleetSecretEntry entry : FleetSecretEntry.values()) {
            if (entry.isNameOf(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKey(String value) {
        try {
            return Base64.getDecoder().decode(value).length == HEARTBEAT_KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
