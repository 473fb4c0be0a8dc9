package io.lvsoperator.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.WithControlPlane;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a fleet and a service to roles, slices and conditions, and back. */
@WithControlPlane
class RolloutIT {
    private static final String VIP = "192.0.2.100";

    private final ControlPlane controlPlane;
    private TestBed bed;

    RolloutIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.bed = new TestBed(controlPlane, Duration.ofMinutes(5));
    }

    @BeforeEach
    void prepare() {
        bed.startOperator();
        bed.addNode("d1", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.1");
        bed.addNode("d2", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.2");
        bed.addNode("r1", Map.of(Wanted.REAL_SERVER, bed.own("edge")), "10.0.0.11");
        bed.addNode("r2", Map.of(Wanted.REAL_SERVER, bed.own("edge")), "10.0.0.12");
        bed.apply(Wanted.fleet(bed, "edge", 51));
    }

    @AfterEach
    void nothingWasSentToANodeWithoutTheVip() {
        bed.close();
        assertThat(bed.segment.violations()).isEmpty();
    }

    @Test
    void bringsAServiceFromApplyToReady() {
        // When
        Wanted.service(bed, "web", "edge", VIP).apply();

        // Then
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
        LvsNode director = Expect.present(() -> bed.lvsNode("d1"));
        assertThat(director.getSpec().directorRoles().getFirst().virtualRouters())
                .extracting(r -> r.priority())
                .containsExactly(254, 254);
        assertThat(director.getMetadata().getOwnerReferences())
                .extracting(OwnerReference::getKind)
                .containsExactly("Node");
        VirtualServerSlice slice = Expect.present(() -> bed.slice("web"));
        assertThat(slice.getMetadata().getLabels()).containsEntry(Api.FLEET_LABEL, bed.own("edge"));
        assertThat(slice.getSpec().realServers())
                .extracting(r -> r.address())
                .containsExactly("10.0.0.11", "10.0.0.12");
        DaemonSet daemonSet = client().apps()
                .daemonSets()
                .inNamespace(bed.namespace)
                .withName("lvs-node-agent")
                .get();
        assertThat(daemonSet.getSpec().getTemplate().getSpec().getHostNetwork()).isTrue();
        assertThat(bed.service("web").getStatus().activeDirectors()).containsExactly(bed.nodeName("d1"));
        Expect.fleetCondition(bed, "edge", "Ready", ConditionStatus.TRUE, "Ready");
    }

    private io.fabric8.kubernetes.client.KubernetesClient client() {
        return controlPlane.client();
    }
}
