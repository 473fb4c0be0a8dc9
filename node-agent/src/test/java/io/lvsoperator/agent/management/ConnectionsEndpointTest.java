package io.lvsoperator.agent.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.connections.ConnectionTable;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionsEndpointTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private ManagementServer server;

    @BeforeEach
    void serve() throws IOException {
        Path table = directory.resolve("table");
        Files.writeString(table, """
                Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
                TCP C0000205 0001 C0000264 0050 C0000215 0050 SYN_RECV         59
                TCP C0000206 0002 C0000264 0050 C0000216 0050 ESTABLISHED     899
                UDP C0000206 0003 C0000264 13C4 C0000216 13C4 UDP             300 sip        abc
                """);
        server = new ManagementServer(
                new InetSocketAddress(0),
                Optional::empty,
                Optional::empty,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                new ConnectionTable(table));
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void givesConnectionsPageByPage() throws Exception {
        assertThat(get("/connections?limit=1").body())
                .isEqualTo("{\"items\":[{\"protocol\":\"TCP\",\"client\":\"192.0.2.5:1\",\"vip\":\"192.0.2.100:80\","
                        + "\"realServer\":\"192.0.2.21:80\",\"state\":\"SYN_RECV\",\"expiresSeconds\":59}],"
                        + "\"continue\":\"1\"}\n");
        assertThat(get("/connections?limit=2&continue=1").body())
                .contains("192.0.2.6:2", "192.0.2.6:3", "\"persistenceEngine\":\"sip\"")
                .doesNotContain("192.0.2.5:1", "continue");
    }

    @Test
    void countsConnectionsByState() throws Exception {
        assertThat(get("/connections/summary").body())
                .isEqualTo("{\"total\":3,\"byState\":{\"ESTABLISHED\":1,\"SYN_RECV\":1,\"UDP\":1}}\n");
        assertThat(get("/connections/summary?realServer=192.0.2.21").body())
                .isEqualTo("{\"total\":1,\"byState\":{\"SYN_RECV\":1}}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/connections?limit=0 | 400 | limit is '0': give a number from 1 to 1000",
                "/connections?limit=1001 | 400 | limit is '1001': give a number from 1 to 1000",
                "/connections?continue=x | 400 | continue is 'x': give a number",
                "/connections?vip=x | 400 | vip is 'x'",
                "/connections?color=red | 400 | 'color=red' is no parameter",
                "/connections?state=A&state=B | 400 | state is given twice",
                "/connections/summary?limit=5 | 400 | limit belongs to /connections",
                "/connections/all | 404 | there are /connections and /connections/summary",
            })
    void saysWhatIsWrongWithARequest(String path, int status, String words) throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith(words);
    }

    @Test
    void nobodyBeyondTheLoopbackSeesConnectionsThoughThePortIsOpen() throws Exception {
        InetAddress outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs an address beside the loopback's"));

        String host = outside.getHostAddress().contains(":")
                ? "[" + outside.getHostAddress() + "]"
                : outside.getHostAddress();
        assertThat(get(host, "/livez").statusCode()).isEqualTo(200);
        assertThat(get(host, "/connections").statusCode()).isEqualTo(403);
        assertThat(get(host, "/connections/summary").body()).doesNotContain("192.0.2.");
    }

    @Test
    void nothingCanBeChangedThere() throws Exception {
        HttpRequest delete = HttpRequest.newBuilder(uri("127.0.0.1", "/connections"))
                .DELETE()
                .build();

        assertThat(client.send(delete, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get("127.0.0.1", path);
    }

    private HttpResponse<String> get(String host, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(host, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String host, String path) {
        return URI.create("http://" + host + ":" + server.address().getPort() + path);
    }
}
