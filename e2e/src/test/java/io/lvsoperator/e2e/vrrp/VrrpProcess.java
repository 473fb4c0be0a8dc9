package io.lvsoperator.e2e.vrrp;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvsoperator.agent.heartbeat.HeartbeatConfig;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.vrrp.Problem;
import io.lvsoperator.agent.vrrp.Route;
import io.lvsoperator.agent.vrrp.RouterConfig;
import io.lvsoperator.agent.vrrp.RouterKey;
import io.lvsoperator.agent.vrrp.RouterStatus;
import io.lvsoperator.agent.vrrp.VrrpConfig;
import io.lvsoperator.agent.vrrp.VrrpThread;
import io.lvsoperator.agent.vrrp.machine.Preemption;
import io.lvsoperator.agent.vrrp.wire.Authentication;
import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.api.v1alpha1.AuthenticationType;
import io.lvsoperator.api.v1alpha1.ChecksumForm;
import io.lvsoperator.api.v1alpha1.PreemptionMode;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The VRRP thread as a program, so that it can run in a network namespace: follows a file with its {@link Settings} and writes
 * each change of its status to standard output. SIGTERM ends it as it ends an agent.
 */
final class VrrpProcess {

    static final String STATUS = "STATUS ";
    static final String CLOSED = "CLOSED";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int POLL_MILLIS = 20;

    private VrrpProcess() {}

    /** What the file holds. */
    record Settings(
            int sequence, List<Router> routers, @Nullable Beat heartbeat) {}

    /** With whom it exchanges heartbeats, and by which key, in hexadecimal digits. */
    record Beat(String node, String own, Map<String, String> peers, String key) {

        HeartbeatConfig config() {
            return new HeartbeatConfig(
                    "edge",
                    node,
                    IpAddress.parse(own),
                    9471,
                    peers.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, peer -> IpAddress.parse(peer.getValue()))));
        }

        Map<String, byte[]> keys() {
            return Map.of("edge", HexFormat.of().parseHex(key));
        }
    }

    /** One router in it. */
    record Router(
            String interfaceName,
            AddressFamily family,
            int virtualRouterId,
            Version version,
            int priority,
            int intervalMillis,
            PreemptionMode preemption,
            int preemptionDelaySeconds,
            ChecksumForm checksum,
            @Nullable String linkLocal,
            List<String> vips,
            List<String> peers,
            @Nullable Unicast unicast,
            @Nullable String password) {

        /** The address that the peers know it by, and theirs. */
        record Unicast(String source, List<String> peers) {}

        /** By multicast, not authenticated. */
        Router(
                String interfaceName,
                AddressFamily family,
                int virtualRouterId,
                Version version,
                int priority,
                int intervalMillis,
                PreemptionMode preemption,
                int preemptionDelaySeconds,
                ChecksumForm checksum,
                @Nullable String linkLocal,
                List<String> vips,
                List<String> peers) {
            this(
                    interfaceName,
                    family,
                    virtualRouterId,
                    version,
                    priority,
                    intervalMillis,
                    preemption,
                    preemptionDelaySeconds,
                    checksum,
                    linkLocal,
                    vips,
                    peers,
                    null,
                    null);
        }

        RouterConfig config() {
            return multicast()
                    .by(route())
                    .authenticatedBy(password == null ? AuthenticationType.NONE : AuthenticationType.PASSWORD);
        }

        private Route route() {
            return unicast == null
                    ? new Route.Multicast()
                    : new Route.Unicast(
                            Optional.of(IpAddress.parse(unicast.source())),
                            unicast.peers().stream().map(IpAddress::parse).collect(Collectors.toSet()));
        }

        private RouterConfig multicast() {
            return new RouterConfig(
                    new RouterKey("edge", interfaceName, family, virtualRouterId),
                    version,
                    priority,
                    intervalMillis,
                    Preemption.of(preemption, preemptionDelaySeconds),
                    checksum,
                    Optional.ofNullable(linkLocal).map(IpAddress::parse),
                    vips.stream().map(IpAddress::parse).toList(),
                    Set.copyOf(peers));
        }
    }

    /** One line of its output. */
    record Status(int sequence, List<RouterLine> routers, List<String> living, List<String> complaints) {}

    /** What a test asks of one router. */
    record RouterLine(
            String interfaceName,
            AddressFamily family,
            VirtualRouterState state,
            long transitions,
            @Nullable String activeSource,
            long received,
            @Nullable ChecksumForm peerChecksum,
            Map<String, Long> drops,
            List<String> problems) {

        static RouterLine of(RouterStatus status) {
            return new RouterLine(
                    status.key().interfaceName(),
                    status.key().family(),
                    status.state(),
                    status.transitions(),
                    status.activeSource().map(IpAddress::toString).orElse(null),
                    status.received(),
                    status.peerChecksum().orElse(null),
                    status.drops().entrySet().stream()
                            .collect(Collectors.toMap(drop -> drop.getKey().name(), Map.Entry::getValue)),
                    status.problems().stream().map(Problem::message).toList());
        }
    }

    private static Map<String, Authentication.Password> passwords(List<Router> routers) {
        return routers.stream()
                .flatMap(router -> Stream.ofNullable(router.password()))
                .distinct()
                .collect(Collectors.toMap(
                        password -> "edge",
                        password -> Authentication.Password.of(password.getBytes(StandardCharsets.US_ASCII))));
    }

    /** Runs until it is ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]);
        VrrpThread vrrp = VrrpThread.start((router, transition) -> {}, System::nanoTime);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            vrrp.close();
            System.out.println(CLOSED);
            System.out.flush();
        }));
        String before = "";
        Status last = new Status(0, List.of(), List.of(), List.of());
        Settings settings = new Settings(0, List.of(), null);
        while (vrrp.isAlive()) {
            String text = Files.readString(file);
            if (!text.equals(before)) {
                before = text;
                settings = JSON.readValue(text, Settings.class);
                Optional<Beat> heartbeat = Optional.ofNullable(settings.heartbeat());
                vrrp.learn(heartbeat.map(Beat::keys).orElse(Map.of()), passwords(settings.routers()));
                vrrp.configure(new VrrpConfig(
                        settings.routers().stream().map(Router::config).toList(),
                        heartbeat.stream().map(Beat::config).toList()));
            }
            Status status = new Status(
                    settings.sequence(),
                    vrrp.status().routers().stream().map(RouterLine::of).toList(),
                    vrrp.status().heartbeats().fleets().stream()
                            .flatMap(fleet -> fleet.living().stream())
                            .sorted()
                            .toList(),
                    vrrp.status().heartbeats().complaints().stream()
                            .map(complaint -> complaint.kind().reason())
                            .toList());
            if (!status.equals(last)) {
                last = status;
                System.out.println(STATUS + JSON.writeValueAsString(status));
                System.out.flush();
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
