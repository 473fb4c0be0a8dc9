package io.lvsoperator.agent.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.Attachments.Place;
import io.lvsoperator.agent.vrrp.wire.DropReason;
import io.lvsoperator.agent.vrrp.wire.ReceivedMessage;
import io.lvsoperator.agent.vrrp.wire.Reception.Dropped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DropLogTest {

    private static final Place PLACE = new Place("eth0", AddressFamily.IPV4);
    private static final ReceivedMessage MESSAGE =
            new ReceivedMessage(IpAddress.parse("192.0.2.66"), IpAddress.parse("224.0.0.18"), 255, new byte[0]);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(DropLog.class);
    private final AtomicLong now = new AtomicLong(-5);
    private final DropLog log = new DropLog(now::get);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private void drop(DropReason reason, int times) {
        for (int i = 0; i < times; i++) {
            log.dropped(PLACE, new Dropped(reason, 51), MESSAGE);
        }
    }

    @Test
    @DisplayName("V3-S02: a flood gives one line a minute for each reason, with reason and source")
    @Tag("V3-S02+")
    @Tag("V3-S02-")
    void aFloodGivesOneLineAMinute() {
        drop(DropReason.CHECKSUM, 1000);
        drop(DropReason.VERSION, 1000);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        drop(DropReason.CHECKSUM, 1000);

        assertThat(lines.list)
                .hasSize(3)
                .first()
                .satisfies(line ->
                        assertThat(line.getFormattedMessage()).contains("192.0.2.66", "eth0", "51", "CHECKSUM"));
    }
}
