package io.lvsoperator.agent.kube;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the node's status by server-side apply: only when it changed, the first change at once and then at most one a
 * second, and again until the API server takes it.
 */
public final class StatusWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Api.AGENT_FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final String nodeName;
    private final AtomicReference<@Nullable LvsNodeStatus> latest = new AtomicReference<>();
    private final Thread thread;
    private volatile @Nullable LvsNodeStatus written;
    private volatile boolean stopping;
    private volatile boolean inStep = true;

    public StatusWriter(KubernetesClient client, String nodeName) {
        this.client = client;
        this.nodeName = nodeName;
        this.thread = Thread.ofVirtual().name("status").start(this::run);
    }

    /** Takes the newest status; returns at once. */
    public void report(LvsNodeStatus status) {
        if (!status.equals(latest.getAndSet(status))) {
            LockSupport.unpark(thread);
        }
    }

    /** The status is missing in the API server, as where the LvsNode was deleted and made anew: it is written again. */
    public void writeAgain() {
        written = null;
        LockSupport.unpark(thread);
    }

    /** Whether the API server has the newest status. */
    public boolean isInStep() {
        return inStep;
    }

    private void run() {
        Duration pause = SHORTEST_INTERVAL;
        while (!stopping) {
            @Nullable LvsNodeStatus status = latest.get();
            if (status == null || status.equals(written)) {
                LockSupport.park(this);
                continue;
            }
            written = status; // before the write: what is lost meanwhile has to be written again
            if (write(status)) {
                inStep = true;
                pause = SHORTEST_INTERVAL;
            } else {
                written = null;
                inStep = false;
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
            }
            sleep(pause);
        }
    }

    private boolean write(LvsNodeStatus status) {
        LvsNode node = new LvsNode();
        node.setMetadata(new ObjectMetaBuilder().withName(nodeName).build());
        node.setStatus(status);
        try {
            client.resource(node).subresource("status").patch(APPLY);
            return true;
        } catch (KubernetesClientException refused) {
            LOG.warn("the status of LvsNode {} could not be written: {}", nodeName, refused.getMessage());
            return false;
        }
    }

    private void sleep(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (!stopping && System.nanoTime() < end) {
            LockSupport.parkNanos(this, end - System.nanoTime());
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
    }
}
