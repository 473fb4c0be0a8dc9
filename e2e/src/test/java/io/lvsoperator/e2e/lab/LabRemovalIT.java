package io.lvsoperator.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A lab leaves the machine as it was. */
@Tag("kernel")
class LabRemovalIT {

    @Test
    void closeRemovesNamespacesLinksAndProcesses() {
        // Given
        String before = machine();
        Lab lab = Lab.named("labrm").client("client").realServer("rs1").build();
        Background server = Traffic.serve(lab.host("rs1"), "rs1", ":80");

        // When
        lab.close();

        // Then
        assertThat(machine()).isEqualTo(before);
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

    private static String machine() {
        return Command.run(List.of(
                        "sh", "-c", "ip netns list; ip -oneline link show | sed 's/^[0-9]*: //; s/@.*//' | sort"))
                .requireSuccess()
                .out();
    }
}
