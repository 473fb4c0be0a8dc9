package io.lvsoperator.agent.vrrp;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** What is to be told of a unicast router whose peers, or who, are not known by their addresses yet. */
final class PeerAddresses {

    private PeerAddresses() {}

    static List<Problem> problems(RouterConfig config, IpAddress source) {
        if (!(config.route() instanceof Route.Unicast(var announced, var addresses))) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        if (config.isUnknownToPeersAs(source)) {
            problems.add(new Problem(
                    Problem.Kind.ADDRESS_NOT_TOLD,
                    config.key() + " takes no part yet: it sends from " + source + ", and its peers were told "
                            + announced.map(IpAddress::toString).orElse("no address")
                            + "; the operator hands the address on as soon as it runs"));
        }
        int unknown = config.peers().size() - addresses.size();
        if (unknown > 0) {
            problems.add(new Problem(
                    Problem.Kind.PEER_ADDRESS_UNKNOWN,
                    config.key() + " neither hears nor reaches " + unknown + " of its peers "
                            + config.peers().stream().sorted().toList()
                            + ": their agents have reported no address yet; see their pods and their interface"));
        }
        return problems;
    }
}
