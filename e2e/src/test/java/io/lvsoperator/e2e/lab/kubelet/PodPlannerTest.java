package io.lvsoperator.e2e.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.lvsoperator.e2e.lab.kubelet.Plan.ContainerPlan;
import io.lvsoperator.e2e.lab.kubelet.Plan.ProbePlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPlannerTest {

    private static final NodeFacts NODE =
            new NodeFacts("d1", "lab-d1", List.of("192.0.2.11", "2001:db8::11"), "172.31.250.2", 6443, 1);

    private static final Images IMAGES = new Images(
            Map.of("registry.example:5000/agent", new Image(List.of("/opt/agent"), Map.of("JAVA_HOME", "/opt/java"))));

    @Test
    void containerHasTheImagesTheKubeletsAndItsOwnVariablesAndNoOthers() {
        // Given
        Pod pod = pod("""
                  env:
                  - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                  - {name: ADDRESSES, valueFrom: {fieldRef: {fieldPath: status.hostIPs}}}
                  - {name: ROLE, valueFrom: {fieldRef: {fieldPath: "metadata.labels['role']"}}}
                  - {name: TEXT, value: "$(NODE) $$(NODE) $(NOBODY)"}
                """);

        // When
        ContainerPlan container = onlyContainer(pod);

        // Then
        assertThat(container.environment())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                        Map.entry("HOME", "/root"),
                        Map.entry("HOSTNAME", "d1"),
                        Map.entry("JAVA_HOME", "/opt/java"),
                        Map.entry("KUBERNETES_SERVICE_HOST", "172.31.250.2"),
                        Map.entry("KUBERNETES_SERVICE_PORT", "6443"),
                        Map.entry("KUBERNETES_SERVICE_PORT_HTTPS", "6443"),
                        Map.entry("NODE", "d1"),
                        Map.entry("ADDRESSES", "192.0.2.11,2001:db8::11"),
                        Map.entry("ROLE", "edge"),
                        Map.entry("TEXT", "d1 $(NODE) $(NOBODY)")));
    }

    @Test
    void argsFollowTheImagesEntrypoint() {
        assertThat(onlyContainer(pod("  args: [--node, $(HOSTNAME)]\n")).command())
                .containsExactly("/opt/agent", "--node", "d1");
    }

    @Test
    void ownCommandReplacesTheImagesEntrypoint() {
        assertThat(onlyContainer(pod("  command: [/bin/true]\n")).command()).containsExactly("/bin/true");
    }

    @Test
    void droppingAllLeavesWhatIsAdded() {
        // Given
        Pod pod = pod("  securityContext: {capabilities: {drop: [ALL], add: [NET_ADMIN, CAP_NET_RAW]}}\n");

        // When
        ContainerPlan container = onlyContainer(pod);

        // Then
        assertThat(container.identity().capabilities()).containsExactly("NET_ADMIN", "NET_RAW");
    }

    @Test
    void probeGoesToTheNodesAddressWhereItNamesNoHost() {
        // Given
        Pod pod = pod("""
                  ports: [{name: health, containerPort: 9440}]
                  livenessProbe: {httpGet: {path: /livez, port: health}, periodSeconds: 3}
                """);

        // When
        ContainerPlan container = onlyContainer(pod);

        // Then
        assertThat(container.liveness())
                .isEqualTo(new ProbePlan(
                        "http",
                        "http://192.0.2.11:9440/livez",
                        Duration.ZERO,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        3,
                        1));
    }

    @Test
    void emulatedNodeIsPatientBeforeItEndsAContainerButNotBeforeItCallsItUnready() {
        // Given
        NodeFacts emulated = new NodeFacts("d1", "lab-d1", List.of("192.0.2.11"), "172.31.250.2", 6443, 5);
        Pod pod = pod("""
                  livenessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 2, failureThreshold: 2}
                  readinessProbe: {tcpSocket: {port: 80}, failureThreshold: 2}
                """);

        // When
        Plan plan = PodPlanner.plan(pod, emulated, IMAGES);

        // Then
        Duration second = Duration.ofSeconds(1);
        Duration period = Duration.ofSeconds(10);
        assertThat(plan)
                .asInstanceOf(type(Plan.Run.class))
                .extracting(run -> run.containers().getFirst())
                .extracting(ContainerPlan::liveness, ContainerPlan::readiness)
                .containsExactly(
                        new ProbePlan(
                                "tcp", "192.0.2.11:80", second.multipliedBy(10), period, second.multipliedBy(5), 10, 1),
                        new ProbePlan("tcp", "192.0.2.11:80", Duration.ZERO, period, second.multipliedBy(5), 2, 1));
    }

    @Test
    void unknownImageWaitsAndNamesTheKnownOnes() {
        // Given
        Pod pod = pod("  command: [x]\n");
        pod.getSpec().getContainers().getFirst().setImage("other:1");

        // When
        Plan plan = PodPlanner.plan(pod, NODE, IMAGES);

        // Then
        assertThat(plan)
                .isEqualTo(new Plan.Wait(
                        "ErrImageNeverPull", "image other:1: not on node d1, which has: registry.example:5000/agent"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "envFrom: [{configMapRef: {name: x}}]                                | envFrom",
                "env: [{name: X, valueFrom: {secretKeyRef: {name: x, key: y}}}]      | env X",
                "lifecycle: {preStop: {exec: {command: [x]}}}                        | lifecycle",
                "livenessProbe: {exec: {command: [x]}}                               | livenessProbe",
                "volumeMounts: [{name: x, mountPath: /x, subPath: y}]                | subPath",
                "securityContext: {runAsNonRoot: true}                               | runAsNonRoot",
            })
    void whatIsNotCarriedOutIsRefusedByName(String field, String named) {
        assertThat(PodPlanner.plan(pod("  " + field + "\n"), NODE, IMAGES))
                .asInstanceOf(type(Plan.Refuse.class))
                .extracting(Plan.Refuse::message)
                .asString()
                .contains("container agent", named);
    }

    @Test
    void podWithoutHostNetworkIsRefused() {
        // Given
        Pod pod = pod("  command: [x]\n");
        pod.getSpec().setHostNetwork(false);

        // When / Then
        assertThat(PodPlanner.plan(pod, NODE, IMAGES))
                .isEqualTo(new Plan.Refuse("spec.hostNetwork: a process node runs hostNetwork pods only"));
    }

    private static ContainerPlan onlyContainer(Pod pod) {
        Plan plan = PodPlanner.plan(pod, NODE, IMAGES);
        assertThat(plan).isInstanceOf(Plan.Run.class);
        return ((Plan.Run) plan).containers().getFirst();
    }

    /** A pod with one container; {@code fields} are more fields of it, indented by two. */
    private static Pod pod(String fields) {
        String container = """
                apiVersion: v1
                kind: Pod
                metadata: {name: agent-x, namespace: lvs, labels: {role: edge}}
                spec:
                  hostNetwork: true
                  containers:
                  - name: agent
                    image: registry.example:5000/agent:1.2
                """;
        return Serialization.unmarshal(container + fields.indent(2), Pod.class);
    }
}
