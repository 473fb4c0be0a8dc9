package io.lvsoperator.agent.vrrp.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.wire.Version;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseTest {
    private static RouterSettings settings(int intervalCentiseconds, boolean lone) {
        return new RouterSettings(
                51,
                Version.VERSION_3,
                254,
                intervalCentiseconds,
                Preemption.AT_ONCE,
                lone,
                List.of(IpAddress.parse("192.0.2.100")),
                20);
    }

    @ParameterizedTest
    @CsvSource({"10, 2", "50, 2", "100, 4", "130, 6", "4095, 164"})
    void lastsLongerThanAnyDownIntervalInWholeSeconds(int intervalCentiseconds, int seconds) {
        Lease lease = Lease.of(settings(intervalCentiseconds, false), true);

        assertThat(lease).isEqualTo(new Lease(seconds));
        assertThat(seconds * 1_000_000_000L)
                .isGreaterThan(Timing.downIntervalNanos(Version.VERSION_3, 1, intervalCentiseconds));
    }

    @Test
    void withoutAnybodyToTakeOverThereIsNoEnd() {
        assertThat(Lease.of(settings(100, false), false)).isEqualTo(Lease.PERMANENT);
        assertThat(Lease.of(settings(100, true), true)).isEqualTo(Lease.PERMANENT);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 4, true",
        "100, 2, true",
        "100, 1, false",
        "100, 0, false",
        "10, 2, false",
        "50, 2, true",
        "50, 1, false"
    })
    void whatIsLeftProvesARecentAdvertWhenNobodyCanHaveTakenOver(int intervalCentiseconds, long left, boolean proves) {
        assertThat(Lease.provesRecentAdvert(settings(intervalCentiseconds, false), left))
                .isEqualTo(proves);
    }

    @Test
    void theLongerOfTwoIsThePermanentOne() {
        assertThat(new Lease(4).longer(Lease.PERMANENT)).isEqualTo(Lease.PERMANENT);
        assertThat(Lease.PERMANENT.longer(new Lease(4))).isEqualTo(Lease.PERMANENT);
        assertThat(new Lease(2).longer(new Lease(4))).isEqualTo(new Lease(4));
    }
}
