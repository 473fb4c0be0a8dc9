package io.lvsoperator.e2e.lab;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The way from the lab's hosts to the API server on the machine itself: the bridge {@value #BRIDGE} in the root namespace,
 * 172.31.250.0/24. The API server is at {@value #API_SERVER} for everybody: on the machine, because the bridge has that
 * address there; in a guest (e2e/guest), because QEMU's user-mode network behind the bridge hands connections to
 * it on to the machine's loopback. So the API server must listen on all addresses and have {@value #API_SERVER} in its
 * certificate.
 */
public final class ManagementNetwork {

    public static final String BRIDGE = "lvsmgmt";
    public static final String API_SERVER = "172.31.250.2";

    /** The variable that e2e/guest/run sets for what it runs. */
    private static final String GUEST_VARIABLE = "LVS_GUEST";

    private static final String PREFIX = "172.31.250.";
    private static final int FIRST_HOST = 10;
    private static final int LAST_HOST = 239;
    static final int PREFIX_LENGTH = 24;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "0.0.0.0");

    private ManagementNetwork() {}

    /** Whether this process runs in a guest of e2e/guest. */
    public static boolean inGuest() {
        return "1".equals(System.getenv(GUEST_VARIABLE));
    }

    /** A client configuration for a kubeconfig of the machine's API server, right for where this process runs. */
    public static Config clientConfig(Path kubeconfig) {
        File file = kubeconfig.toFile();
        if (!file.canRead()) {
            throw new IllegalArgumentException("kubeconfig %s: cannot be read".formatted(kubeconfig));
        }
        Config config = Config.fromKubeconfig(file);
        if (inGuest()) {
            config.setMasterUrl(
                    reachable(URI.create(config.getMasterUrl()), API_SERVER).toString());
        }
        return config;
    }

    /** The same URL with a loopback host replaced by the address that reaches it. */
    static URI reachable(URI url, String address) {
        return LOOPBACK.contains(url.getHost())
                ? URI.create("%s://%s:%d%s".formatted(url.getScheme(), address, url.getPort(), url.getPath()))
                : url;
    }

    /** The management address of the lab's host number {@code index}, counted from 0. */
    static String address(int index) {
        if (index > LAST_HOST - FIRST_HOST) {
            throw new IllegalArgumentException("a lab has at most %d hosts".formatted(LAST_HOST - FIRST_HOST + 1));
        }
        return PREFIX + (FIRST_HOST + index);
    }

    /** Makes the bridge where it is missing; a guest has it from the start. */
    static void ensure(Ledger ledger) {
        if (Command.run(List.of("ip", "link", "show", BRIDGE)).exit() == 0) {
            return;
        }
        ledger.note(Ledger.Kind.LINK, BRIDGE);
        Command.run(List.of("ip", "-batch", "-"), """
                        link add %1$s type bridge
                        address add %2$s/%3$d dev %1$s
                        link set %1$s up
                        """.formatted(BRIDGE, API_SERVER, PREFIX_LENGTH))
                .requireSuccess();
    }
}
