package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetSecretsTest {
    private static final String OLD = key(1);
    private static final String NEW = key(2);

    @Test
    void aFleetGetsItsKeyWithItsFirstDirector() {
        assertThat(FleetSecrets.of(Map.of(), Set.of("edge", "dmz"), Set.of("edge"), Map.of(), FleetSecretsTest::fresh))
                .isEqualTo(Map.of("edge.heartbeat", NEW));
    }

    @Test
    void aKeyStaysWhenTheDirectorsGo() {
        assertThat(FleetSecrets.of(
                        Map.of("edge.heartbeat", OLD), Set.of("edge"), Set.of(), Map.of(), FleetSecretsTest::fresh))
                .isEqualTo(Map.of("edge.heartbeat", OLD));
    }

    @Test
    void aKeyGoesWithItsFleet() {
        assertThat(FleetSecrets.of(
                        Map.of("edge.heartbeat", OLD), Set.of(), Set.of(), Map.of(), FleetSecretsTest::fresh))
                .isEmpty();
    }

    @Test
    void whatIsNoKeyIsReplaced() {
        assertThat(FleetSecrets.of(
                        Map.of("edge.heartbeat", "c2hvcnQ="),
                        Set.of("edge"),
                        Set.of("edge"),
                        Map.of(),
                        FleetSecretsTest::fresh))
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

    @Test
    void aPasswordIsHandedOnAndFollowed() {
        assertThat(withPassword(Map.of(), Optional.of("b2xk"))).isEqualTo(Map.of("edge.vrrp-password", "b2xk"));
        assertThat(withPassword(Map.of("edge.vrrp-password", "b2xk"), Optional.of("bmV3")))
                .isEqualTo(Map.of("edge.vrrp-password", "bmV3"));
    }

    @Test
    void aPasswordThatCannotBeReadNowStays() {
        assertThat(withPassword(Map.of("edge.vrrp-password", "b2xk"), Optional.empty()))
                .isEqualTo(Map.of("edge.vrrp-password", "b2xk"));
        assertThat(withPassword(Map.of(), Optional.empty())).isEmpty();
    }

    @Test
    void aPasswordThatIsNotAskedForAnyMoreGoes() {
        assertThat(FleetSecrets.of(
                        Map.of("edge.vrrp-password", "b2xk"),
                        Set.of("edge"),
                        Set.of(),
                        Map.of(),
                        FleetSecretsTest::fresh))
                .isEmpty();
    }

    private static Map<String, String> withPassword(Map<String, String> present, Optional<String> password) {
        return FleetSecrets.of(present, Set.of("edge"), Set.of(), Map.of("edge", password), FleetSecretsTest::fresh);
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
