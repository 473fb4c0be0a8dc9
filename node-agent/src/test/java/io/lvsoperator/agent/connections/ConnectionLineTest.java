package io.lvsoperator.agent.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as kernel 6.1 writes them. */
class ConnectionLineTest {
    static final String IPV4 = "TCP C0000205 9C40 C0000264 0050 C0000215 1F90 SYN_RECV         58                   ";
    static final String IPV6 =
            "TCP 2001:0db8:0000:0000:0000:0000:0000:0005 9C40 2001:0db8:0000:0000:0000:0000:0000:0100 0050"
                    + " 2001:0db8:0000:0000:0000:0000:0000:0021 0050 ESTABLISHED     899                   ";

    @Test
    void readsIpv4() {
        Connection connection = ConnectionLine.parse(IPV4);

        assertThat(connection.protocol()).isEqualTo("TCP");
        assertThat(connection.client()).hasToString("192.0.2.5:40000");
        assertThat(connection.virtual()).hasToString("192.0.2.100:80");
        assertThat(connection.realServer()).hasToString("192.0.2.21:8080");
        assertThat(connection.state()).isEqualTo("SYN_RECV");
        assertThat(connection.expiresSeconds()).isEqualTo(58);
        assertThat(connection.engine()).isEmpty();
    }

    @Test
    void readsIpv6() {
        Connection connection = ConnectionLine.parse(IPV6);

        assertThat(connection.client()).hasToString("[2001:db8::5]:40000");
        assertThat(connection.virtual()).hasToString("[2001:db8::100]:80");
        assertThat(connection.realServer()).hasToString("[2001:db8::21]:80");
    }

    @Test
    void readsAnIpv6RealServerBehindAnIpv4Vip() {
        Connection connection = ConnectionLine.parse("UDP C0000205 9C40 C0000264 0035"
                + " 2001:0db8:0000:0000:0000:0000:0000:0021 0035 UDP             299");

        assertThat(connection.virtual()).hasToString("192.0.2.100:53");
        assertThat(connection.realServer()).hasToString("[2001:db8::21]:53");
    }

    @Test
    void readsAPersistenceTemplateOfAnEngine() {
        Connection connection = ConnectionLine.parse(
                "UDP C0000205 0000 C0000264 13C4 C0000215 13C4 NONE            360 sip        abc@host");

        assertThat(connection.client().port()).isZero();
        assertThat(connection.engine()).isEqualTo(Optional.of("sip"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "TCP",
                "TCP C0000205 9C40 C0000264 0050 C0000215 0050 ESTABLISHED",
                "TCP C00002 9C40 C0000264 0050 C0000215 0050 ESTABLISHED 899",
                "TCP C000020G 9C40 C0000264 0050 C0000215 0050 ESTABLISHED 899",
                "TCP C0000205 19C40 C0000264 0050 C0000215 0050 ESTABLISHED 899",
                "TCP C0000205 -1 C0000264 0050 C0000215 0050 ESTABLISHED 899",
                "TCP C0000205 9C40 C0000264 0050 C0000215 0050 ESTABLISHED soon",
            })
    void refusesWhatIsNoConnection(String line) {
        assertThatThrownBy(() -> ConnectionLine.parse(line)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever the kernel writes one day: an entry or a refusal, and nothing else. */
    @Test
    void meetsMutatedLinesWithAnEntryOrARefusal() {
        Random random = new Random(7);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder(random.nextBoolean() ? IPV4 : IPV6);
            for (int change = random.nextInt(4); change >= 0 && line.length() > 1; change--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(3)) {
                    case 0 -> line.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> line.deleteCharAt(at);
                    default -> line.setLength(Math.max(at, 1));
                }
            }
            try {
                assertThat(ConnectionLine.parse(line.toString())).isNotNull();
                read++;
            } catch (IllegalArgumentException expected) {
                refused++;
            }
        }
        assertThat(read).isGreaterThan(1000);
        assertThat(refused).isGreaterThan(1000);
    }
}
