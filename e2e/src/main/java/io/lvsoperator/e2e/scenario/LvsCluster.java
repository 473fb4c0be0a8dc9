package io.lvsoperator.e2e.scenario;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.installation.Installation;
import io.lvsoperator.e2e.lab.Host;
import io.lvsoperator.e2e.lab.Lab;
import io.lvsoperator.e2e.lab.ManagementNetwork;
import io.lvsoperator.e2e.lab.ProcessNode;
import io.lvsoperator.e2e.lab.Traffic;
import io.lvsoperator.e2e.lab.kubelet.Conflicts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Directors, real servers (nodes of the cluster, with an HTTP server each) and a client on one segment. The operator is
 * installed already ({@code e2e/installation}); its agents run as processes on the lab's hosts.
 */
public final class LvsCluster implements AutoCloseable {
    /** Label of the directors; its value is the lab's name. */
    public static final String DIRECTOR_LABEL = "lvs-operator.io/director";

    public static final String CLIENT = "client";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PROGRESS = Duration.ofSeconds(10);
    private static final Duration OPERATOR_LIMIT = Duration.ofMinutes(1);
    private static final Duration DELETION_LIMIT = Duration.ofMinutes(5);

    private final Lab lab;
    private final KubernetesClient client;
    private final Path kubeconfig;
    private final Map<String, ProcessNode> nodes = new LinkedHashMap<>();

    private LvsCluster(Lab lab, KubernetesClient client, Path kubeconfig) {
        this.lab = lab;
        this.client = client;
        this.kubeconfig = kubeconfig;
    }

    /**
     * Builds the lab and registers its nodes.
     *
     * @param kubeconfig of an administrator
     * @param name of the lab, and the value of the directors' label; the real servers have the label {@code role: web}
     */
    public static LvsCluster start(Path kubeconfig, String name, List<String> directors, List<String> realServers) {
        return start(kubeconfig, name, directors, realServers, List.of());
    }

