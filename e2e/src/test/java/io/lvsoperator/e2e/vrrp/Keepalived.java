package io.lvsoperator.e2e.vrrp;

import io.lvsoperator.e2e.lab.Background;
import io.lvsoperator.e2e.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A host of the lab that runs keepalived with one VRRP version 3 instance. */
final class Keepalived implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Background process;

    private Keepalived(Background process) {
        this.process = process;
    }

    /** @param addresses lines of its virtual_ipaddress block; for IPv6 the link-local one first */
    static Keepalived start(Host host, Path directory, int virtualRouterId, int priority, String... addresses) {
        Path file = directory.resolve(host.name() + "-keepalived.conf");
        String text = """
                global_defs {
                    router_id %s
                    vrrp_version 3
                }
                vrrp_instance edge {
                    interface %s
                    state BACKUP
                    virtual_router_id %d
                    priority %d
                    advert_int 1
                    virtual_ipaddress {
                        %s
                    }
                }
                """.formatted(
                        host.name(), Host.INTERFACE, virtualRouterId, priority, String.join("\n        ", addresses));
        try {
            Files.writeString(file, text);
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

    @Override
    public void close() {
        process.stop(GRACE);
    }
}
