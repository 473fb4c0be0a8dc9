package io.lvsoperator.agent.surroundings;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.ChainName;
import io.lvsoperator.agent.firewall.Hook;
import io.lvsoperator.agent.firewall.Ruleset;
import io.lvsoperator.agent.ipvs.ForwardingMethod;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.NetworkState;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.settings.KernelSetting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What else on a director works against its services. Nothing is served less because of it.
 *
 * @param kubeProxy the mode of kube-proxy, where its traces tell: {@code ipvs} or {@code nftables}
 * @param problems in a stable order
 * @param unknown what could not be seen: why the rest is what was seen last, where the last look failed; rules that are not read
 */
public record Surroundings(Optional<String> kubeProxy, List<Problem> problems, Optional<Problem> unknown) {
    public static final Surroundings QUIET = new Surroundings(Optional.empty(), List.of(), Optional.empty());

    public Surroundings {
        problems = List.copyOf(problems);
    }

    /** The same after a look at that node that failed. */
    public Surroundings unseen(String nodeName, String failure) {
        return new Surroundings(
                kubeProxy,
                problems,
                Optional.of(new Problem(
                        Problem.Reason.SURROUNDINGS_UNKNOWN,
                        "the agent on node %s could not look for what works against its services: %s; it tries again"
                                .formatted(nodeName, failure))));
    }

    /** All that there is to complain of. */
    public List<Problem> complaints() {
        return Stream.concat(problems.stream(), unknown.stream()).toList();
    }

    /**
     * What was seen.
     *
     * @param settings of the kernel, as far as it has them
     * @param servicesWereDeleted whether somebody deleted services of ours of late
     */
    public record Seen(
            NetworkState network, Ruleset ruleset, Map<KernelSetting, Integer> settings, boolean servicesWereDeleted) {}

    /** Judges what was seen on the node of that name. */
    public static Surroundings judge(DesiredState desired, Seen seen, String nodeName) {
        Optional<KubeProxy> kubeProxy = KubeProxy.of(seen.network(), seen.ruleset());
        List<Problem> problems = new ArrayList<>();
        if (kubeProxy.equals(Optional.of(KubeProxy.IPVS)) && seen.servicesWereDeleted()) {
            problems.add(kubeProxyDeletes(nodeName));
        }
        problems.addAll(droppingChains(desired, seen, nodeName));
        return new Surroundings(
                kubeProxy.map(KubeProxy::text), problems, unread(seen.ruleset().legacyTables(), nodeName));
    }

    private static Optional<Problem> unread(List<String> legacyTables, String nodeName) {
        return legacyTables.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        Problem.Reason.SURROUNDINGS_UNKNOWN,
                        "node %s has tables of iptables-legacy (%s), whose rules the agent does not read: see yourself that they drop no packets of state INVALID, or use iptables-nft"
                                .formatted(nodeName, String.join(", ", legacyTables))));
    }

    private static Problem kubeProxyDeletes(String nodeName) {
        return new Problem(
                Problem.Reason.KUBE_PROXY_IN_IPVS_MODE,
                "kube-proxy on node %s is in ipvs mode (interface kube-ipvs0 is there), which deletes the virtual servers that are not its own at every sync, and services of ours were deleted: the agent puts them back within two seconds, only to lose them again; run kube-proxy in nftables mode, or name the VIPs in its ipvs.excludeCIDRs"
                        .formatted(nodeName));
    }

    /** One problem for each chain, with the first service that it hits. */
    private static List<Problem> droppingChains(DesiredState desired, Seen seen, String nodeName) {
        Journey journey = new Journey(seen.ruleset());
        Map<ChainName, Problem> input = new LinkedHashMap<>();
        Map<ChainName, Problem> forward = new LinkedHashMap<>();
        boolean conntrack = seen.settings().getOrDefault(KernelSetting.CONNTRACK, 0) != 0;
        desired.services().values().forEach(service -> {
            if (repliesGoPast(service)) {
                dropped(service, journey, Hook.NF_INET_LOCAL_IN)
                        .ifPresent(chain -> input.putIfAbsent(chain, directRouting(chain, service, nodeName)));
            }
            if (service.translatesAddresses() && !conntrack) {
                dropped(service, journey, Hook.NF_INET_FORWARD)
                        .ifPresent(chain -> forward.putIfAbsent(chain, translation(chain, service, nodeName)));
            }
        });
        return Stream.concat(input.values().stream(), forward.values().stream()).toList();
    }

    /** True when replies of some of its real servers go past this director, so that conntrack sees the clients' half only. */
    private static boolean repliesGoPast(DesiredState.Service service) {
        return service.destinations().values().stream()
                .anyMatch(destination -> destination.method().equals(ForwardingMethod.DIRECT_ROUTE)
                        || destination.method().equals(ForwardingMethod.TUNNEL));
    }

    /** Conntrack finds packets of TCP invalid; the half of an exchange over UDP is not. */
    private static Optional<ChainName> dropped(DesiredState.Service service, Journey journey, Hook hook) {
        VirtualServerKey key = service.server().key();
        return switch (key) {
            case VirtualServerKey.AddressAndPort(Protocol protocol, IpAddress address, int port) ->
                protocol.equals(Protocol.TCP)
                        ? journey.dropped(packet(key, hook, Optional.of(address), port), hook)
                        : Optional.empty();
            case VirtualServerKey.FirewallMark _ ->
                service.vips().stream()
                        .filter(vip -> vip.family() == key.family())
                        .sorted()
                        .flatMap(vip -> journey.dropped(packet(key, hook, Optional.of(vip), 0), hook).stream())
                        .findFirst();
        };
    }

    /** What comes in goes to the VIP; what is forwarded are the real servers' replies, to any client. */
    private static Packet packet(VirtualServerKey key, Hook hook, Optional<IpAddress> vip, int port) {
        return hook == Hook.NF_INET_LOCAL_IN
                ? new Packet(key.family(), Protocol.TCP, vip, port == 0 ? OptionalInt.empty() : OptionalInt.of(port))
                : new Packet(key.family(), Protocol.TCP, Optional.empty(), OptionalInt.empty());
    }

    private static Problem directRouting(ChainName chain, DesiredState.Service service, String nodeName) {
        return new Problem(
                Problem.Reason.FIREWALL_DROPS_INVALID,
                "the firewall of node %s drops invalid packets of input (%s), and conntrack sees only the clients' half of DR connections such as those of %s: it drops their closing packets, and with net.netfilter.nf_conntrack_tcp_loose = 0 or net.ipv4.vs.conntrack = 1 all but the first; have the agent let conntrack pass them over (spec.firewall.directRouting of fleet %s: Untracked, for which all real servers of the service have to be reached by DR), or remove the rule"
                        .formatted(nodeName, chain, service.server().key(), service.fleet()));
    }

    private static Problem translation(ChainName chain, DesiredState.Service service, String nodeName) {
        return new Problem(
                Problem.Reason.FIREWALL_DROPS_INVALID,
                "the firewall of node %s drops invalid packets of forward (%s), which the replies of NAT real servers such as those of %s are to conntrack while %s is 0: set it to 1 (spec.kernelSettings.conntrack of the fleet), or remove the rule"
                        .formatted(nodeName, chain, service.server().key(), KernelSetting.CONNTRACK.text()));
    }
}
