package io.lvsoperator.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.marcnuri.helm.Helm;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.WithControlPlane;
import io.lvsoperator.e2e.installation.Installation;
import io.lvsoperator.e2e.installation.OperatorProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real director whose kernel has no ip_vs, which is why this runs on the machine itself and where it has it, not at all. */
@Tag("network")
@WithControlPlane
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelWithoutIpvsIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String FLEET = """
            apiVersion: lvs-operator.io/v1alpha1
            kind: DirectorFleet
            metadata: {name: bare}
            spec:
              directors: {nodeSelector: {matchLabels: {lvs-operator.io/director: bare}}}
              realServerNodes: {nodeSelector: {matchLabels: {role: web}}}
              network: {interfaceFor: 192.0.2.0/24}
              vrrp: {firstVirtualRouterId: 71}
            """;
    private static final String SERVICE = """
            apiVersion: lvs-operator.io/v1alpha1
            kind: VirtualService
            metadata: {name: %s, namespace: default}
            spec:
              fleetRef: {name: bare}
              addresses: [{value: %s}]
              ports: [{name: http, port: 80}]
              forwarding: {method: DR}
              realServers: [{nodes: {selector: {matchLabels: {role: web}}}}]
            """;

    private final ControlPlane controlPlane;
    private DirectorFleet fleet;
    private VirtualService early;
    private OperatorProcess operator;
    private LvsCluster cluster;

    KernelWithoutIpvsIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeAll
    void start(@TempDir Path directory) {
        assumeThat(Files.exists(Path.of("/proc/net/ip_vs")))
                .as("this kernel has ip_vs loaded, so that it cannot show what is said without")
                .isFalse();
        operator = Installation.start(controlPlane, Clone.file("operator/bin/operator"), directory);
        cluster = LvsCluster.start(controlPlane.kubeconfig(), "bare", List.of("bare-d1"), List.of("bare-rs1"));
        fleet = cluster.apply(DirectorFleet.class, FLEET);
        early = cluster.apply(VirtualService.class, SERVICE.formatted("early", "192.0.2.121"));
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.client().resources(VirtualService.class).inNamespace("default").list().getItems().stream()
                    .forEach(cluster::delete);
            cluster.client().resources(DirectorFleet.class).list().getItems().forEach(cluster::delete);
            cluster.close();
        }
        if (operator != null) {
            operator.close();
            Helm.uninstall("lvs")
                    .withNamespace(Installation.NAMESPACE)
                    .withKubeConfig(controlPlane.kubeconfig())
                    .call();
        }
    }

    @Test
    void isSaidOfTheFleetAndOfANewServiceWithTheNode() {
        // Given
        awaitDegraded();

        // When
        VirtualService service = cluster.apply(VirtualService.class, SERVICE.formatted("web", "192.0.2.120"));
        LvsCluster.await(
                "an answer about the service",
                LIMIT,
                () -> cluster.condition(service, "Accepted").isPresent(),
                () -> String.valueOf(cluster.client().resource(service).get()));

        // Then
        assertThat(cluster.condition(fleet, "Degraded").map(Condition::message).orElse(""))
                .contains("bare-d1")
                .contains("ip_vs");
        Condition accepted = cluster.condition(service, "Accepted").orElseThrow();
        assertThat(accepted.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(accepted.reason()).isEqualTo("IpvsNotAvailable");
        assertThat(accepted.message()).contains("bare-d1");
        assertThat(operator.isAlive()).isTrue();
    }

    @Test
    void doesNotKeepAServiceForEverThatCameBeforeTheAgentsWord() {
        // Given
        awaitDegraded();
        LvsCluster.await(
                "the early service to be told of it",
                LIMIT,
                () -> cluster.condition(early, "Programmed")
                        .filter(c -> c.message().contains("bare-d1"))
                        .isPresent(),
                () -> String.valueOf(cluster.condition(early, "Programmed")));

        // When
        cluster.delete(early);

        // Then
        assertThat(cluster.host("bare-rs1").addresses("lo")).noneMatch(a -> a.startsWith("192.0.2.121"));
    }

    private void awaitDegraded() {
        LvsCluster.await(
                "the fleet to be Degraded",
                LIMIT,
                () -> cluster.condition(fleet, "Degraded")
                        .filter(c -> c.reason().equals("IpvsNotAvailable"))
                        .isPresent(),
                () -> String.valueOf(cluster.condition(fleet, "Degraded")));
    }
}
