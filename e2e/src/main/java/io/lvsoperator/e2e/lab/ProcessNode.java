package io.lvsoperator.e2e.lab;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.lvsoperator.e2e.lab.kubelet.Image;
import io.lvsoperator.e2e.lab.kubelet.Images;
import io.lvsoperator.e2e.lab.kubelet.NodeFacts;
import io.lvsoperator.e2e.lab.kubelet.PodWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes node on a host of the lab: pods that are bound to it run as processes on that host. Its name is the host's,
 * its internal addresses are the host's on the segment. Its hostPath volumes outlive a power cut, not the lab.
 *
 * <pre>{@code
 * ProcessNode node = ProcessNode.on(lab, "d1")
 *         .kubeconfig(kubeconfig)
 *         .label("lvs-operator.io/director", "edge")
 *         .image("lvs-operator/node-agent", List.of(launcher.toString()), Map.of("JAVA_HOME", javaHome))
 *         .start();
 * }</pre>
 */
public final class ProcessNode implements AutoCloseable {

    /** Probes wait so many times longer on an emulated machine. */
    private static final int GUEST_PATIENCE = 5;

    private final Host host;
    private final KubernetesClient client;
    private final NodeFacts facts;
    private final Images images;
    private final Map<String, String> labels;
    private final Lab lab;
    private final Path directory;
    private @Nullable ProcessKubelet kubelet;
    private boolean closed;

    private ProcessNode(Builder builder, Config config) {
        this.lab = builder.lab;
        this.host = builder.host;
        this.images = new Images(builder.images);
        this.labels = Map.copyOf(builder.labels);
        this.client = new KubernetesClientBuilder().withConfig(config).build();
        int port = URI.create(config.getMasterUrl()).getPort();
        this.facts = new NodeFacts(
                host.name(),
                host.namespace(),
                List.of(host.ipv4(), host.ipv6()),
                ManagementNetwork.API_SERVER,
                port,
                ManagementNetwork.inGuest() ? GUEST_PATIENCE : 1);
        this.directory = lab.stateDirectory("node-" + host.name());
    }

    /** Begins a node on a host of the lab. */
    public static Builder on(Lab lab, String hostName) {
        return new Builder(lab, lab.host(hostName));
    }

    /** The Node object's name. */
    public String name() {
        return host.name();
    }

    public Host host() {
        return host;
    }

    /** Where a hostPath of this node is on the machine. */
    public Path hostPath(String path) {
        return directory.resolve("root").resolve("." + path).normalize();
    }

    /** SIGKILL for the processes of all its pods; they start again as a kubelet would start them. */
    public synchronized void killPods() {
        running().crashPods();
    }

    /** Power cut: every process killed at once, the network interfaces down, no word to the API server. */
    public synchronized void powerOff() {
        running().close();
        kubelet = null;
        host.killAll();
        for (String link : List.of(Host.INTERFACE, Host.MANAGEMENT_INTERFACE)) {
            host.linkDown(link);
        }
    }

    /** Power is back: interfaces up with their addresses, and the pods that are still bound here start again. */
    public synchronized void powerOn() {
        for (String link : List.of(Host.INTERFACE, Host.MANAGEMENT_INTERFACE)) {
            host.linkUp(link);
        }
        startKubelet();
    }

    /** Kills its processes and deletes its Node object. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (kubelet != null) {
            kubelet.close();
            kubelet.removeNode();
            kubelet = null;
        }
        client.close();
    }

    private ProcessKubelet running() {
        if (kubelet == null) {
            throw new IllegalStateException("node %s is switched off".formatted(name()));
        }
        return kubelet;
    }

    private synchronized void startKubelet() {
        if (closed || kubelet != null) {
            throw new IllegalStateException("node %s runs already, or was closed".formatted(name()));
        }
        PodWorker.Site site = PodWorker.Site.open(
                facts,
                images,
                client,
                Traffic.program(),
                made(directory.resolve("root")),
                made(directory.resolve("pods")),
                lab.logs(),
                lab::createMountPoint,
                Clock.systemUTC());
        kubelet = ProcessKubelet.start(site, labels, Clock.systemUTC());
    }

    private static Path made(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says what a node is like. */
    public static final class Builder {
        private final Lab lab;
        private final Host host;
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final Map<String, Image> images = new LinkedHashMap<>();
        private @Nullable Path kubeconfig;

        private Builder(Lab lab, Host host) {
            this.lab = lab;
            this.host = host;
        }

        /** The kubeconfig of an administrator of the API server on this machine (the kubelet acts as that user). */
        public Builder kubeconfig(Path file) {
            kubeconfig = file;
            return this;
        }

        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /**
         * Gives the node an image: what it runs for containers of that repository, whatever their tag.
         *
         * @param entrypoint the command; a container's args are appended, a container's own command replaces it
         * @param environment the variables that the image sets
         */
        public Builder image(String repository, List<String> entrypoint, Map<String, String> environment) {
            images.put(repository, new Image(entrypoint, environment));
            return this;
        }

        /** Registers the node and starts to run pods; the node is Ready when this returns. */
        public ProcessNode start() {
            if (kubeconfig == null) {
                throw new IllegalStateException("node %s: needs a kubeconfig".formatted(host.name()));
            }
            ProcessNode node = new ProcessNode(this, ManagementNetwork.clientConfig(kubeconfig));
            lab.beforeClose(node::close);
            node.startKubelet();
            return node;
        }
    }
}
