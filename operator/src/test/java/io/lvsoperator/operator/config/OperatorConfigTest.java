package io.lvsoperator.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorConfigTest {
    private static final Map<String, String> LEAST =
            Map.of("POD_NAMESPACE", "lvs-system", "POD_NAME", "operator-0", "AGENT_IMAGE", "agent:1");

    @Test
    void needsThreeVariablesAndHasDefaultsForTheRest() {
        // When
        OperatorConfig config = OperatorConfig.from(LEAST);

        // Then
        assertThat(config.nodeLossTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.managementPort()).isEqualTo(8080);
        assertThat(config.leaderElection()).isTrue();
        assertThat(config.deployment()).isEmpty();
        assertThat(config.agent().managementPort()).isEqualTo(9470);
        assertThat(config.agent().tolerations())
                .extracting(t -> t.getOperator())
                .containsExactly("Exists");
        assertThat(config.agent().resources().getRequests()).containsKeys("cpu", "memory");
    }

    @Test
    void readsWhatTheChartGives() {
        // When
        OperatorConfig config = with("AGENT_IMAGE_PULL_SECRETS", "[{\"name\":\"registry\"}]");

        // Then
        assertThat(config.agent().pullSecrets()).extracting(s -> s.getName()).containsExactly("registry");
        assertThat(with("AGENT_TOLERATIONS", "[]").agent().tolerations()).isEmpty();
        assertThat(with("NODE_LOSS_TIMEOUT_SECONDS", "20").nodeLossTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(with("OPERATOR_DEPLOYMENT_NAME", "lvs-operator").deployment())
                .contains("lvs-operator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POD_NAMESPACE", "POD_NAME", "AGENT_IMAGE"})
    void namesTheVariableThatIsMissing(String variable) {
        // Given
        Map<String, String> without = new HashMap<>(LEAST);
        without.remove(variable);

        // Then
        assertThatThrownBy(() -> OperatorConfig.from(without))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(variable + " is not set: give ");
    }

    @ParameterizedTest
    @CsvSource({
        "MANAGEMENT_PORT, http",
        "MANAGEMENT_PORT, 70000",
        "AGENT_MANAGEMENT_PORT, 0",
        "AGENT_HEARTBEAT_PORT, 65536",
        "NODE_LOSS_TIMEOUT_SECONDS, -1",
        "LEADER_ELECTION, yes",
        "AGENT_IMAGE_PULL_POLICY, Sometimes",
        "AGENT_LOG_LEVEL, LOUD",
        "AGENT_WRITABLE_KERNEL_SETTINGS, yes",
        "AGENT_RESOURCES, lots",
        "AGENT_TOLERATIONS, {}",
        "AGENT_IMAGE_PULL_SECRETS, null"
    })
    void namesTheVariableAndTheValueThatCannotBe(String variable, String value) {
        assertThatThrownBy(() -> with(variable, value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(variable + " is '" + value + "': give ");
    }

    private static OperatorConfig with(String variable, String value) {
        Map<String, String> variables = new HashMap<>(LEAST);
        variables.put(variable, value);
        return OperatorConfig.from(variables);
    }
}
