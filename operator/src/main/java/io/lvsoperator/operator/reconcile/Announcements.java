package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lvsoperator.api.v1alpha1.Condition;
import io.lvsoperator.api.v1alpha1.ConditionStatus;
import io.lvsoperator.operator.status.ConditionTypes;
import io.lvsoperator.operator.status.Conditions;
import io.lvsoperator.operator.status.Reasons;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an event when a condition that users care about turns. The reason of the event is that of the condition. */
final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
    private static final String CONTROLLER = "lvs-operator.io/operator";
    private static final int LONGEST_NOTE = 1024;
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Conditions that are announced when they turn. */
    private static final Set<String> ANNOUNCED = Set.of(
            ConditionTypes.ACCEPTED,
            ConditionTypes.RESOLVED_REFS,
            ConditionTypes.PROGRAMMED,
            ConditionTypes.READY,
            ConditionTypes.DEGRADED);

    /** Reasons that pass by themselves, or repeat what another condition says. */
    private static final Set<String> SILENT = Set.of(
            Reasons.PENDING,
            Reasons.NOT_PROGRAMMED,
            Reasons.NOT_ACCEPTED,
            Reasons.WITHDRAWING,
            Reasons.DIRECTOR_LAGS,
            "ResolvedRefs",
            "Programmed");

    private final KubernetesClient client;
    private final Clock clock;
    private final String instance;

    Announcements(KubernetesClient client, Clock clock, String instance) {
        this.client = client;
        this.clock = clock;
        this.instance = instance;
    }

    /** Announces what has turned between two lists of conditions. */
    void announce(HasMetadata object, @Nullable List<Condition> before, List<Condition> after) {
        turned(before, after).forEach(condition -> write(object, condition));
    }

    /** The conditions that deserve an event: each once when it turns, and none for what passes by itself. */
    static List<Condition> turned(@Nullable List<Condition> before, List<Condition> after) {
        return after.stream()
                .filter(condition -> ANNOUNCED.contains(condition.type()) && !SILENT.contains(condition.reason()))
                .filter(condition -> Conditions.of(before, condition.type())
                        .map(p ->
                                p.status() != condition.status() || !p.reason().equals(condition.reason()))
                        .orElse(!condition.reason().equals(Reasons.AS_EXPECTED)))
                .toList();
    }

    private void write(HasMetadata object, Condition condition) {
        boolean good = condition.type().equals(ConditionTypes.DEGRADED)
                ? condition.status() == ConditionStatus.FALSE
                : condition.status() == ConditionStatus.TRUE;
        String namespace = object.getMetadata().getNamespace() == null
                ? "default"
                : object.getMetadata().getNamespace();
        String note = condition.type() + " is " + (condition.status() == ConditionStatus.TRUE ? "True" : "False") + ": "
                + condition.message();
        try {
            client.events()
                    .v1()
                    .events()
                    .inNamespace(namespace)
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withGenerateName(object.getMetadata().getName() + "-")
                            .withNamespace(namespace)
                            .endMetadata()
                            .withEventTime(new MicroTime(MICRO_TIME.format(clock.instant())))
                            .withReportingController(CONTROLLER)
                            .withReportingInstance(instance)
                            .withAction("Observed")
                            .withReason(condition.reason())
                            .withType(good ? "Normal" : "Warning")
                            .withNote(note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note)
                            .withRegarding(new ObjectReferenceBuilder()
                                    .withApiVersion(object.getApiVersion())
                                    .withKind(object.getKind())
                                    .withNamespace(object.getMetadata().getNamespace())
                                    .withName(object.getMetadata().getName())
                                    .withUid(object.getMetadata().getUid())
                                    .withResourceVersion(object.getMetadata().getResourceVersion())
                                    .build())
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            // An event is a courtesy: the condition itself is what counts.
            LOG.warn(
                    "Could not write event {} on {}: {}",
                    condition.reason(),
                    object.getMetadata().getName(),
                    e.getMessage());
        }
    }
}
