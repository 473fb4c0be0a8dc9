package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetSecretsTest {
    private static final String OLD = key(1);
    private static final String NEW = key(2);

    @Test
    void aFleetGetsItsKeyWithItsFirstDirector() {
        assertThat(FleetSecrets.of(Map.of(), Set.of("edge", "dmz"), Set.of("edge"), FleetSecretsTest::fresh))
                .isEqualTo(Map.of("edge.heartbeat", NEW));
    }

    @Test
    void aKeyStaysWhenTheDirectorsGo() {
        assertThat(FleetSecrets.of(Map.of("edge.heartbeat", OLD), Set.of("edge"), Set.of(), FleetSecretsTest::fresh))
                .isEqualTo(Map.of("edge.heartbeat", OLD));
    }

    @Test
    void aKeyGoesWithItsFleet() {
        assertThat(FleetSecrets.of(Map.of("edge.heartbeat", OLD), Set.of(), Set.of(), FleetSecretsTest::fresh))
                .isEmpty();
    }

    @Test
    void whatIsNoKeyIsReplaced() {
        assertThat(FleetSecrets.of(
                        Map.of("edge.heartbeat", "c2hvcnQ="), Set.of("edge"), Set.of("edge"), FleetSecretsTest::fresh))
                .isEqualTo(Map.of("edge.heartbeat", NEW));
    }

    @Test
    void theSecretIsWrittenForEntriesOfOursAlone() {
        Map<String, String> wanted = Map.of("edge.heartbeat", OLD);

        assertThat(FleetSecrets.differ(Map.of("edge.heartbeat", OLD, "note", "eA=="), wanted))
                .isFalse();
        assertThat(FleetSecrets.differ(Map.of("edge.heartbeat", NEW), wanted)).isTrue();
        assertThat(FleetSecrets.differ(Map.of("edge.heartbeat", OLD, "gone.heartbeat", OLD), wanted))
                .isTrue();
    }

    private static byte[] fresh() {
        return Base64.getDecoder().decode(NEW);
    }

    private static String key(int fill) {
        byte[] key = new byte[FleetSecrets.HEARTBEAT_KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return Base64.getEncoder().encodeToString(key);
    }
}
