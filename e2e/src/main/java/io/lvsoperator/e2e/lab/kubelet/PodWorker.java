package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.lvsoperator.e2e.lab.kubelet.ContainerRunner.RestartPolicy;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Waiting;
import io.lvsoperator.e2e.lab.kubelet.Plan.ContainerPlan;
import io.lvsoperator.e2e.lab.kubelet.Volumes.VolumeException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lives as long as one pod on its node: volumes, containers, status, end. All its writes come from one thread. */
public final class PodWorker {

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

    /** How often it looks again at what nothing tells it about: missing volumes, expiring tokens, failed writes. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private static final long DEFAULT_GRACE_SECONDS = 30;

    /** What a worker needs of its node. */
    public record Site(
            NodeFacts node,
            Images images,
            KubernetesClient client,
            Prober prober,
            Path root,
            Path pods,
            Path logs,
            Consumer<Path> mountPoints,
            Clock clock) {

        /**
         * A node's site.
         *
         * @param traffic the program of e2e/traffic
         * @param root below which hostPath volumes are
         * @param pods where the pods' other volumes are
         * @param mountPoints makes directories of this machine that volumes are mounted on
         */
        public static Site open(
                NodeFacts node,
                Images images,
                KubernetesClient client,
                Path traffic,
                Path root,
                Path pods,
                Path logs,
                Consumer<Path> mountPoints,
                Clock clock) {
            return new Site(node, images, client, Prober.start(traffic, node), root, pods, logs, mountPoints, clock);
        }

        public void close() {
            prober.close();
        }
    }

    private final Site site;
    private final Pod pod;
    private final Volumes volumes;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    private volatile List<ContainerRunner> runners = List.of();
    private volatile @Nullable Duration stopGrace;
    private volatile boolean halted;
    private @Nullable PodStatus written;

