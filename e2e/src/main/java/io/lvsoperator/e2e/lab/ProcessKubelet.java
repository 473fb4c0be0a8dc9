package io.lvsoperator.e2e.lab;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.lvsoperator.e2e.lab.kubelet.NodeFacts;
import io.lvsoperator.e2e.lab.kubelet.NodeRegistration;
import io.lvsoperator.e2e.lab.kubelet.PodWorker;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small kubelet: registers its node and runs the pods bound to it as processes, from {@link #start} until
 * {@link #close}. Of pods it carries out what {@code kubelet} in this package's subpackage says, and refuses the rest.
 */
final class ProcessKubelet implements AutoCloseable, ResourceEventHandler<Pod> {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessKubelet.class);

    /** Phases that a pod does not leave again. */
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final PodWorker.Site site;
    private final NodeRegistration registration;
    private final Map<String, PodWorker> workers = new HashMap<>();
    private @Nullable SharedIndexInformer<Pod> informer;
    private boolean closed;

    private ProcessKubelet(PodWorker.Site site, NodeRegistration registration) {
        this.site = site;
        this.registration = registration;
    }

    /** Starts one; its node is Ready when this returns. */
    static ProcessKubelet start(PodWorker.Site site, Map<String, String> labels, Clock clock) {
        NodeFacts node = site.node();
        KubernetesClient client = site.client();
        ProcessKubelet kubelet = new ProcessKubelet(site, NodeRegistration.start(node, labels, client, clock));
        kubelet.informer = client.pods()
                .inAnyNamespace()
                .withField("spec.nodeName", node.name())
                .inform(kubelet);
        return kubelet;
    }

    @Override
    public void onAdd(Pod pod) {
        observe(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        observe(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        PodWorker worker;
        synchronized (this) {
            worker = workers.remove(pod.getMetadata().getUid());
        }
        if (worker != null) {
            worker.halt(); // does nothing where the worker itself deleted the object
        }
    }

    private synchronized void observe(Pod pod) {
        if (closed) {
            return;
        }
        String uid = pod.getMetadata().getUid();
        PodWorker worker = workers.get(uid);
        boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
        if (worker == null && (leaving || !ENDED.contains(pod.getStatus().getPhase()))) {
            LOG.info(
                    "node {}: runs pod {}",
                    site.node().name(),
                    pod.getMetadata().getName());
            worker = PodWorker.start(site, pod);
            workers.put(uid, worker);
        }
        if (worker != null && leaving) {
            worker.stop(Duration.ofSeconds(
                    Objects.requireNonNullElse(pod.getMetadata().getDeletionGracePeriodSeconds(), 0L)));
        }
    }

    /** SIGKILL for the processes of all its pods, as a crash: they start again. */
    synchronized void crashPods() {
        workers.values().forEach(PodWorker::crash);
    }

    /** Deletes the Node object; to be called after {@link #close}. */
    void removeNode() {
        registration.remove();
    }

    /** Ends as a machine that loses power: all processes killed, and the API server hears nothing more. */
    @Override
    public void close() {
        SharedIndexInformer<Pod> running;
        synchronized (this) {
            closed = true;
            running = informer;
            workers.values().forEach(PodWorker::halt);
        }
        if (running != null) {
            running.close();
        }
        registration.close();
        site.close();
    }
}
