package io.lvsoperator.api.v1alpha1;

/** What the operator's one Secret for the agents holds of each fleet: one entry of its {@code data} each. */
public enum FleetSecretEntry {
    /** 32 random bytes, made by the operator: the key that the directors of the fleet authenticate their heartbeat with. */
    HEARTBEAT("heartbeat"),

    /** 1 to 8 bytes, copied from the Secret that the fleet names: the password of its adverts in version 2. */
    VRRP_PASSWORD("vrrp-password");

    private final String word;

    FleetSecretEntry(String word) {
        this.word = word;
    }

    /** Name of the entry of a fleet, such as {@code edge.heartbeat}. */
    public String of(String fleet) {
        return fleet + "." + word;
    }

    /** Whether an entry of this name is of this kind, whatever the fleet. */
    public boolean isNameOf(String entry) {
        return entry.endsWith("." + word);
    }
}
