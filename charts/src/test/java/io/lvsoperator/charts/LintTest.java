package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import org.junit.jupiter.api.Test;

class LintTest {
    @Test
    void helmFindsNothingToComplainOf() {
        LintResult result = new Helm(Rendering.CHART).lint().strict().call();

        assertThat(result.getMessages())
                .noneMatch(message -> message.startsWith("[WARNING]") || message.startsWith("[ERROR]"));
        assertThat(result.isFailed()).isFalse();
    }
}
