package io.lvsoperator.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import io.lvsoperator.e2e.controlplane.WithControlPlane;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that fall silent are waited for, but not for ever; and the operator elects a leader and says how it is. */
@WithControlPlane
class LostNodesIT {
    private static final String VIP = "192.0.2.100";

    private final TestBed bed;
    private int managementPort;

    LostNodesIT(ControlPlane controlPlane) {
        this.bed = new TestBed(controlPlane, Duration.ofSeconds(6), true);
    }

    @BeforeEach
    void prepare() {
        managementPort = bed.startOperator().managementPort();
        bed.addNode("d1", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.1");
        bed.addNode("d2", Map.of(Wanted.DIRECTOR, bed.own("edge")), "10.0.0.2");
        bed.addNode("r1", Map.of(Wanted.REAL_SERVER, bed.own("edge")), "10.0.0.11");
        bed.apply(Wanted.fleet(bed, "edge", 51));
        Wanted.service(bed, "web", "edge", VIP).apply();
        Expect.serviceCondition(bed, "web", "Ready", ConditionStatus.TRUE, "Ready");
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void aServiceGoesAlthoughADirectorIsSilent() {
        // Given
        bed.crash("d2");
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "DirectorNotReady");

        // When
        bed.client.resource(bed.service("web")).delete();

        // Then
        Expect.soon(() -> assertThat(bed.services()).isEmpty());
    }

    @Test
    void aServiceIsProgrammedAlthoughADirectorIsSilent() {
        // Given
        bed.crash("d2");
        Expect.fleetCondition(bed, "edge", "Degraded", ConditionStatus.TRUE, "DirectorNotReady");

        // When
        Wanted.service(bed, "second", "edge", "192.0.2.101").apply();

        // Then
        Expect.serviceCondition(bed, "second", "Ready", ConditionStatus.TRUE, "Ready");
        assertThat(Objects.requireNonNull(bed.service("second").getStatus().directors())
                        .desired())
                .isEqualTo(1);
    }

    @Test
    void aNodeThatIsGoneIsNotWaitedFor() {
        // When
        bed.removeNode("d2");
        bed.client.resource(bed.service("web")).delete();

        // Then
        Expect.soon(() -> assertThat(bed.services()).isEmpty());
        Expect.soon(() -> assertThat(bed.lvsNode("d2")).isNull());
    }

    @Test
    void aFleetGoesAlthoughANodeIsSilent() {
        // Given
        bed.crash("r1");

        // When
        bed.client.resource(bed.service("web")).delete();
        bed.client.resource(bed.fleet("edge")).delete();

        // Then
        Expect.soon(() -> assertThat(bed.client
                        .resources(io.lvsoperator.api.v1alpha1.DirectorFleet.class)
                        .withName(bed.own("edge"))
                        .get())
                .isNull());
        assertThat(bed.lvsNode("r1")).isNull();
    }

    @Test
    void saysHowItIs() throws Exception {
        // When
        HttpResponse<String> live = get("/livez");
        HttpResponse<String> ready = get("/readyz");
        HttpResponse<String> metrics = get("/metrics");

        // Then
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(metrics.body())
                .contains("lvs_operator_virtual_services_with_condition{condition=\"Ready\"} 1.0")
                .contains("lvs_operator_reconciliation_seconds_count{controller=\"virtualservice\"")
                .doesNotContain("web");
    }

    @Test
    void holdsTheLeaseThatItLeadsBy() {
        // When
        var lease = bed.client
                .leases()
                .inNamespace(bed.namespace)
                .withName("lvs-operator")
                .get();

        // Then
        assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("operator-0");
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
