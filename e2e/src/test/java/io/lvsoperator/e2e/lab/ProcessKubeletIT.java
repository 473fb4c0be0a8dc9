package io.lvsoperator.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.WithControlPlane;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Process nodes with a real API server, scheduler and DaemonSet controller. */
@Tag("network")
@WithControlPlane
class ProcessKubeletIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String NAMESPACE = "process-kubelet";
    private static final String NODE = "pk-node";

    private static KubernetesClient client;
    private static Config config;
    private static Lab lab;
    private static ProcessNode node;

    @BeforeAll
    static void startNode(ControlPlane controlPlane) {
        config = ManagementNetwork.clientConfig(controlPlane.kubeconfig());
        client = new KubernetesClientBuilder().withConfig(config).build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .addToLabels("pod-security.kubernetes.io/enforce", "privileged")
                        .endMetadata()
                        .build())
                .serverSideApply();
        lab = Lab.named("pk").director(NODE).build();
        node = ProcessNode.on(lab, NODE)
                .kubeconfig(controlPlane.kubeconfig())
                .label("lab", "pk")
                .image("lab/tool", List.of("/bin/false"), Map.of())
                .image("lab/server", List.of(Traffic.program().toString(), "serve", "--name", "pod"), Map.of())
                .start();
    }

    @AfterAll
    static void stopNode() {
        client.namespaces().withName(NAMESPACE).delete();
        await().atMost(LIMIT)
                .until(() ->
                        client.pods().inNamespace(NAMESPACE).list().getItems().isEmpty());
        lab.close();
        assertThat(client.nodes().withName(NODE).get()).isNull();
        client.close();
    }

    @AfterEach
    void removePods() {
        client.apps().daemonSets().inNamespace(NAMESPACE).delete();
        client.pods().inNamespace(NAMESPACE).delete();
        await().atMost(LIMIT)
                .until(() ->
                        client.pods().inNamespace(NAMESPACE).list().getItems().isEmpty());
    }

    @Test
    void daemonSetsPodBecomesAProcessOnTheNode() {
        // Given / When
        apply("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: facts, namespace: process-kubelet}
                spec:
                  selector: {matchLabels: {app: facts}}
                  template:
                    metadata: {labels: {app: facts}}
                    spec:
                      hostNetwork: true
                      nodeSelector: {lab: pk}
                      terminationGracePeriodSeconds: 20
                      containers:
                      - name: facts
                        image: lab/tool:1
                        command:
                        - sh
                        - -c
                        - |
                          tr '\\0' '\\n' </proc/self/environ >/lab-out/environment
                          grep CapBnd /proc/self/status >/lab-out/capabilities
                          ip -oneline address show dev eth0 >/lab-out/addresses
                          cp /var/run/secrets/kubernetes.io/serviceaccount/* /lab-out/
                          echo "1 tcp $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT 20000" | @TRAFFIC@ probe >/lab-out/api-server
                          touch /lab-root 2>/lab-out/read-only-root
                          echo 1 2>/lab-out/read-only-settings >/proc/sys/net/ipv4/ip_forward
                          echo done >/lab-out/done
                          trap 'echo TERM >/lab-out/end; exit 0' TERM
                          while :; do sleep 0.2; done
                        env:
                        - {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                        securityContext:
                          readOnlyRootFilesystem: true
                          capabilities: {drop: [ALL], add: [NET_ADMIN, NET_RAW]}
                        volumeMounts:
                        - {name: out, mountPath: /lab-out}
                      volumes:
                      - {name: out, hostPath: {path: /var/lib/facts, type: DirectoryOrCreate}}
                """.replace("@TRAFFIC@", Traffic.program().toString()));
        await().atMost(LIMIT).until(() -> Files.exists(out("done")) && isReady("app", "facts"));
        Pod pod = pod("app", "facts");

        // Then
        assertThat(text("environment").lines().map(line -> line.substring(0, line.indexOf('='))))
                .containsExactlyInAnyOrder(
                        "PATH",
                        "HOME",
                        "HOSTNAME",
                        "KUBERNETES_SERVICE_HOST",
                        "KUBERNETES_SERVICE_PORT",
                        "KUBERNETES_SERVICE_PORT_HTTPS",
                        "NODE_NAME");
        assertThat(text("environment")).contains("NODE_NAME=" + NODE);
        assertThat(text("capabilities")).contains("0000000000003000");
        assertThat(text("addresses")).contains(node.host().ipv4(), node.host().ipv6());
        assertThat(text("api-server")).isEqualTo("1 ok\n");
        assertThat(text("read-only-root")).contains("Read-only");
        assertThat(text("read-only-settings")).contains("Read-only");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(pod.getStatus().getPodIP()).isEqualTo(node.host().ipv4());
        assertThat(podOfToken(text("token"))).isEqualTo(pod.getMetadata().getName());
        assertThat(text("namespace")).isEqualTo(NAMESPACE);

        // When
        client.apps().daemonSets().inNamespace(NAMESPACE).withName("facts").delete();
        await().atMost(LIMIT).until(() -> pods("app", "facts").isEmpty());

        // Then
        assertThat(text("end")).isEqualTo("TERM\n");
        assertThat(processes()).noneMatch(line -> line.contains("sleep"));
    }

    @Test
    void killedProcessStartsAgainAndIsCounted() {
        // Given
        apply(serverPod("crash", "127.0.0.1:8081", 8081));
        await().atMost(LIMIT).until(() -> isReady("app", "crash"));

        // When
        node.killPods();

        // Then
        await().atMost(LIMIT).untilAsserted(() -> {
            ContainerStatus status =
                    pod("app", "crash").getStatus().getContainerStatuses().getFirst();
            assertThat(status.getRestartCount()).isEqualTo(1);
            assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(137);
            assertThat(status.getReady()).isTrue();
        });
    }

    @Test
    void failingLivenessProbeRestartsTheContainer() {
        // Given / When
        apply(serverPod("sick", "127.0.0.1:8083", 8099));

        // Then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(pod("app", "sick").getStatus().getContainerStatuses())
                        .anyMatch(status -> status.getRestartCount() > 0));
        assertThat(isReady("app", "sick")).isFalse();
    }

    @Test
    void podsStartAgainWhenPowerIsBack() {
        // Given
        apply(serverPod("power", "127.0.0.1:8082", 8082));
        await().atMost(LIMIT).until(() -> isReady("app", "power"));

        // When
        node.powerOff();
        List<String> whileOff = processes();
        node.powerOn();

        // Then
        assertThat(whileOff).isEmpty();
        await().atMost(LIMIT).untilAsserted(() -> {
            Pod pod = pod("app", "power");
            assertThat(pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                    .isEqualTo(1);
            assertThat(Readiness.isPodReady(pod)).isTrue();
        });
        assertThat(node.host().addresses(Host.INTERFACE))
                .contains(node.host().ipv4() + "/24", node.host().ipv6() + "/64");
    }

    @Test
    void podThatNoProcessCanBeIsReportedFailedWithTheReason() {
        // Given / When
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: own-network, namespace: process-kubelet, labels: {app: own-network}}
                spec:
                  nodeName: pk-node
                  containers: [{name: main, image: "lab/tool:1"}]
                """);

        // Then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(pod("app", "own-network").getStatus())
                        .satisfies(status -> assertThat(status.getPhase()).isEqualTo("Failed"))
                        .satisfies(status -> assertThat(status.getMessage()).contains("spec.hostNetwork")));
    }

    private static String serverPod(String name, String listen, int probedPort) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, namespace: process-kubelet, labels: {app: %1$s}}
                spec:
                  nodeName: pk-node
                  hostNetwork: true
                  terminationGracePeriodSeconds: 5
                  containers:
                  - name: server
                    image: lab/server:1
                    args: [--listen, "%2$s"]
                    livenessProbe: {httpGet: {host: 127.0.0.1, port: %3$d}, periodSeconds: 1, failureThreshold: 3}
                    readinessProbe: {httpGet: {host: 127.0.0.1, port: %3$d}, periodSeconds: 1}
                """.formatted(name, listen, probedPort);
    }

    private static void apply(String yaml) {
        client.resource(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    private static List<Pod> pods(String label, String value) {
        return client.pods()
                .inNamespace(NAMESPACE)
                .withLabel(label, value)
                .list()
                .getItems();
    }

    private static Pod pod(String label, String value) {
        return pods(label, value).getFirst();
    }

    private static boolean isReady(String label, String value) {
        return pods(label, value).stream().anyMatch(Readiness::isPodReady);
    }

    /** The pod that the API server takes the bearer of a token for. */
    private static String podOfToken(String token) {
        Config bearer = new ConfigBuilder(Config.empty())
                .withMasterUrl(config.getMasterUrl())
                .withCaCertData(config.getCaCertData())
                .withOauthToken(token)
                .build();
        try (KubernetesClient pod =
                new KubernetesClientBuilder().withConfig(bearer).build()) {
            SelfSubjectReview review = pod.resource(new SelfSubjectReview()).create();
            var user = review.getStatus().getUserInfo();
            assertThat(user.getUsername()).isEqualTo("system:serviceaccount:%s:default".formatted(NAMESPACE));
            return user.getExtra()
                    .getOrDefault("authentication.kubernetes.io/pod-name", List.of("none"))
                    .getFirst();
        }
    }

    /** The command lines of the pods' processes. */
    private static List<String> processes() {
        return Command.run(List.of("ip", "netns", "pids", node.host().namespace()))
                .out()
                .lines()
                .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                .flatMap(Optional::stream)
                .map(handle -> handle.info().commandLine().orElse(""))
                .filter(line -> !line.endsWith(" probe"))
                .toList();
    }

    private static Path out(String file) {
        return node.hostPath("/var/lib/facts").resolve(file);
    }

    private static String text(String file) {
        try {
            return Files.readString(out(file));
        } catch (IOException e) {
            throw new AssertionError("the pod did not write " + file, e);
        }
    }
}
