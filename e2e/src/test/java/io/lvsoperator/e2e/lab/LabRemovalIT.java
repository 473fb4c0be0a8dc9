package io.lvsoperator.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A lab leaves the machine as it was. */
@Tag("network")
class LabRemovalIT {

    @Test
    void closeRemovesNamespacesLinksAndProcesses() {
        // Given
        Lab lab = Lab.named("labrm").client("client").realServer("rs1").build();
        Background server = Traffic.serve(lab.host("rs1"), "rs1", ":80");
        List<String> during = namespacesAndLinks();

        // When
        lab.close();

        // Then
        assertThat(during)
                .containsExactlyInAnyOrder("labrm-switch", "labrm-client", "labrm-rs1", "labrm-m1", "labrm-m21");
        assertThat(namespacesAndLinks()).isEmpty();
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void oneProcessHasOneLabAtATime() {
        // Given
        try (Lab first = Lab.named("labrm").client("client").build()) {

            // When / Then
            assertThatThrownBy(() -> Lab.named("other").client("client").build())
                    .hasMessageContaining("has a lab already");
            assertThat(first.host("client").tryExec("true").exit()).isZero();
        }
    }

    /** Those of this test's labs; others of the machine come and go. */
    private static List<String> namespacesAndLinks() {
        return Command.run(List.of("sh", "-c", "ip netns list; ip -brief link show"))
                .requireSuccess()
                .out()
                .lines()
                .map(line -> line.replaceFirst("[ @].*", ""))
                .filter(name -> name.startsWith("labrm-"))
                .toList();
    }
}