    private PodWorker(Site site, Pod pod) {
        this.site = site;
        this.pod = pod;
        this.volumes = new Volumes(
                pod,
                site.node(),
                site.client(),
                site.root(),
                site.pods().resolve(pod.getMetadata().getUid()),
                site.clock());
        this.thread =
                Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).unstarted(this::run);
    }

    /** Starts to run a pod. */
    public static PodWorker start(Site site, Pod pod) {
        PodWorker worker = new PodWorker(site, pod);
        worker.thread.start();
        return worker;
    }

    /** The pod is to end as the API says: SIGTERM, grace period, SIGKILL, and then the object goes. */
    public void stop(Duration grace) {
        stopGrace = grace;
        news.release();
    }

    /** SIGKILL for everything at once and no word to the API server: the pod is gone, or its node is. */
    public void halt() {
        halted = true;
        news.release();
        runners.forEach(ContainerRunner::kill);
    }

    /** SIGKILL for the containers' processes, as a crash. */
    public void crash() {
        runners.forEach(ContainerRunner::crash);
    }

    private void run() {
        try {
            switch (PodPlanner.plan(pod, site.node(), site.images())) {
                case Plan.Refuse refuse -> refuse(refuse.message());
                case Plan.Wait wait -> waitForStop(wait.reason(), wait.message());
                case Plan.Run run -> runContainers(run.containers());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("pod {}: its worker failed", name(), e);
        }
    }

    private void refuse(String message) throws InterruptedException {
        LOG.warn("pod {}: {}", name(), message);
        while (!ending()
                && !write(before ->
                        PodStatuses.refused(before, message, site.clock().instant()))) {
            pause();
        }
        awaitStop();
        deleteObject();
    }

    private void waitForStop(String reason, String message) throws InterruptedException {
        LOG.warn("pod {}: {}: {}", name(), reason, message);
        while (!ending()) {
            report(waiting(reason, message));
            pause();
        }
        deleteObject();
    }

    private void runContainers(List<ContainerPlan> plans) throws InterruptedException {
        Optional<Map<String, Path>> places = prepareVolumes();
        if (places.isPresent() && !ending()) {
            runners = startRunners(plans, places.get());
            while (!ending()) {
                report(snapshots());
                renewTokens();
                pause();
            }
        }
        end();
    }

    /** Empty where the pod ended before its volumes could be made. */
    private Optional<Map<String, Path>> prepareVolumes() throws InterruptedException {
        while (!ending()) {
            try {
                return Optional.of(volumes.prepare());
            } catch (VolumeException e) {
                String message = Objects.requireNonNullElse(e.getMessage(), "");
                if (e.isForGood()) {
                    refuse(message);
                    return Optional.empty();
                }
                report(waiting("ContainerCreating", message));
            } catch (KubernetesClientException e) {
                LOG.warn("pod {}: volumes: {}", name(), e.getMessage());
            }
            pause();
        }
        return Optional.empty();
    }

    private List<ContainerRunner> startRunners(List<ContainerPlan> plans, Map<String, Path> places) {
        List<ContainerRunner> started = new ArrayList<>();
        for (ContainerPlan plan : plans) {
            plan.mounts().forEach(mount -> site.mountPoints().accept(Path.of(mount.path())));
            started.add(new ContainerRunner(
                    plan,
                    Sandbox.commandLine(plan, site.node(), places),
                    RestartPolicy.of(pod.getSpec().getRestartPolicy()),
                    grace(),
                    site.logs().resolve("%s-%s.log".formatted(name(), plan.name())),
                    site.prober(),
                    site.clock(),
                    restartsBefore(plan.name()),
                    news::release));
        }
        started.forEach(ContainerRunner::start);
        return List.copyOf(started);
    }

    /** A pod that ran here before its node was switched off counts on. */
    private int restartsBefore(String container) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(container))
                .filter(status -> status.getState().getWaiting() == null || status.getRestartCount() > 0)
                .mapToInt(ContainerStatus::getRestartCount)
                .map(count -> count + 1)
                .findFirst()
                .orElse(0);
    }

    private void renewTokens() {
        if (site.clock().instant().isAfter(volumes.renewal())) {
            try {
                volumes.prepare();
            } catch (VolumeException | KubernetesClientException e) {
                LOG.warn("pod {}: tokens not renewed, tried again: {}", name(), e.getMessage());
            }
        }
    }

    private void end() throws InterruptedException {
        Duration limit = stopGrace;
        if (halted || limit == null) {
            runners.forEach(ContainerRunner::kill);
            return;
        }
        List<Thread> stops = new ArrayList<>();
        for (ContainerRunner runner : runners) {
            stops.add(Thread.ofVirtual().start(() -> {
                try {
                    runner.stop(limit);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread stop : stops) {
            stop.join();
        }
        if (!runners.isEmpty()) {
            report(snapshots());
        }
        deleteObject();
    }

    /** As a kubelet: when nothing runs any more the object goes, with a grace period of 0. */
    private void deleteObject() throws InterruptedException {
        while (!halted && stopGrace != null) {
            try {
                Pod present = resource().get();
                if (present != null
                        && present.getMetadata()
                                .getUid()
                                .equals(pod.getMetadata().getUid())) {
                    resource().withGracePeriod(0).delete();
                }
                return;
            } catch (KubernetesClientException e) {
                LOG.warn("pod {}: not deleted, tried again: {}", name(), e.getMessage());
                pause();
            }
        }
    }

    private void report(List<ContainerSnapshot> containers) {
        write(before ->
                PodStatuses.of(before, containers, site.node(), site.clock().instant()));
    }

    /** Writes the status where it changed; whether the API server has it now. */
    private boolean write(Function<Pod, PodStatus> status) {
        PodStatus known = written;
        if (halted
                || (known != null
                        && status.apply(new PodBuilder(pod).withStatus(known).build())
                                .equals(known))) {
            return true;
        }
        try {
            Pod present = resource().get();
            if (present == null
                    || !present.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                return true;
            }
            written = resource()
                    .editStatus(current -> new PodBuilder(current)
                            .withStatus(status.apply(current))
                            .build())
                    .getStatus();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                LOG.debug("pod {}: changed meanwhile, its status is tried again", name());
            } else {
                LOG.warn("pod {}: status not written, tried again: {}", name(), e.getMessage());
            }
            return false;
        }
    }

    private List<ContainerSnapshot> snapshots() {
        return runners.stream().map(ContainerRunner::snapshot).toList();
    }

    private List<ContainerSnapshot> waiting(String reason, String message) {
        return pod.getSpec().getContainers().stream()
                .map(container -> new ContainerSnapshot(
                        container.getName(), container.getImage(), new Waiting(reason, message), null, 0, false, false))
                .toList();
    }

    private boolean ending() {
        return halted || stopGrace != null;
    }

    private void awaitStop() throws InterruptedException {
        while (!ending()) {
            pause();
        }
    }

    private void pause() throws InterruptedException {
        if (news.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
            news.drainPermits();
        }
    }

    private Duration grace() {
        return Duration.ofSeconds(
                Objects.requireNonNullElse(pod.getSpec().getTerminationGracePeriodSeconds(), DEFAULT_GRACE_SECONDS));
    }

    private PodResource resource() {
        return site.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name());
    }

    private String name() {
        return pod.getMetadata().getName();
    }
}
