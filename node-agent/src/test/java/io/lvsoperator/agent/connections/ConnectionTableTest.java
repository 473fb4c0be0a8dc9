package io.lvsoperator.agent.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionTableTest {
    private static final String HEADER =
            "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData";

    @TempDir
    Path directory;

    @Test
    void pagesGoThroughTheWholeTableOnce() throws IOException {
        ConnectionTable table = tableOf(10);
        List<Integer> ports = new ArrayList<>();
        OptionalLong next = OptionalLong.of(0);
        int pages = 0;

        while (next.isPresent()) {
            ConnectionPage page = ConnectionPage.read(table, filter(Map.of()), next.getAsLong(), 4);
            page.connections().forEach(c -> ports.add(c.client().port()));
            next = page.next();
            pages++;
        }

        assertThat(ports).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void aFullLastPageHasNoNext() throws IOException {
        assertThat(ConnectionPage.read(tableOf(4), filter(Map.of()), 0, 4).next())
                .isEmpty();
    }

    @Test
    void pagesOfAFilterGoOnWhereTheLastOneEnded() throws IOException {
        ConnectionTable table = tableOf(10);
        ConnectionFilter even = filter(Map.of("state", "ESTABLISHED"));

        ConnectionPage first = ConnectionPage.read(table, even, 0, 2);
        ConnectionPage second = ConnectionPage.read(table, even, first.next().orElseThrow(), 2);

        assertThat(first.connections()).extracting(c -> c.client().port()).containsExactly(2, 4);
        assertThat(second.connections()).extracting(c -> c.client().port()).containsExactly(6, 8);
    }

    @Test
    void aPageReadsNoFurtherThanItNeeds() throws IOException {
        Path file = directory.resolve("table");
        Files.writeString(file, HEADER + "\n" + line(1) + line(2) + line(3) + "not a connection\n");

        assertThat(ConnectionPage.read(new ConnectionTable(file), filter(Map.of()), 0, 2)
                        .connections())
                .hasSize(2);
    }

    @Test
    void statesAreCounted() throws IOException {
        ConnectionSummary summary = ConnectionSummary.read(tableOf(5), filter(Map.of()));

        assertThat(summary.total()).isEqualTo(5);
        assertThat(summary.byState()).containsExactly(entry("ESTABLISHED", 2L), entry("SYN_RECV", 3L));
    }

    @ParameterizedTest
    @CsvSource({
        "client, 192.0.2.5, 4",
        "client, 192.0.2.5:2, 1",
        "client, 192.0.2.0/24, 4",
        "client, 192.0.3.0/24, 0",
        "client, 2001:db8::/32, 0",
        "vip, 192.0.2.100:80, 4",
        "vip, 192.0.2.100:81, 0",
        "realServer, 192.0.2.21:80, 4",
        "state, syn_recv, 2",
        "protocol, tcp, 4",
        "protocol, UDP, 0",
    })
    void aFilterTakesWhatItNames(String name, String value, int found) throws IOException {
        assertThat(ConnectionSummary.read(tableOf(4), filter(Map.of(name, value)))
                        .total())
                .isEqualTo(found);
    }

    @Test
    void conditionsOfAFilterMustAllHold() throws IOException {
        ConnectionFilter both = filter(Map.of("client", "192.0.2.5:2", "state", "SYN_RECV"));

        assertThat(ConnectionSummary.read(tableOf(4), both).total()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"client, here", "vip, 192.0.2.1:99999", "realServer, 192.0.2.0/33", "vip, [192.0.2.1", "client, ''"})
    void aWrongConditionIsNamedWithItsValueAndTheWayOut(String name, String value) {
        assertThatThrownBy(() -> filter(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + " is '" + value + "'")
                .hasMessageContaining("give an address");
    }

    @Test
    void aLineThatCannotBeReadIsShown() throws IOException {
        Path file = directory.resolve("table");
        Files.writeString(file, HEADER + "\nsomething new\n");

        assertThatThrownBy(() -> ConnectionSummary.read(new ConnectionTable(file), filter(Map.of())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'something new'");
    }

    @Test
    void aKernelWithoutIpvsHasNoConnections() throws IOException {
        assertThat(ConnectionSummary.read(new ConnectionTable(directory.resolve("none")), filter(Map.of()))
                        .total())
                .isZero();
    }

    private static ConnectionFilter filter(Map<String, String> parameters) {
        return ConnectionFilter.of(parameters);
    }

    /** Connections from ports 1 to {@code size}; those from odd ports wait in SYN_RECV. */
    private ConnectionTable tableOf(int size) throws IOException {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (int port = 1; port <= size; port++) {
            text.append(line(port));
        }
        Path file = directory.resolve("table");
        Files.writeString(file, text);
        return new ConnectionTable(file);
    }

    private static String line(int port) {
        return "TCP C0000205 %04X C0000264 0050 C0000215 0050 %-11s     899%n"
                .formatted(port, port % 2 == 0 ? "ESTABLISHED" : "SYN_RECV");
    }
}
