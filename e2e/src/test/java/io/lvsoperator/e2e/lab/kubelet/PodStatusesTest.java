package io.lvsoperator.e2e.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Terminated;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStatusesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final NodeFacts NODE = new NodeFacts("d1", "d1", List.of("192.0.2.11"), "127.0.0.1", 6443, 1);

    // A pod that is Failed is deleted and made anew by its DaemonSet, where it should have started again in place.
    @ParameterizedTest
    @CsvSource({
        "Always,    137, Running",
        "Always,    0,   Running",
        "OnFailure, 137, Running",
        "OnFailure, 0,   Succeeded",
        "Never,     137, Failed",
        "Never,     0,   Succeeded"
    })
    void anEndedContainerEndsItsPodOnlyWhereItDoesNotStartAgain(String policy, int exitCode, String phase) {
        assertThat(phase(pod(policy, null), exitCode)).isEqualTo(phase);
    }

    @Test
    void anEndedContainerEndsAPodThatIsBeingDeletedWhateverItsPolicy() {
        assertThat(phase(pod("Always", NOW.toString()), 143)).isEqualTo("Failed");
    }

    private static String phase(Pod pod, int exitCode) {
        Terminated end = new Terminated(exitCode, exitCode == 0 ? "Completed" : "Error", NOW, NOW);
        ContainerSnapshot container = new ContainerSnapshot("agent", "agent:1", end, end, 0, false, false);
        return PodStatuses.of(pod, List.of(container), NODE, NOW).getPhase();
    }

    private static Pod pod(String policy, @Nullable String deletion) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("agent")
                .withDeletionTimestamp(deletion)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(policy)
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .endStatus()
                .build();
    }
}
