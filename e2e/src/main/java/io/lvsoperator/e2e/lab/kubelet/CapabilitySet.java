package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.Capabilities;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which capabilities a container gets. */
final class CapabilitySet {

    /** What containerd and CRI-O give where nothing is dropped. */
    private static final Set<String> DEFAULT = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    /** Stands for all of them in {@code add} and {@code drop}. */
    static final String ALL = "ALL";

    private CapabilitySet() {}

    /** The bounding set: the default one, then what is dropped, then what is added. */
    static Set<String> of(@Nullable Capabilities wanted) {
        Set<String> set = new TreeSet<>(DEFAULT);
        if (wanted != null) {
            for (String dropped : wanted.getDrop()) {
                if (normal(dropped).equals(ALL)) {
                    set.clear();
                } else {
                    set.remove(normal(dropped));
                }
            }
            wanted.getAdd().forEach(added -> set.add(normal(added)));
        }
        return set;
    }

    private static String normal(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("CAP_") ? upper.substring("CAP_".length()) : upper;
    }
}
