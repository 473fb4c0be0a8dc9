package io.lvsoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.operator.rollout.AgentView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HashTablesTest {
    private static final Optional<String> NEWEST = Optional.of("20");

    @Test
    void directorsThatDifferAreNamedWithTheirDigests() {
        Optional<String> difference = HashTables.difference(
                List.of(director("d1", "20", "aa"), director("d2", "21", "bb"), director("d3", "20", "aa")),
                "edge",
                NEWEST);

        assertThat(difference).get().asString().contains("digest aa on 'd1', 'd3'; digest bb on 'd2'");
    }

    @Test
    void equalDigestsAreNoDifference() {
        assertThat(HashTables.difference(
                        List.of(director("d1", "20", "aa"), director("d2", "30", "aa")), "edge", NEWEST))
                .isEmpty();
    }

    @Test
    void aDirectorThatHasNotAppliedTheNewestSliceIsNotCompared() {
        assertThat(HashTables.difference(
                        List.of(director("d1", "20", "aa"), director("d2", "19", "bb")), "edge", NEWEST))
                .isEmpty();
    }

    @Test
    void aDirectorThatIsChangingItsTablesIsNotCompared() {
        assertThat(HashTables.difference(
                        List.of(director("d1", "20", "aa"), director("d2", "20", null)), "edge", NEWEST))
                .isEmpty();
    }

    private static AgentView director(String node, String applied, @Nullable String digest) {
        FleetProgress progress = new FleetProgress("edge", applied, digest, null, 0, null);
        LvsNodeStatus status =
                new LvsNodeStatus(1L, "test", null, List.of(progress), null, null, null, null, null, null);
        return new AgentView(node, 1, new LvsNodeSpec(List.of(), List.of()), status, null);
    }
}
