package io.lvsoperator.agent.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.vrrp.wire.Version;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimingTest {

    @ParameterizedTest(name = "V3-24: priority {0} at {1} cs: skew {2} ns, down interval {3} ns")
    @CsvSource({
        "100, 100, 609375000, 3609375000",
        "254, 100, 7812500, 3007812500",
        "253, 100, 11718750, 3011718750",
        "1, 100, 996093750, 3996093750",
        "100, 10, 60937500, 360937500",
        "254, 10, 781250, 300781250",
        "253, 10, 1171875, 301171875",
        "100, 1, 6093750, 36093750",
        "100, 4095, 24953906250, 147803906250"
    })
    @Tag("V3-23+")
    @Tag("V3-24+")
    void formulasHoldInNanoseconds(int priority, int interval, long skew, long down) {
        assertThat(Timing.skewNanos(Version.VERSION_3, priority, interval)).isEqualTo(skew);
        assertThat(Timing.downIntervalNanos(Version.VERSION_3, priority, interval))
                .isEqualTo(down);
    }
}