    /** With further real servers, which serve but are no nodes before they {@link #join}. */
    public static LvsCluster start(
            Path kubeconfig,
            String name,
            List<String> directors,
            List<String> realServers,
            List<String> furtherRealServers) {
        Lab.Builder builder = Lab.named(name).client(CLIENT);
        directors.forEach(builder::director);
        realServers.forEach(builder::realServer);
        furtherRealServers.forEach(builder::realServer);
        Lab lab = builder.build();
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(ManagementNetwork.clientConfig(kubeconfig))
                .build();
        LvsCluster cluster = new LvsCluster(lab, client, kubeconfig);
        try {
            directors.forEach(d -> cluster.join(d, Map.of(DIRECTOR_LABEL, name)));
            realServers.forEach(r -> cluster.join(r, Map.of("role", "web")));
            Stream.concat(realServers.stream(), furtherRealServers.stream())
                    .forEach(r -> Traffic.serve(lab.host(r), r, ":80", ":8080"));
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Makes a host a node.
     *
     * @param wrapper command in front of that of the agent, such as one that takes capabilities away from it
     */
    public ProcessNode join(String host, Map<String, String> labels, String... wrapper) {
        List<String> entryPoint = new ArrayList<>(List.of(wrapper));
        entryPoint.add(Clone.file("node-agent/bin/node-agent").toString());
        ProcessNode.Builder builder = ProcessNode.on(lab, host)
                .kubeconfig(kubeconfig)
                .label("kubernetes.io/hostname", host)
                .image("lvs-operator/node-agent", entryPoint, Map.of("JAVA_HOME", System.getProperty("java.home")));
        labels.forEach(builder::label);
        ProcessNode node = builder.start();
        nodes.put(host, node);
        return node;
    }

    public Lab lab() {
        return lab;
    }

    public KubernetesClient client() {
        return client;
    }

    public Host host(String name) {
        return lab.host(name);
    }

    /** The node on the host of this name. */
    public ProcessNode node(String name) {
        return Optional.ofNullable(nodes.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no node " + name + ", but " + nodes.keySet()));
    }

    /** The host that holds an address on its eth0, when exactly one does. */
    public Optional<Host> holderOf(String vip) {
        List<Host> holders = lab.hosts().stream()
                .filter(host -> host.addresses(Host.INTERFACE).stream().anyMatch(a -> a.startsWith(vip + "/")))
                .toList();
        return holders.size() == 1 ? Optional.of(holders.getFirst()) : Optional.empty();
    }

    /** Waits until exactly one host holds an address on its eth0. */
    public Host awaitSingleHolder(String vip, Duration limit) {
        // Kept as it was seen: a moment later there may be none or two again.
        List<Host> seen = new ArrayList<>();
        await(
                "exactly one holder of " + vip,
                limit,
                () -> holderOf(vip).map(seen::add).isPresent(),
                () -> "not exactly one");
        return seen.getFirst();
    }

    /** Waits until this host holds an address on its eth0, and nobody else does. */
    public void awaitHolder(String vip, String host, Duration limit) {
        await(
                host + " to hold " + vip + " alone",
                limit,
                () -> holderOf(vip).filter(holder -> holder.name().equals(host)).isPresent(),
                () -> String.valueOf(holderOf(vip).map(Host::name)));
    }

    /** What the kernel of a host has in its IPVS table, in ipvsadm's words. */
    public String ipvsTable(String host) {
        return lab.host(host).exec("ipvsadm", "-Sn").out();
    }

    /** Resident memory of the agent on a host in MiB (VmRSS of proc(5)); empty where none runs. */
    public Optional<Long> agentMemory(String host) {
        String namespace = lab.host(host).namespace();
        return lab.host(host)
                .exec(
                        "sh",
                        "-c",
                        "for p in $(ip netns pids %s); do ".formatted(namespace)
                                + "if grep -aq 'node-agent.*[.]jar' /proc/$p/cmdline; then sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$p/status; fi; done")
                .out()
                .lines()
                .map(line -> Long.parseLong(line) / 1024)
                .findFirst();
    }

    /** The condition of a service, if it has been set for the newest generation. */
    public Optional<Condition> condition(VirtualService service, String type) {
        VirtualService now = client.resource(service).get();
        return now == null || now.getStatus() == null
                ? Optional.empty()
                : find(now, now.getStatus().conditions(), type);
    }

    /** The condition of a fleet, if it has been set for the newest generation. */
    public Optional<Condition> condition(DirectorFleet fleet, String type) {
        DirectorFleet now = client.resource(fleet).get();
        return now == null || now.getStatus() == null
                ? Optional.empty()
                : find(now, now.getStatus().conditions(), type);
    }

    private static Optional<Condition> find(HasMetadata object, @Nullable List<Condition> conditions, String type) {
        return Stream.ofNullable(conditions)
                .flatMap(List::stream)
                .filter(condition -> condition.type().equals(type))
                .filter(condition -> object.getMetadata().getGeneration().equals(condition.observedGeneration()))
                .findFirst();
    }

    /** Applies an object on behalf of a user; what the API server makes of it. */
    public <T extends HasMetadata> T apply(Class<T> type, String yaml) {
        return Optional.ofNullable(
                        client.resource(Serialization.unmarshal(yaml, type)).serverSideApply())
                .orElseThrow();
    }

    /** What the node of this name says of itself. */
    public Optional<LvsNode> lvsNode(String name) {
        return Optional.ofNullable(
                client.resources(LvsNode.class).withName(name).get());
    }

    /** How often containers on a node that are ready now were started again. */
    public int restartsOn(String node) {
        return client.pods().inAnyNamespace().list().getItems().stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .filter(status -> Boolean.TRUE.equals(status.getReady()))
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }

    /** Waits until the condition of a service, in its newest generation, is as wanted. */
    public Condition awaitCondition(VirtualService service, String type, Predicate<Condition> wanted, Duration limit) {
        // Kept as it was seen: it may change again.
        List<Condition> seen = new ArrayList<>();
        await(
                type + " of " + service.getMetadata().getName(),
                limit,
                () -> condition(service, type).filter(wanted).map(seen::add).isPresent(),
                () -> String.valueOf(condition(service, type)));
        return seen.getFirst();
    }

    /** Stops the operator; returns when its process is gone. */
    public void stopOperator() {
        wantOperator(Installation.ABSENT);
    }

    /** Starts the operator again; its process runs when this returns, but it may not lead yet. */
    public void startOperator() {
        wantOperator(Installation.RUNNING);
    }

    private void wantOperator(String state) {
        Resource<Namespace> namespace = client.namespaces().withName(Installation.NAMESPACE);
        Conflicts.retried(() -> namespace.edit(now -> new NamespaceBuilder(now)
                .editMetadata()
                .addToAnnotations(Installation.WANTED, state)
                .endMetadata()
                .build()));
        await(
                "the operator to be " + state,
                OPERATOR_LIMIT,
                () -> state.equals(
                        namespace.require().getMetadata().getAnnotations().get(Installation.FOUND)),
                () -> String.valueOf(namespace.require().getMetadata().getAnnotations()));
    }

    /** Waits for an event with this reason. */
    public void awaitEvent(String reason, Duration limit) {
        await(
                "event " + reason,
                limit,
                () -> client.v1().events().inAnyNamespace().list().getItems().stream()
                        .anyMatch(event -> reason.equals(event.getReason())),
                () -> "other events");
    }

    /** Waits until a service is Ready in its newest generation. */
    public void awaitReady(VirtualService service, Duration limit) {
        await(
                "VirtualService " + service.getMetadata().getName() + " to be Ready",
                limit,
                () -> condition(service, "Ready")
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .isPresent(),
                () -> String.valueOf(client.resource(service).get()));
    }

    /**
     * Looks again and again.
     *
     * @throws IllegalStateException after {@code limit}, with what {@code found} says there is instead
     */
    public static void await(String what, Duration limit, Supplier<Boolean> holds, Supplier<String> found) {
        long started = System.nanoTime();
        long nextWord = started + PROGRESS.toNanos();
        while (!holds.get()) {
            long now = System.nanoTime();
            if (now > nextWord) {
                System.out.printf("       … waiting for %s: %d s%n", what, (now - started) / 1_000_000_000);
                nextWord = now + PROGRESS.toNanos();
            }
            if (now - started > limit.toNanos()) {
                throw new IllegalStateException(
                        "waited %d s for %s, and found: %s".formatted(limit.toSeconds(), what, found.get()));
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }

    /** Deletes a service or fleet and waits until it is gone. */
    public void delete(HasMetadata object) {
        client.resource(object).delete();
        await(
                object.getKind() + " " + object.getMetadata().getName() + " to be gone",
                DELETION_LIMIT,
                () -> client.resource(object).get() == null,
                () -> String.valueOf(client.resource(object).get()));
    }

    @Override
    public void close() {
        try {
            lab.close();
        } finally {
            client.close();
        }
    }
}
