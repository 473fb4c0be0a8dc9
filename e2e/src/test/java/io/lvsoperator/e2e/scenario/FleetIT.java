package io.lvsoperator.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.KernelFeature;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.agent.IpvsModule;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.ProcessNode;
import io.lvsoperator.e2e.lab.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One fleet of two directors, from {@code kubectl apply} to packets, with the operator that the chart installed. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetIT {
    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String NAMESPACE = "fleet-it";
    private static final String FLEET = """
            apiVersion: lvs-operator.io/v1alpha1
            kind: DirectorFleet
            metadata: {name: %s}
            spec:
              directors: {nodeSelector: {matchLabels: {lvs-operator.io/director: fleetit}}}
              realServerNodes: {nodeSelector: {matchExpressions: [{key: role, operator: In, values: [web, locked]}]}}
              network: {%s}
              vrrp: {firstVirtualRouterId: %d}
              kernelSettings: {connectionTimeouts: {udpSeconds: 299}}
            """;

    private LvsCluster cluster;
    private DirectorFleet fleet;

    @BeforeAll
    void startCluster() {
        Path kubeconfig = Path.of(Objects.requireNonNull(System.getenv("LVS_KUBECONFIG"), "LVS_KUBECONFIG"));
        cluster = LvsCluster.start(kubeconfig, "fleetit", List.of("d1", "d2"), List.of("rs1", "rs2"), List.of("rs3"));
        cluster.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        fleet = cluster.apply(DirectorFleet.class, FLEET.formatted("fleetit", "interfaceFor: 192.0.2.0/24", 61));
    }

    @AfterEach
    void deleteServices() {
        cluster.client()
                .resources(VirtualService.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems()
                .forEach(cluster::delete);
    }

    @AfterAll
    void stopCluster() {
        cluster.delete(fleet);
        assertThat(cluster.client().resources(LvsNode.class).list().getItems()).isEmpty();
        cluster.client().namespaces().withName(NAMESPACE).delete();
        cluster.close();
    }

    @Test
    void aDualStackServiceIsBalancedByDirectRoutingInBothFamilies() {
        VirtualService service = service(
                "both",
                "DR",
                "rr",
                "addresses: [{value: 192.0.2.110}, {value: '2001:db8::110'}]",
                "ports: [{name: http, port: 80}]",
                "realServers: [{nodes: {selector: {matchLabels: {role: web}}}}]");
        cluster.awaitReady(service, LIMIT);
        awaitPreferred("192.0.2.110", "2001:db8::110");

        Traffic.Spread ipv4 = Traffic.get(client(), "192.0.2.110:80", 40, TIMEOUT);
        Traffic.Spread ipv6 = Traffic.get(client(), "[2001:db8::110]:80", 40, TIMEOUT);

        assertThat(ipv4.answers()).containsOnlyKeys("rs1", "rs2").containsEntry("rs1", 20);
        assertThat(ipv6.answers()).containsOnlyKeys("rs1", "rs2").containsEntry("rs1", 20);
        assertThat(ipv6.clientSeen()).containsOnlyKeys(client().ipv6());
    }

    @Test
    void aNatServiceReachesAnotherPortOfHostsOutsideTheCluster() {
        VirtualService service = service(
                "nat",
                "NAT",
                "wlc",
                "addresses: [{value: 192.0.2.111}]",
                "ports: [{name: http, port: 80, targetPort: 8080}]",
                "realServers: [{address: %s}, {address: %s}]"
                        .formatted(
                                cluster.host("rs1").ipv4(), cluster.host("rs2").ipv4()));
        cluster.awaitReady(service, LIMIT);
        Host director = cluster.awaitSingleHolder("192.0.2.111", LIMIT);
        for (String name : List.of("rs1", "rs2")) {
            // The way back is by the director; it is on the segment too, and would be told a shorter one.
            cluster.host(name).setting("net/ipv4/conf/all/accept_redirects", "0");
            cluster.host(name).setting("net/ipv4/conf/eth0/accept_redirects", "0");
            cluster.host(name).exec("ip", "route", "replace", client().ipv4() + "/32", "via", director.ipv4());
        }

        Traffic.Spread spread = Traffic.get(client(), "192.0.2.111:80", 20, TIMEOUT);

        for (String name : List.of("rs1", "rs2")) {
            cluster.host(name).exec("ip", "route", "del", client().ipv4() + "/32", "via", director.ipv4());
        }
        assertThat(spread.answered()).isEqualTo(20);
        assertThat(spread.answers()).containsOnlyKeys("rs1", "rs2");
        assertThat(spread.clientSeen()).containsOnlyKeys(client().ipv4());
    }

    @Test
    void whatStrangersChangeIsPutRight() {
        VirtualService service = demoLike("drift", "192.0.2.112");
        cluster.awaitReady(service, LIMIT);
        Host director = cluster.awaitSingleHolder("192.0.2.112", LIMIT);
        String before = cluster.ipvsTable(director.name());
        String untracked = untracked(director);
        assertThat(untracked).contains("192.0.2.112 . tcp . 80");

        director.exec("nft", "flush", "ruleset");
        director.exec("ipvsadm", "-a", "-t", "192.0.2.112:80", "-r", "192.0.2.66:80", "-g");
        director.exec("ipvsadm", "-e", "-t", "192.0.2.112:80", "-r", "192.0.2.21:80", "-g", "-w", "9");
        director.exec("ipvsadm", "-d", "-t", "192.0.2.112:80", "-r", "192.0.2.22:80");
        director.exec("ip", "address", "del", "192.0.2.112/32", "dev", "eth0");
        cluster.host("rs1").exec("ip", "address", "del", "192.0.2.112/32", "dev", "lo");
        cluster.host("rs1").setting("net/ipv4/conf/eth0/arp_ignore", "0");

        LvsCluster.await(
                "everything to be as before",
                LIMIT,
                () -> cluster.ipvsTable(director.name()).equals(before)
                        && untracked(director).equals(untracked)
                        && director.addresses("eth0").contains("192.0.2.112/32")
                        && cluster.host("rs1").addresses("lo").contains("192.0.2.112/32")
                        && cluster.host("rs1")
                                .setting("net/ipv4/conf/eth0/arp_ignore")
                                .equals("1"),
                () -> cluster.ipvsTable(director.name())
                        + untracked(director)
                        + director.addresses("eth0")
                        + cluster.host("rs1").addresses("lo"));
        cluster.awaitEvent("DriftRepaired", LIMIT);

        director.exec("ip", "link", "add", "kube-ipvs0", "type", "dummy");
        director.exec("ipvsadm", "-C");
        LvsCluster.await(
                "the fleet to be Degraded by kube-proxy on " + director.name(),
                LIMIT,
                () -> isDisturbed("kube-proxy on node " + director.name()),
                () -> String.valueOf(cluster.condition(fleet, "Degraded")));
        director.exec("ip", "link", "del", "kube-ipvs0");
        // What is lost is looked into at once.
        director.exec("ipvsadm", "-C");
        LvsCluster.await(
                "the fleet to be Degraded by kube-proxy no more",
                LIMIT,
                () -> !isDisturbed("kube-proxy"),
                () -> String.valueOf(cluster.condition(fleet, "Degraded")));
    }

    private boolean isDisturbed(String words) {
        return cluster.condition(fleet, "Degraded")
                .filter(c -> c.status() == ConditionStatus.TRUE
                        && c.reason().equals("KubeProxyInIpvsMode")
                        && c.message().contains(words))
                .isPresent();
    }

    @Test
    void everythingIsBackSecondsAfterTheKernelsModuleWasUnloadedAndIsLoadedAgain() throws Exception {
        VirtualService service = demoLike("module", "192.0.2.122");
        cluster.awaitReady(service, LIMIT);
        Host d1 = cluster.host("d1");
        Host d2 = cluster.host("d2");
        List<List<String>> tables = List.of(servicesOf(d1), servicesOf(d2));

        IpvsModule module = IpvsModule.unload(List.of(d1, d2));
        try {
            LvsCluster.await(
                    "the fleet to be Degraded by its directors' kernels",
                    LIMIT,
                    () -> cluster.condition(fleet, "Degraded")
                            .filter(c -> c.reason().equals("IpvsNotAvailable")
                                    && c.message().contains("d1")
                                    && c.message().contains("d2"))
                            .isPresent(),
                    () -> String.valueOf(cluster.condition(fleet, "Degraded")));
        } finally {
            module.load();
        }
        long loaded = System.nanoTime();
        awaitTable(d1, tables.getFirst());
        awaitTable(d2, tables.getLast());
        long millis = (System.nanoTime() - loaded) / 1_000_000;

        System.out.printf("       both tables were back %d ms after modprobe%n", millis);
        assertThat(millis).isLessThan(10_000);
        cluster.awaitReady(service, LIMIT);
        cluster.awaitSingleHolder("192.0.2.122", LIMIT);
        assertThat(Traffic.get(client(), "192.0.2.122:80", 10, TIMEOUT).answered())
                .isEqualTo(10);
    }

    @Test
    void theAgentTellsTrafficAndConnectionsToItsNodeOnly() {
        VirtualService service = demoLike("traffic", "192.0.2.118");
        cluster.awaitReady(service, LIMIT);
        Host active = cluster.awaitSingleHolder("192.0.2.118", LIMIT);

        assertThat(Traffic.get(client(), "192.0.2.118:80", 20, TIMEOUT).answered())
                .isEqualTo(20);

        awaitMetric(active, "lvs_virtual_server_connections_total", "192.0.2.118", List.of("20.0"));
        awaitMetric(active, "lvs_real_server_connections_total", "192.0.2.118", List.of("10.0", "10.0"));
        assertThat(agent(active, "/connections/summary?vip=192.0.2.118:80")).startsWith("{\"total\":20,");
        assertThat(agent(active, "/connections?vip=192.0.2.118:80&limit=5"))
                .contains("\"client\":\"" + client().ipv4() + ":", "\"continue\":");
        assertThat(client().tryExec(get(active.ipv4(), "/connections")).exit()).isNotZero();

        service(
                "traffic",
                "DR",
                "rr",
                "addresses: [{value: 192.0.2.118}]",
                "ports: [{name: http, port: 80}]",
                "realServers: [{nodes: {selector: {matchLabels: {role: web}}}}]",
                "metrics: {detail: Service}");
        awaitMetric(active, "lvs_real_server_connections_total", "192.0.2.118", List.of());
        awaitMetric(active, "lvs_virtual_server_connections_total", "192.0.2.118", List.of("20.0"));
    }

    /** The values that the agent of a host gives for a VIP. */
    private void awaitMetric(Host host, String metric, String vip, List<String> values) {
        LvsCluster.await(
                metric + " to be " + values,
                LIMIT,
                () -> agent(host, "/metrics")
                        .lines()
                        .filter(line -> line.startsWith(metric + "{") && line.contains("vip=\"" + vip + "\""))
                        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                        .toList()
                        .equals(values),
                () -> agent(host, "/metrics"));
    }

    private static String agent(Host host, String path) {
        return host.exec(get("127.0.0.1", path)).out();
    }

    /** Not by busybox: being static, its wget may crash in the C library's name service. */
    private static String[] get(String address, String path) {
        String script = """
                import sys, urllib.request
                direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                sys.stdout.write(direct.open(sys.argv[1], timeout=5).read().decode())
                """;
        return new String[] {"python3", "-c", script, "http://" + address + ":9470" + path};
    }

    /** Three hosts outside the cluster's hands: one without the VIP, one where nobody listens, and one that is well. */
    @Test
    void realServersThatDoNotAnswerAreNamedWithTheLikelyCause() {
        String vip = "192.0.2.119";
        String withoutVip = cluster.host("rs1").ipv4();
        Host listening = cluster.host("rs2");
        listening.setting("net/ipv4/conf/eth0/arp_ignore", "1");
        listening.setting("net/ipv4/conf/eth0/arp_announce", "2");
        listening.exec("ip", "address", "add", vip + "/32", "dev", "lo");
        VirtualService service = service(
                "silent",
                "DR",
                "rr",
                "addresses: [{value: %s}]".formatted(vip),
                "ports: [{name: http, port: 80}, {name: nobody, port: 81}]",
                "realServers: [{address: %s}, {address: %s}]".formatted(withoutVip, listening.ipv4()));
        cluster.awaitReady(service, LIMIT);
        Host active = cluster.awaitSingleHolder(vip, LIMIT);

        Traffic.Spread spread = Traffic.get(client(), vip + ":80", 20, TIMEOUT);

        assertThat(spread.answers()).containsOnlyKeys("rs2");
        LvsCluster.await(
                "both real servers to be named",
                LIMIT,
                () -> {
                    Traffic.get(client(), vip + ":80", 4, TIMEOUT);
                    Traffic.get(client(), vip + ":81", 8, TIMEOUT);
                    return cluster.condition(service, "Degraded")
                            .filter(c -> c.message().contains(withoutVip + ":80 of TCP")
                                    && c.message().contains(listening.ipv4() + ":81 of TCP"))
                            .isPresent();
                },
                () -> String.valueOf(cluster.condition(service, "Degraded")));
        Condition degraded = cluster.condition(service, "Degraded").orElseThrow();
        assertThat(degraded.reason()).isEqualTo("RealServerNotAnswering");
        assertThat(degraded.message())
                .contains("'" + active.name() + "'", "does not hold the VIP on lo", "nobody listens on " + vip + ":81")
                .doesNotContain(listening.ipv4() + ":80 of");
        cluster.awaitEvent("RealServerNotAnswering", LIMIT);

        Host mended = cluster.host("rs1");
        mended.setting("net/ipv4/conf/eth0/arp_ignore", "1");
        mended.setting("net/ipv4/conf/eth0/arp_announce", "2");
        mended.exec("ip", "address", "add", vip + "/32", "dev", "lo");
        LvsCluster.await(
                "the condition to name the mended real server no more",
                LIMIT,
                () -> {
                    Traffic.get(client(), vip + ":80", 4, TIMEOUT);
                    return cluster.condition(service, "Degraded")
                            .filter(c -> !c.message().contains(withoutVip + ":80 of TCP"))
                            .isPresent();
                },
                () -> String.valueOf(cluster.condition(service, "Degraded")));
        for (String name : List.of("rs1", "rs2")) {
            cluster.host(name).exec("ip", "address", "del", vip + "/32", "dev", "lo");
            cluster.host(name).setting("net/ipv4/conf/eth0/arp_ignore", "0");
            cluster.host(name).setting("net/ipv4/conf/eth0/arp_announce", "0");
        }
    }

    @Test
    void foreignServicesStayUntouched() {
        VirtualService service = demoLike("foreign", "192.0.2.113");
        cluster.host("d1").exec("ipvsadm", "-A", "-t", "198.51.100.1:99", "-s", "wrr");

        cluster.awaitReady(service, LIMIT);
        cluster.delete(service);

        assertThat(cluster.ipvsTable("d1")).contains("198.51.100.1:99");
        cluster.host("d1").exec("ipvsadm", "-D", "-t", "198.51.100.1:99");
    }

    @Test
    void theClientNoticesNothingOfAnAgentThatIsKilledOnTheBackup() {
        VirtualService service = demoLike("killed", "192.0.2.114");
        cluster.awaitReady(service, LIMIT);
        Host active = cluster.awaitSingleHolder("192.0.2.114", LIMIT);
        String backup = active.name().equals("d1") ? "d2" : "d1";
        Traffic.Requests requests =
                Traffic.requests(client(), "192.0.2.114:80", Duration.ofMillis(50), Duration.ofSeconds(1));
        String table = cluster.ipvsTable(backup);

        cluster.node(backup).killPods();

        assertThat(cluster.ipvsTable(backup)).isEqualTo(table);
        LvsCluster.await(
                "the agent of " + backup + " to be back",
                LIMIT,
                () -> cluster.restartsOn(backup) > 0,
                () -> backup + " restarts " + cluster.restartsOn(backup));
        cluster.awaitReady(service, LIMIT);
        assertThat(requests.finish().failures()).isEmpty();
        assertThat(cluster.ipvsTable(backup)).isEqualTo(table);
    }

    @Test
    void heldStreamsLiveThroughARestartOfTheirDirectorsAgentAndTheAbsenceOfTheOperator() {
        VirtualService service = demoLike("held", "192.0.2.123");
        cluster.awaitReady(service, LIMIT);
        Host active = cluster.awaitSingleHolder("192.0.2.123", LIMIT);
        Host backup = cluster.host(active.name().equals("d1") ? "d2" : "d1");
        int restarts = cluster.restartsOn(active.name());
        String table = cluster.ipvsTable(active.name());
        cluster.stopOperator();
        // Or it would take the VIP over, and it is the restarted agent that is to be seen.
        backup.pullCable();
        try {
            awaitWithoutLease(active, "192.0.2.123");
            Traffic.Streams streams = Traffic.hold(client(), "192.0.2.123:80", 4, Duration.ofMillis(50));

            cluster.node(active.name()).killPods();

            LvsCluster.await(
                    "the agent of " + active.name() + " to be back",
                    LIMIT,
                    () -> cluster.restartsOn(active.name()) > restarts,
                    () -> "restarts: " + cluster.restartsOn(active.name()));
            awaitProgrammed(active);
            assertThat(cluster.ipvsTable(active.name())).isEqualTo(table);
            assertThat(agent(active, "/metrics")).doesNotContain("lvs_agent_changes_total{");

            service(
                    "held",
                    "DR",
                    "wlc",
                    "addresses: [{value: 192.0.2.123}]",
                    "ports: [{name: http, port: 80}]",
                    "realServers: [{nodes: {selector: {matchLabels: {role: web}}}}]");
            cluster.startOperator();
            LvsCluster.await(
                    "the edit to arrive at " + active.name(),
                    LIMIT,
                    () -> cluster.ipvsTable(active.name())
                            .equals(table.replace("-A -t 192.0.2.123:80 -s rr", "-A -t 192.0.2.123:80 -s wlc")),
                    () -> cluster.ipvsTable(active.name()));
            List<Traffic.Stream> held = streams.finish();
            System.out.printf("       the held streams: %s%n", held);
            assertThat(held)
                    .hasSize(4)
                    .allSatisfy(stream -> assertThat(stream.end()).isEqualTo("open"));
        } finally {
            cluster.startOperator();
            backup.plugCable();
        }
        cluster.awaitReady(service, LIMIT);
    }

    @Test
    void heldStreamsLiveThroughAFailoverAndTheWayBack() {
        String vip = "192.0.2.124";
        VirtualService service = demoLike("failover", vip);
        cluster.awaitReady(service, LIMIT);
        awaitPreferred(vip);
        Host active = cluster.host("d1");
        Host backup = cluster.host("d2");
        Traffic.Streams streams = Traffic.hold(client(), vip + ":80", 4, Duration.ofMillis(100));
        LvsCluster.await(
                "the streams to be known to the backup",
                LIMIT,
                () -> connections(backup)
                                .lines()
                                .filter(line -> line.contains("ESTABLISHED") && line.contains(vip + ":80"))
                                .count()
                        == 4,
                () -> connections(backup) + backup.exec("ipvsadm", "-L", "--daemon"));

        active.pullCable();
        try {
            cluster.awaitHolder(vip, backup.name(), LIMIT);
            assertThat(Traffic.get(client(), vip + ":80", 4, TIMEOUT).answered())
                    .as("new connections by the backup")
                    .isEqualTo(4);
        } finally {
            active.plugCable();
        }
        cluster.awaitHolder(vip, active.name(), LIMIT);
        assertThat(Traffic.get(client(), vip + ":80", 4, TIMEOUT).answered())
                .as("new connections by the preferred director")
                .isEqualTo(4);

        List<Traffic.Stream> held = streams.finish();
        System.out.printf("       the held streams: %s%n", held);
        assertThat(held)
                .hasSize(4)
                .allSatisfy(stream -> assertThat(stream.end()).isEqualTo("open"));
    }

    private static String connections(Host director) {
        return director.exec("ipvsadm", "-Lnc").out();
    }

    /** Nobody else lives: the VIP has no end any more. */
    private static void awaitWithoutLease(Host director, String vip) {
        LvsCluster.await(
                "the VIP %s on %s to have no end".formatted(vip, director.name()),
                LIMIT,
                () -> lifetimes(director)
                        .lines()
                        .anyMatch(line -> line.contains(vip + "/") && line.contains("valid_lft forever")),
                () -> lifetimes(director));
    }

    private static String lifetimes(Host director) {
        return director.exec("ip", "-oneline", "address", "show", "dev", Host.INTERFACE)
                .out();
    }

    /** The first VIP begins an election: the backup may be a moment ahead of the preferred director, which takes it then. */
    private void awaitPreferred(String... vips) {
        for (String vip : vips) {
            cluster.awaitHolder(vip, "d1", LIMIT);
        }
    }

    private void awaitProgrammed(Host host) {
        LvsCluster.await(
                "the agent of " + host.name() + " to have programmed its node",
                LIMIT,
                () -> host.tryExec(get("127.0.0.1", "/metrics")).out().contains("lvs_agent_programmed 1.0"),
                () -> host.tryExec(get("127.0.0.1", "/metrics")).toString());
    }

    @Test
    void withoutTheApiServerNothingIsDeletedAndAllComesBackFromDisk() {
        VirtualService service = demoLike("alone", "192.0.2.119");
        cluster.awaitReady(service, LIMIT);
        Host active = cluster.awaitSingleHolder("192.0.2.119", LIMIT);
        Host backup = cluster.host(active.name().equals("d1") ? "d2" : "d1");
        List<String> table = servicesOf(backup);
        List<String> nodes = List.of("d1", "d2", "rs1");
        nodes.forEach(node -> cluster.host(node).linkDown(Host.MANAGEMENT_INTERFACE));
        Traffic.Requests requests =
                Traffic.requests(client(), "192.0.2.119:80", Duration.ofMillis(50), Duration.ofSeconds(1));
        try {
            backup.exec("ipvsadm", "-C");
            awaitTable(backup, table);

            cluster.node(backup.name()).killPods();
            assertThat(servicesOf(backup)).isEqualTo(table);
            // As a reboot leaves it.
            backup.exec("ipvsadm", "-C");
            backup.exec("ipvsadm", "--set", "900", "120", "300");
            awaitTable(backup, table);
            LvsCluster.await(
                    "the timeouts that the fleet asks for",
                    LIMIT,
                    () -> timeouts(backup).contains("900 120 299"),
                    () -> timeouts(backup));
            assertThat(requests.finish().failures()).isEmpty();

            cluster.node("rs1").killPods();
            Host realServer = cluster.host("rs1");
            realServer.exec("ip", "address", "del", "192.0.2.119/32", "dev", "lo");
            realServer.setting("net/ipv4/conf/eth0/arp_ignore", "0");
            realServer.setting("net/ipv4/conf/eth0/arp_announce", "0");
            LvsCluster.await(
                    "the VIP on lo of rs1 and its ARP settings",
                    LIMIT,
                    () -> realServer.addresses("lo").contains("192.0.2.119/32")
                            && realServer
                                    .setting("net/ipv4/conf/eth0/arp_ignore")
                                    .equals("1")
                            && realServer
                                    .setting("net/ipv4/conf/eth0/arp_announce")
                                    .equals("2"),
                    () -> realServer.addresses("lo").toString());
            assertThat(servicesOf(active)).isEqualTo(table);
        } finally {
            nodes.forEach(node -> cluster.host(node).linkUp(Host.MANAGEMENT_INTERFACE));
        }
        cluster.awaitReady(service, LIMIT);
    }

    private static String timeouts(Host director) {
        return director.exec("ipvsadm", "-L", "--timeout").out();
    }

    private void awaitTable(Host director, List<String> table) {
        LvsCluster.await(
                "the table of " + director.name() + " to be back",
                LIMIT,
                () -> servicesOf(director).equals(table),
                () -> table + ", but " + servicesOf(director));
    }

    /**
     * Real servers that joined one by one stand in another order than those that are added again at once, and a family that has no
     * service any more gets no placeholder again.
     */
    private List<String> servicesOf(Host director) {
        return cluster.ipvsTable(director.name())
                .lines()
                .filter(line -> !line.startsWith("-A -f 2113929232 "))
                .sorted()
                .toList();
    }

    @Test
    void aSchedulerThatTheKernelLacksIsNamedWithTheNodes() {
        VirtualService service = service(
                "twos",
                "DR",
                "twos",
                "addresses: [{value: 192.0.2.115}]",
                "ports: [{name: http, port: 80}]",
                "realServers: [{nodes: {selector: {matchLabels: {role: web}}}}]");
        LvsNode director =
                cluster.client().resources(LvsNode.class).withName("d1").require();
        String offered = Objects.requireNonNull(director.getStatus().capabilities())
                .schedulers()
                .toString();
        assertThat(offered).as("this kernel is expected to lack twos").doesNotContain("TWOS");
        assertThat(director.getStatus().capabilities().kernelVersion())
                .isEqualTo(cluster.host("d1").exec("uname", "-r").out().strip());
        assertThat(director.getStatus().capabilities().addressFamilies()).containsExactly(AddressFamily.values());
        assertThat(director.getStatus().capabilities().features()).containsExactly(KernelFeature.values());

        Condition accepted =
                cluster.awaitCondition(service, "Accepted", c -> c.status() == ConditionStatus.FALSE, LIMIT);

        assertThat(accepted.reason()).isEqualTo("SchedulerNotAvailable");
        assertThat(accepted.message()).contains("twos").contains("d1").contains("d2");
    }

    @Test
    void aMissingInterfaceIsNamedWithNodeAndCauseAndStopsNothingElse() {
        VirtualService service = demoLike("healthy", "192.0.2.116");
        DirectorFleet broken = cluster.apply(DirectorFleet.class, FLEET.formatted("broken", "interface: eth7", 62));

        LvsCluster.await(
                "the fleet to be Degraded",
                LIMIT,
                () -> degradedBy(broken, "eth7"),
                () -> String.valueOf(cluster.condition(broken, "Degraded")));
        cluster.awaitReady(service, LIMIT);
        awaitPreferred("192.0.2.116");
        assertThat(Traffic.get(client(), "192.0.2.116:80", 10, TIMEOUT).answered())
                .isEqualTo(10);
        cluster.delete(broken);
    }

    @Test
    void anAgentWithoutNetAdminIsNamedAndStopsNothingElse() {
        try (ProcessNode locked = cluster.join("rs3", Map.of("role", "locked"), "unshare", "--user")) {
            VirtualService service = service(
                    "locked",
                    "DR",
                    "rr",
                    "addresses: [{value: 192.0.2.118}]",
                    "ports: [{name: http, port: 80}]",
                    "realServers: [{nodes: {selector: {matchLabels: {role: web}}}}, {nodes: {selector: {matchLabels: {role: locked}}}}]");

            Condition programmed = cluster.awaitCondition(
                    service, "Programmed", c -> c.reason().equals("ApplyFailed"), LIMIT);

            assertThat(programmed.message())
                    .contains("NoPermission")
                    .contains("NET_ADMIN")
                    .contains(locked.name());
            cluster.awaitSingleHolder("192.0.2.118", LIMIT);
            assertThat(Traffic.get(client(), "192.0.2.118:80", 20, TIMEOUT).answers())
                    .containsOnlyKeys("rs1", "rs2");
            cluster.delete(service);
        }
    }

    @Test
    void aNodeReportsItselfAgainWhenSomebodyDeletedItsLvsNode() {
        VirtualService service = demoLike("again", "192.0.2.119");
        cluster.awaitReady(service, LIMIT);
        String uid = cluster.lvsNode("rs1").orElseThrow().getMetadata().getUid();

        cluster.client().resources(LvsNode.class).withName("rs1").delete();

        LvsCluster.await(
                "another LvsNode rs1 with a status",
                LIMIT,
                () -> cluster.lvsNode("rs1")
                        .filter(node -> !node.getMetadata().getUid().equals(uid) && node.getStatus() != null)
                        .isPresent(),
                () -> String.valueOf(cluster.lvsNode("rs1")));
        cluster.awaitReady(service, LIMIT);
    }

    @Test
    void aDeletedServiceLeavesNothingBehind() {
        VirtualService service = demoLike("gone", "192.0.2.117");
        cluster.awaitReady(service, LIMIT);

        cluster.delete(service);

        for (String director : List.of("d1", "d2")) {
            assertThat(cluster.ipvsTable(director)).doesNotContain("192.0.2.117");
            assertThat(untracked(cluster.host(director))).doesNotContain("192.0.2.117");
            assertThat(cluster.host(director).addresses("eth0")).noneMatch(a -> a.startsWith("192.0.2.117"));
        }
        for (String realServer : List.of("rs1", "rs2")) {
            assertThat(cluster.host(realServer).addresses("lo")).noneMatch(a -> a.startsWith("192.0.2.117"));
            assertThat(cluster.host(realServer).setting("net/ipv4/conf/eth0/arp_ignore"))
                    .isEqualTo("0");
        }
    }

    /** What conntrack passes over there, as nft shows it. */
    private static String untracked(Host director) {
        return director.tryExec("nft", "list", "table", "inet", "lvs-operator").out();
    }

    private boolean degradedBy(DirectorFleet broken, String words) {
        return cluster.condition(broken, "Degraded")
                .filter(c -> c.status() == ConditionStatus.TRUE
                        && c.message().contains(words)
                        && c.message().contains("d1"))
                .isPresent();
    }

    private Host client() {
        return cluster.host(LvsCluster.CLIENT);
    }

    private VirtualService demoLike(String name, String vip) {
        return service(
                name,
                "DR",
                "rr",
                "addresses: [{value: %s}]".formatted(vip),
                "ports: [{name: http, port: 80}]",
                "realServers: [{nodes: {selector: {matchLabels: {role: web}}}}]");
    }

    private VirtualService service(String name, String method, String scheduler, String... lines) {
        return cluster.apply(
                VirtualService.class,
                """
                apiVersion: lvs-operator.io/v1alpha1
                kind: VirtualService
                metadata: {name: %s, namespace: %s}
                spec:
                  fleetRef: {name: fleetit}
                  forwarding: {method: %s}
                  scheduler: {name: %s}
                """.formatted(name, NAMESPACE, method, scheduler) + "  " + String.join("\n  ", lines) + "\n");
    }
}
