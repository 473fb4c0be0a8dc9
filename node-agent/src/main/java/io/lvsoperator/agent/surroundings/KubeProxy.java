package io.lvsoperator.agent.surroundings;

import io.lvsoperator.agent.firewall.Ruleset;
import io.lvsoperator.agent.firewall.TableFamily;
import io.lvsoperator.agent.link.NetworkState;
import java.util.Optional;

/** How kube-proxy works on the node, by what each mode leaves in the kernel and takes away when it is left. */
enum KubeProxy {
    IPVS,
    NFTABLES;

    private static final String DUMMY_INTERFACE = "kube-ipvs0";
    private static final String TABLE = "kube-proxy";

    /** Empty when there is none, or it is in iptables mode, which does IPVS no harm. */
    static Optional<KubeProxy> of(NetworkState network, Ruleset ruleset) {
        if (network.link(DUMMY_INTERFACE).isPresent()) {
            return Optional.of(IPVS);
        }
        boolean nftables =
                ruleset.hasTable(TableFamily.NFPROTO_IPV4, TABLE) || ruleset.hasTable(TableFamily.NFPROTO_IPV6, TABLE);
        return nftables ? Optional.of(NFTABLES) : Optional.empty();
    }

    /** As its {@code --proxy-mode} has it. */
    String text() {
        return switch (this) {
            case IPVS -> "ipvs";
            case NFTABLES -> "nftables";
        };
    }
}
