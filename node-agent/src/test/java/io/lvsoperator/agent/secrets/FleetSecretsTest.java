package io.lvsoperator.agent.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetSecretsTest {
    private static final FleetSecrets SECRETS =
            new FleetSecrets(Map.of("edge.heartbeat", "a2V5", "edge.dmz.heartbeat", "b3RoZXI="));

    @Test
    void aKeyIsFoundByTheWholeNameOfItsFleet() {
        assertThat(SECRETS.heartbeatKey("edge"))
                .hasValueSatisfying(key -> assertThat(key).asString().isEqualTo("key"));
        assertThat(SECRETS.heartbeatKey("dmz")).isEmpty();
    }

    @Test
    void whatIsNoBase64IsNoKey() {
        assertThat(new FleetSecrets(Map.of("edge.heartbeat", "%")).heartbeatKey("edge"))
                .isEmpty();
    }

    @Test
    void onlyThoseOfTheFleetsOfThisNodeAreKept() {
        assertThat(SECRETS.ofFleets(Set.of("edge")).entries()).containsOnlyKeys("edge.heartbeat");
    }

    @Test
    void anEntryThatIsMissingKeepsItsLastValue() {
        FleetSecrets after = SECRETS.updatedBy(Map.of("edge.heartbeat", "bmV3"));

        assertThat(after.entries())
                .containsEntry("edge.heartbeat", "bmV3")
                .containsEntry("edge.dmz.heartbeat", "b3RoZXI=");
    }

    @Test
    void printsNamesAndNoSecret() {
        assertThat(SECRETS).hasToString("FleetSecrets[edge.dmz.heartbeat, edge.heartbeat]");
    }
}
