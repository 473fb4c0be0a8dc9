package io.lvsoperator.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
    @Test
    void theNodeNameIsEnough() {
        AgentConfig config = AgentConfig.from(Map.of("NODE_NAME", "d1"));

        assertThat(config)
                .isEqualTo(new AgentConfig(
                        "d1",
                        Path.of("/var/lib/lvs-operator"),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 9470),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void aMissingNodeNameIsNamedWithTheWayOut() {
        assertThatThrownBy(() -> AgentConfig.from(Map.of()))
                .hasMessageContaining("NODE_NAME")
                .hasMessageContaining("fieldRef");
    }

    @Test
    void aPortOutOfRangeIsNamedWithItsValue() {
        assertThatThrownBy(() -> AgentConfig.from(Map.of("NODE_NAME", "d1", "LVS_MANAGEMENT_PORT", "70000")))
                .hasMessage("LVS_MANAGEMENT_PORT is '70000': give a port from 1 to 65535");
    }

    @Test
    void aRelativeStateDirectoryIsRefused() {
        assertThatThrownBy(() -> AgentConfig.from(Map.of("NODE_NAME", "d1", "LVS_STATE_DIRECTORY", "state")))
                .hasMessageContaining("LVS_STATE_DIRECTORY is 'state'");
    }

    @Test
    void theSecretsOfFleetsAreWhereTheVariableSays() {
        AgentConfig config = AgentConfig.from(Map.of("NODE_NAME", "d1", "LVS_FLEET_SECRETS", "lvs-system/secrets"));

        assertThat(config.fleetSecrets()).contains(new ObjectName("lvs-system", "secrets"));
    }

    @Test
    void aSecretWithoutNamespaceIsRefused() {
        assertThatThrownBy(() -> AgentConfig.from(Map.of("NODE_NAME", "d1", "LVS_FLEET_SECRETS", "secrets")))
                .hasMessage("LVS_FLEET_SECRETS is 'secrets': give namespace/name of the Secret");
    }

    @Test
    void theWritableKernelSettingsAreWhereTheVariableSays() {
        AgentConfig config =
                AgentConfig.from(Map.of("NODE_NAME", "d1", "LVS_WRITABLE_KERNEL_SETTINGS", "/run/lvs-operator/net"));

        assertThat(config.writableKernelSettings()).contains(Path.of("/run/lvs-operator/net"));
    }
}
