package io.lvsoperator.agent.vrrp;

import static io.lvsoperator.agent.vrrp.DriverUnderTest.DOWN_INTERVAL;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.OWN;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.VIP;
import static io.lvsoperator.agent.vrrp.DriverUnderTest.withPeer;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StallLogTest {

    private static final Duration STALL = Duration.ofSeconds(4);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(StallLog.class);
    private final DriverUnderTest driver = new DriverUnderTest(FakeHost.at(OWN));

    @BeforeEach
    void startAndListen() {
        driver.configure(withPeer(VIP));
        driver.run(DOWN_INTERVAL);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private void flap() {
        driver.stall(STALL);
        driver.run(DOWN_INTERVAL);
    }

    @Test
    @DisplayName("V3-S01: a stall that makes it flap is logged with its length, and counted")
    @Tag("V3-S01+")
    void aStallIsLogged() {
        flap();

        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains("edge", "stood still", "3000 ms"));
        assertThat(driver.status().stalls()).isEqualTo(1);
    }

    @Test
    @DisplayName("V3-S01: a hundred flaps in twelve minutes give a line a minute, and are all counted")
    @Tag("V3-S01-")
    void aHundredFlapsAreALineAMinute() {
        for (int i = 0; i < 100; i++) {
            flap();
        }

        assertThat(lines.list).hasSizeBetween(10, 12);
        assertThat(driver.status().stalls()).isEqualTo(100);
    }
}
