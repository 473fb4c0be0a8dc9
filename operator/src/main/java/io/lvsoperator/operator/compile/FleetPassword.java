package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.SecretKeyReference;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The password of a fleet's advertisements, as the Secret that its spec names has it. */
public sealed interface FleetPassword {
    /** RFC 2338 section 5.3.10. */
    int MAX_BYTES = 8;

    /**
     * It can be used.
     *
     * @param base64 1 to 8 bytes
     */
    record Found(String base64) implements FleetPassword {
        @Override
        public String toString() {
            return "Found[...]";
        }
    }

    /**
     * It cannot.
     *
     * @param why names the field, the Secret and the way out; never what is in it
     */
    record NotFound(String why) implements FleetPassword {}

    /** Where the password of a fleet is; empty when it has none. */
    static Optional<SecretKeyReference> reference(DirectorFleetSpec spec) {
        DirectorFleetSpec.@Nullable Authentication authentication = spec.vrrp().authentication();
        return authentication == null || authentication.type() != AuthenticationType.PASSWORD
                ? Optional.empty()
                : Optional.ofNullable(authentication.secretRef());
    }

    /** Takes it from the entries of the Secret, which are in base64. */
    static FleetPassword of(SecretKeyReference reference, String namespace, Map<String, String> entries) {
        @Nullable String entry = entries.get(reference.key());
        if (entry == null) {
            return new NotFound(where(reference, namespace) + " has no entry '" + reference.key()
                    + "': add it, or name another one in spec.vrrp.authentication.secretRef.key");
        }
        byte[] password = Base64.getDecoder().decode(entry);
        String named = "the entry '" + reference.key() + "' of " + where(reference, namespace);
        if (password.length == 0) {
            return new NotFound(named + " is empty: give it 1 to " + MAX_BYTES + " bytes");
        }
        if (password[password.length - 1] == '\n') {
            return new NotFound(named + " ends with a line break, which would be part of the password:"
                    + " write it without one, such as by printf");
        }
        if (password.length > MAX_BYTES) {
            return new NotFound(named + " has " + password.length + " bytes, and VRRP version 2 has room for "
                    + MAX_BYTES + ": give its first " + MAX_BYTES + ", which is what keepalived takes of a longer one");
        }
        return new Found(entry);
    }

    /** The Secret in words. */
    static String where(SecretKeyReference reference, String namespace) {
        return "the Secret '" + reference.name() + "' in namespace '" + namespace
                + "' (spec.vrrp.authentication.secretRef)";
    }
}
