package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.SecretKeyReference;
import io.lvsoperator.operator.compile.FleetPassword.Found;
import io.lvsoperator.operator.compile.FleetPassword.NotFound;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetPasswordTest {
    private static final SecretKeyReference REFERENCE = new SecretKeyReference("vrrp-edge", "password");

    private static FleetPassword of(String password) {
        return FleetPassword.of(REFERENCE, "lvs", Map.of("password", base64(password)));
    }

    private static String base64(String password) {
        return Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "eightlet"})
    void oneToEightBytesAreAPassword(String password) {
        assertThat(of(password)).isEqualTo(new Found(base64(password)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',          is empty
            'ninebytes', has 9 bytes
            'secret\n', ends with a line break
            """)
    void whatIsNoneNamesTheEntryAndTheSecretButNotItsValue(String given, String why) {
        String password = given.replace("\\n", "\n");

        assertThat(of(password))
                .isInstanceOfSatisfying(
                        NotFound.class,
                        notFound -> assertThat(notFound.why())
                                .contains(
                                        "'password'", "'vrrp-edge'", "'lvs'", "spec.vrrp.authentication.secretRef", why)
                                .doesNotContain("ninebytes", "secret\n"));
    }

    @Test
    void aMissingEntryIsNamed() {
        assertThat(FleetPassword.of(REFERENCE, "lvs", Map.of("other", "eA==")))
                .isInstanceOfSatisfying(
                        NotFound.class,
                        notFound -> assertThat(notFound.why())
                                .contains("'vrrp-edge'", "has no entry 'password'", "secretRef.key"));
    }

    @Test
    void aFoundOneDoesNotPrintItself() {
        assertThat(of("secret").toString()).doesNotContain(base64("secret"));
    }
}
