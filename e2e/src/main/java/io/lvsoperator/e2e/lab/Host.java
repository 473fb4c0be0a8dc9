package io.lvsoperator.e2e.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A host of the lab: a network namespace with {@code eth0} on the segment and {@code mgmt0} on the management network. */
public final class Host {

    public static final String INTERFACE = "eth0";
    public static final String MANAGEMENT_INTERFACE = "mgmt0";

    private static final Duration CAPTURE_START_LIMIT = Duration.ofSeconds(30);

    private final String name;
    private final String namespace;
    private final SwitchPort port;
    private final String ipv4;
    private final String ipv6;
    private final String managementAddress;
    private final Path logs;
    private final AtomicInteger started = new AtomicInteger();

    /** The other end of eth0's cable. */
    record SwitchPort(String namespace, String link) {}

    Host(
            String name,
            String namespace,
            SwitchPort port,
            String ipv4,
            String ipv6,
            String managementAddress,
            Path logs) {
        this.name = name;
        this.namespace = namespace;
        this.port = port;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.managementAddress = managementAddress;
        this.logs = logs;
    }

    public String name() {
        return name;
    }

    /** The name of the network namespace, as {@code ip netns} knows it. */
    public String namespace() {
        return namespace;
    }

    public String ipv4() {
        return ipv4;
    }

    public String ipv6() {
        return ipv6;
    }

    public String managementAddress() {
        return managementAddress;
    }

    /** The MAC address of {@code eth0}; the same in every lab with the same address. */
    public String mac() {
        return Segment.macOf(ipv4);
    }

    /**
     * Runs a program on this host.
     *
     * @throws CommandFailedException when its exit status is not 0
     */
    public CommandResult exec(String... command) {
        return tryExec(command).requireSuccess();
    }

    /** Runs a program on this host, whatever its exit status. */
    public CommandResult tryExec(String... command) {
        return Command.run(Namespaces.inside(namespace, List.of(command)));
    }

    /** Starts a program on this host; its output goes to the lab's logs under the host's and the given name. */
    public Background start(String what, String... command) {
        String log = "%s-%02d-%s".formatted(name, started.incrementAndGet(), what);
        return Background.start(logs, log, Namespaces.inside(namespace, List.of(command)));
    }

    /** Captures packets of an interface as text, in tcpdump's words with link-level headers. */
    public Capture capture(String link, String filter) {
        Background tcpdump =
                start("tcpdump", "tcpdump", "-n", "-e", "-tt", "-l", "--immediate-mode", "-i", link, filter);
        return new Capture(tcpdump.awaitText("listening on", CAPTURE_START_LIMIT));
    }

    /** Pulls the segment's cable at the switch: eth0 stays up but has no carrier. */
    public void pullCable() {
        switchPort("down");
    }

    public void plugCable() {
        switchPort("up");
    }

    /** Cut off from all other hosts that are: what is sent from one to another is lost, and nobody's carrier with it. */
    public void cutOff(boolean off) {
        Command.run(List.of(
                        "ip",
                        "-n",
                        port.namespace(),
                        "link",
                        "set",
                        port.link(),
                        "type",
                        "bridge_slave",
                        "isolated",
                        off ? "on" : "off"))
                .requireSuccess();
    }

    /** Sets an interface administratively down. */
    public void linkDown(String link) {
        exec("ip", "link", "set", link, "down");
    }

    public void linkUp(String link) {
        exec("ip", "link", "set", link, "up");
    }

    /** Adds an address that is usable at once. */
    public void addAddress(String address, int prefixLength, String link) {
        String cidr = address + "/" + prefixLength;
        if (address.contains(":")) {
            exec("ip", "address", "add", cidr, "dev", link, "nodad");
        } else {
            exec("ip", "address", "add", cidr, "dev", link);
        }
    }

    public void deleteAddress(String address, int prefixLength, String link) {
        exec("ip", "address", "delete", address + "/" + prefixLength, "dev", link);
    }

    /** All addresses of an interface with their prefix lengths, as in {@code 192.0.2.1/24}. */
    public List<String> addresses(String link) {
        return exec("ip", "-oneline", "address", "show", "dev", link)
                .out()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .map(words -> words[3])
                .toList();
    }

    /** A kernel setting below /proc/sys by its path, as in {@code net/ipv4/conf/eth0/arp_ignore}. */
    public String setting(String path) {
        return exec("cat", "/proc/sys/" + path).out().strip();
    }

    public void setting(String path, String value) {
        exec("sh", "-c", "echo \"$1\" >\"/proc/sys/$0\"", path, value);
    }

    /** SIGKILL for every process on this host. */
    public void killAll() {
        Namespaces.killAll(namespace);
    }

    private void switchPort(String state) {
        Command.run(List.of("ip", "-n", port.namespace(), "link", "set", port.link(), state))
                .requireSuccess();
    }

    @Override
    public String toString() {
        return name + " (" + ipv4 + ")";
    }
}
