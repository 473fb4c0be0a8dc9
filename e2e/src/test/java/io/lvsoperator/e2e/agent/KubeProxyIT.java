package io.lvsoperator.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.NetlinkFirewall;
import io.lvsoperator.agent.link.NetlinkLinks;
import io.lvsoperator.agent.netlink.NetlinkProtocol;
import io.lvsoperator.agent.netlink.NetlinkSocket;
import io.lvsoperator.agent.surroundings.Surroundings;
import io.lvsoperator.e2e.controlplane.ControlPlaneBinary;
import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.lab.ManagementNetwork;
import io.lvsoperator.e2e.lab.NamespaceThreads;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import io.lvsoperator.e2e.scenario.LvsCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real kube-proxy on a director: in nftables mode it empties the IPVS table when it starts, in ipvs mode it deletes at each sync
 * what is not its own. The service {@code default/kubernetes} of the API server is the one that it makes itself.
 */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeProxyIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String NODE = "kube-proxy-it";
    private static final String VIP = "192.0.2.100";
    private static final String STRANGERS = "198.51.100.7:80";
    private static final String SLICE = """
            addresses: [{value: %s, phase: Serving}]
            ports: [{protocol: TCP, port: 80, targetPort: 80}]
            scheduler: rr
            schedulerFlags: []
            onePacket: false
            realServers: [{address: 192.0.2.21, weight: 1, forwarding: DR, phase: Serving}]
            """.formatted(VIP);

    private Lab lab;
    private Host director;
    private KubernetesClient client;
    private Path kubeconfig;
    private String kubernetes;

    @TempDir
    private Path state;

    @BeforeAll
    void prepare(@TempDir Path directory) throws Exception {
        lab = Lab.named("kproxy").director("d1").build();
        director = lab.host("d1");
        Path administrators = Path.of(Objects.requireNonNull(System.getenv("LVS_KUBECONFIG"), "LVS_KUBECONFIG"));
        client = new KubernetesClientBuilder()
                .withConfig(ManagementNetwork.clientConfig(administrators))
                .build();
        kubeconfig = Files.writeString(
                directory.resolve("kubeconfig"),
                Files.readString(administrators)
                        .replaceFirst(
                                "https://(127\\.0\\.0\\.1|localhost|0\\.0\\.0\\.0):",
                                "https://" + ManagementNetwork.API_SERVER + ":"));
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NODE)
                        .endMetadata()
                        .withNewSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build())
                .serverSideApply();
        Conflicts.retried(() -> client.nodes()
                .withName(NODE)
                .editStatus(node -> new NodeBuilder(node)
                        .editOrNewStatus()
                        .addNewAddress(director.ipv4(), "InternalIP")
                        .endStatus()
                        .build()));
        kubernetes = client.services()
                .inNamespace("default")
                .withName("kubernetes")
                .require()
                .getSpec()
                .getClusterIP();
    }

    @AfterAll
    void remove() {
        client.nodes().withName(NODE).delete();
        client.close();
        lab.close();
    }

    @BeforeEach
    void emptyTable() {
        director.exec("ipvsadm", "-C");
    }

    @Test
    void theStartInNftablesModeEmptiesTheTableAndItIsFilledAgainWithinTwoSeconds() throws Exception {
        try (Engine engine = serving()) {
            addTheStrangersService();
            Background proxy = start("nftables");
            try {
                awaitRepairs(engine, 1, proxy);
                awaitServed();

                assertThat(engine.longestPause()).isLessThan(Duration.ofSeconds(2));
                assertThat(repairs(engine).getFirst().first()).contains("add TCP %s:80".formatted(VIP));
                assertThat(table()).as("what is none of ours is not put back").doesNotContain(STRANGERS);
                LvsCluster.await(
                        "kube-proxy's table",
                        LIMIT,
                        () -> director.exec("nft", "list", "tables").out().contains("table ip kube-proxy"),
                        () -> words(proxy));
                assertThat(surroundings())
                        .isEqualTo(new Surroundings(Optional.of("nftables"), List.of(), Optional.empty()));
            } finally {
                proxy.stop(LIMIT);
            }
        }
    }

    @Test
    void ipvsModeDeletesOurServiceAtEverySyncAndEachTimeItIsBackWithinTwoSeconds() throws Exception {
        try (Engine engine = serving()) {
            Background proxy = start("ipvs", "--ipvs-sync-period=5s");
            try {
                awaitRepairs(engine, 3, proxy);
                awaitServed();

                assertThat(engine.longestPause()).isLessThan(Duration.ofSeconds(2));
                assertThat(repairs(engine))
                        .allSatisfy(repair -> assertThat(repair.first()).contains("add TCP %s:80".formatted(VIP)));
                assertThat(engine.takeExecuted())
                        .as("kube-proxy's service is left alone")
                        .noneMatch(done -> done.contains(kubernetes));
                assertThat(table()).contains("-A -t %s:443".formatted(kubernetes));
                assertThat(surroundings().problems())
                        .extracting(Problem::reason)
                        .containsExactly(Problem.Reason.KUBE_PROXY_IN_IPVS_MODE);
            } finally {
                proxy.stop(LIMIT);
            }
        }
    }

    @Test
    void ipvsModeLeavesWhatItIsToldToExclude() throws Exception {
        try (Engine engine = serving()) {
            addTheStrangersService();
            Background proxy = start("ipvs", "--ipvs-sync-period=5s", "--ipvs-exclude-cidrs=%s/32".formatted(VIP));
            try {
                LvsCluster.await(
                        "kube-proxy to delete what it was not told to leave",
                        LIMIT,
                        () -> table().contains(kubernetes) && !table().contains(STRANGERS),
                        () -> table() + words(proxy));

                assertThat(table()).contains("-A -t %s:80".formatted(VIP));
                assertThat(repairs(engine)).isEmpty();
            } finally {
                proxy.stop(LIMIT);
            }
        }
    }

    private Engine serving() {
        Engine engine = new Engine(director, state);
        engine.keepApplying(SLICE);
        awaitServed();
        return engine;
    }

    private void addTheStrangersService() {
        director.exec("ipvsadm", "-A", "-t", STRANGERS, "-s", "rr");
    }

    private Background start(String mode, String... options) {
        List<String> command = new ArrayList<>(List.of(
                ControlPlaneBinary.build().resolveSibling("kube-proxy").toString(),
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=" + NODE,
                "--proxy-mode=" + mode,
                "--detect-local-mode=ClusterCIDR",
                "--cluster-cidr=10.244.0.0/16",
                "--conntrack-max-per-core=0",
                "--conntrack-tcp-timeout-established=0s",
                "--conntrack-tcp-timeout-close-wait=0s",
                "--healthz-bind-address=127.0.0.1:10256",
                "--metrics-bind-address=127.0.0.1:10249"));
        command.addAll(List.of(options));
        return director.start("kube-proxy-" + mode, command.toArray(String[]::new));
    }

    private static void awaitRepairs(Engine engine, int count, Background proxy) {
        LvsCluster.await(
                count + " deletions by kube-proxy", LIMIT, () -> repairs(engine).size() >= count, () -> words(proxy));
    }

    private static List<Report> repairs(Engine engine) {
        return engine.reports().stream().filter(Report::drift).toList();
    }

    private void awaitServed() {
        LvsCluster.await(
                "the service",
                LIMIT,
                () -> table().contains("-a -t %s:80 -r 192.0.2.21:80 -g -w 1".formatted(VIP)),
                this::table);
    }

    /** As the agent judges them after somebody deleted services of its own. */
    private Surroundings surroundings() throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            return thread.submit(() -> {
                        NamespaceThreads.enter(director.namespace());
                        try (NetlinkSocket links = NetlinkSocket.of(NetlinkProtocol.NETLINK_ROUTE);
                                NetlinkSocket firewall = NetlinkSocket.of(NetlinkProtocol.NETLINK_NETFILTER)) {
                            Surroundings.Seen seen = new Surroundings.Seen(
                                    new NetlinkLinks(links).state(),
                                    new NetlinkFirewall(firewall).ruleset(),
                                    Map.of(),
                                    true);
                            return Surroundings.judge(DesiredState.EMPTY, seen, "d1");
                        }
                    })
                    .get();
        }
    }

    private String table() {
        return director.exec("ipvsadm", "-Sn").out();
    }

    private static String words(Background proxy) {
        return proxy.out() + proxy.err();
    }
}
