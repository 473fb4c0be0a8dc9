package io.lvsoperator.agent.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lvsoperator.api.v1alpha1.Api;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events on this node's LvsNode. The same words are said once a minute at most; saying them never holds anybody up. */
public final class NodeEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEvents.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** LvsNode is cluster-scoped; events of such objects live here. */
    private static final String NAMESPACE = "default";

    /** What the agent speaks of: the closed list of reasons. */
    public enum Reason {
        BECAME_ACTIVE("BecameActive", "Normal"),
        BECAME_BACKUP("BecameBackup", "Normal"),
        DISTURBED("Disturbed", "Warning"),
        DRIFT_REPAIRED("DriftRepaired", "Warning"),
        SERVICE_ADOPTED("ServiceAdopted", "Normal"),
        NOT_PROGRAMMED("NotProgrammed", "Warning"),
        PEERS_DISAGREE("PeersDisagree", "Warning"),
        PROGRAMMED_AGAIN("ProgrammedAgain", "Normal"),
        RECONCILE_LOOP_STUCK("ReconcileLoopStuck", "Warning"),
        RECONCILE_LOOP_GOES_ON("ReconcileLoopGoesOn", "Normal"),
        REAL_SERVER_NOT_ANSWERING("RealServerNotAnswering", "Warning"),
        REAL_SERVER_ANSWERS_AGAIN("RealServerAnswersAgain", "Normal");

        private final String word;
        private final String type;

        Reason(String word, String type) {
            this.word = word;
            this.type = type;
        }

        /** Whether somebody should see to it. */
        public boolean isWarning() {
            return type.equals("Warning");
        }
    }

    private final KubernetesClient client;
    private final String nodeName;
    private final Clock clock;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("events").factory());
    private final Map<String, Instant> said = new ConcurrentHashMap<>();

    public NodeEvents(KubernetesClient client, String nodeName, Clock clock) {
        this.client = client;
        this.nodeName = nodeName;
        this.clock = clock;
    }

    /** Says it, unless it was said within the last minute; then it returns false. Returns at once. */
    public boolean say(Reason reason, String message) {
        Instant now = clock.instant();
        said.values().removeIf(when -> when.plus(QUIET).isBefore(now));
        if (said.putIfAbsent(reason.word + ":" + message, now) != null) {
            return false;
        }
        try {
            executor.execute(() -> post(event(reason, message, now)));
        } catch (RejectedExecutionException closed) {
            LOG.debug("not said, as the agent stops: {}", message);
        }
        return true;
    }

    private void post(Event event) {
        try {
            client.resource(event).create();
        } catch (KubernetesClientException refused) {
            LOG.warn("event {} could not be posted: {}", event.getReason(), refused.getMessage());
        }
    }

    private Event event(Reason reason, String message, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(nodeName + ".")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(Api.GROUP + "/" + Api.VERSION)
                .withKind("LvsNode")
                .withName(nodeName)
                .endInvolvedObject()
                .withType(reason.type)
                .withReason(reason.word)
                .withMessage(message)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .withNewSource()
                .withComponent(Api.AGENT_FIELD_MANAGER)
                .withHost(nodeName)
                .endSource()
                .build();
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
