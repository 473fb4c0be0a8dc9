package io.lvsoperator.e2e.vrrp;

import io.lvsoperator.agent.vrrp.wire.Version;
import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A host of the lab that runs keepalived with one VRRP instance. */
final class Keepalived implements AutoCloseable {

    /** Without a fraction where there is none. */
    private static final DecimalFormat NUMBER =
            new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Background process;

    private Keepalived(Background process) {
        this.process = process;
    }

    /**
     * A vrrp_instance block.
     *
     * @param virtualRouterId virtual_router_id
     * @param version vrrp_version
     * @param priority of this router
     * @param intervalSeconds advert_int
     * @param more other lines of the block
     * @param addresses lines of its virtual_ipaddress block; for IPv6 the link-local one first
     */
    record Instance(
            int virtualRouterId,
            Version version,
            int priority,
            double intervalSeconds,
            List<String> more,
            List<String> addresses) {

        private String text(String name) {
            return """
                    global_defs {
                        router_id %s
                        vrrp_version %d
                    }
                    vrrp_instance edge {
                        interface %s
                        state BACKUP
                        virtual_router_id %d
                        priority %d
                        advert_int %s
                        %s
                        virtual_ipaddress {
                            %s
                        }
                    }
                    """.formatted(
                            name,
                            version.number(),
                            Host.INTERFACE,
                            virtualRouterId,
                            priority,
                            NUMBER.format(intervalSeconds),
                            String.join("\n    ", more),
                            String.join("\n        ", addresses));
        }
    }

    static Keepalived start(Host host, Path directory, Instance instance) {
        Path file = directory.resolve(host.name() + "-keepalived.conf");
        try {
            Files.writeString(file, instance.text(host.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path pid = directory.resolve(host.name() + "-keepalived.pid");
        return new Keepalived(host.start(
                "keepalived",
                "keepalived",
                "--dont-fork",
                "--log-console",
                "--log-detail",
                "--vrrp",
                "--use-file=" + file,
                "--pid=" + pid,
                "--vrrp_pid=" + pid + ".vrrp"));
    }

    String log() {
        return process.out() + process.err();
    }

    void stop() {
        process.stop(GRACE);
    }

    /** SIGKILL of all of it: no last advertisement, and the VIP stays. */
    void kill() {
        process.kill();
        process.awaitEnd(GRACE);
    }

    @Override
    public void close() {
        process.stop(GRACE);
    }
}
