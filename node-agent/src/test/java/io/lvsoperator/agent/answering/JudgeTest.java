package io.lvsoperator.agent.answering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.DestinationKey;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.Statistics;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final RealServer WEB = realServer("192.0.2.21");
    private static final RealServer OTHER = realServer("192.0.2.22");

    private final Judge judge = new Judge();
    private Duration now = Duration.ZERO;

    @Test
    void aPileThatStandsIsFound() {
        look(sample(5, 0));
        look(sample(7, 0));

        assertThat(look(sample(9, 0))).singleElement().satisfies(found -> {
            assertThat(found.realServer()).isEqualTo(WEB);
            assertThat(found.all()).isTrue();
            assertThat(found.waiting()).isEqualTo(5);
        });
    }

    @Test
    void aPileThatPassesIsNot() {
        look(sample(30, 0));
        look(sample(30, 0));
        look(sample(0, 30));
        look(sample(30, 30));

        assertThat(look(sample(30, 60))).isEmpty();
        assertThat(judge.hasCases()).isFalse();
    }

    @Test
    void aFewWaitingAreNoPile() {
        assertThat(looks(10, sample(4, 0))).isEmpty();
    }

    @Test
    void connectionsOnTheirWayToABusyServerAreNoPile() {
        for (long i = 0; i < 20; i++) {
            assertThat(look(new Sample(40, 4000, counted(1000 * i, 5000 * i)))).isEmpty();
        }
    }

    @Test
    void moreWaitingThanPassingIsAPileOfSome() {
        for (long i = 0; i < Judge.LOOKS - 1; i++) {
            look(new Sample(200, 100 + i, counted(1000 * i, 2000 * i)));
        }

        assertThat(look(new Sample(200, 150, counted(5000, 10_000))))
                .singleElement()
                .matches(found -> !found.all(), "some get through")
                .matches(found -> found.waiting() == 200);
    }

    /** A server that died: what it served stays in the table for minutes. */
    @Test
    void oldConnectionsDoNotHideThatNoNewOneGetsThrough() {
        look(new Sample(12, 8, counted(100, 1000)));
        look(new Sample(14, 8, counted(102, 1010)));

        assertThat(look(new Sample(16, 7, counted(104, 1020)))).singleElement().matches(NotAnswering::all);
    }

    @Test
    void aServerThatWorksAgainIsTakenBackOnceConnectionsGetThroughForAWhile() {
        looks(3, sample(20, 0));

        assertThat(look(sample(4, 3))).as("first look").hasSize(1);
        assertThat(look(sample(3, 6))).as("second look").hasSize(1);
        assertThat(look(sample(0, 9))).as("third look").isEmpty();
    }

    @Test
    void aRelapseBeginsTheCountAnew() {
        looks(3, sample(20, 0));
        look(sample(4, 3));
        look(sample(4, 6));
        look(new Sample(60, 6, counted(60, 180)));

        assertThat(look(sample(4, 8))).hasSize(1);
    }

    @Test
    void whileNobodyTriesTheFindingStaysButNotForEver() {
        looks(3, sample(20, 0));

        for (now = INTERVAL.multipliedBy(4); now.compareTo(Judge.MEMORY) < 0; now = now.plus(INTERVAL)) {
            assertThat(judge.look(Map.of(WEB, sample(0, 0)), now)).hasSize(1);
        }
        assertThat(judge.look(Map.of(WEB, sample(0, 0)), now.plus(INTERVAL.multipliedBy(4))))
                .isEmpty();
    }

    @Test
    void aRealServerThatIsGoneIsForgotten() {
        looks(3, sample(20, 0));

        assertThat(judge.look(Map.of(), now)).isEmpty();
        assertThat(judge.isUnderSuspicion(WEB)).isFalse();
    }

    @Test
    void theFigureIsRoundedAndNeverFalls() {
        looks(3, sample(57, 0));
        assertThat(look(sample(130, 0)).getFirst().waiting()).isEqualTo(100);
        assertThat(look(sample(12, 0)).getFirst().waiting()).isEqualTo(100);
        assertThat(look(sample(2345, 0)).getFirst().waiting()).isEqualTo(2000);
    }

    @Test
    void clientsThatRepeatGotNothingBack() {
        assertThat(repeat(20, 60)).contains(true);
    }

    @Test
    void clientsThatDoNotRepeatWereRefused() {
        assertThat(repeat(20, 20)).contains(false);
    }

    @Test
    void betweenTheTwoTheCountersCannotTell() {
        assertThat(repeat(20, 26)).isEmpty();
        assertThat(repeat(0, 0)).isEmpty();
    }

    /** All connections came before the first look. */
    @Test
    void aNewRealServerIsJudgedByAllThatWasCounted() {
        assertThat(looks(3, new Sample(10, 0, counted(10, 10))).getFirst().clientsRepeat())
                .contains(false);
    }

    @Test
    void eachRealServerIsJudgedByItself() {
        for (int i = 0; i < 2; i++) {
            judge.look(Map.of(WEB, sample(10, 0), OTHER, sample(0, 100)), now);
        }

        assertThat(judge.look(Map.of(WEB, sample(10, 0), OTHER, sample(0, 100)), now))
                .extracting(NotAnswering::realServer)
                .containsExactly(WEB);
    }

    private Optional<Boolean> repeat(int connections, int packets) {
        look(new Sample(20, 0, counted(50, 50)));
        look(new Sample(20, 0, counted(50, 50)));
        return look(new Sample(20, 0, counted(50 + connections, 50 + packets)))
                .getFirst()
                .clientsRepeat();
    }

    private List<NotAnswering> looks(int times, Sample sample) {
        for (int i = 1; i < times; i++) {
            look(sample);
        }
        return look(sample);
    }

    private List<NotAnswering> look(Sample sample) {
        now = now.plus(INTERVAL);
        return judge.look(Map.of(WEB, sample), now);
    }

    private static Sample sample(long waiting, long passed) {
        return new Sample(waiting, passed, Statistics.ZERO);
    }

    private static Statistics counted(long connections, long packets) {
        return new Statistics(connections, packets, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static RealServer realServer(String address) {
        return new RealServer(
                new SliceName("shop", "web"),
                new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2.100"), 80),
                new DestinationKey(IpAddress.parse(address), 80));
    }
}
