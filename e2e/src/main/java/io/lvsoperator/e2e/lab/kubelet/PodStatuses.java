package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.lvsoperator.e2e.lab.kubelet.ContainerRunner.RestartPolicy;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Running;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Terminated;
import io.lvsoperator.e2e.lab.kubelet.ContainerSnapshot.Waiting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The status of a pod as a kubelet writes it: pure. */
final class PodStatuses {

    /** The conditions that a kubelet owns; PodScheduled is the scheduler's. */
    private static final Set<String> OWNED = Set.of("Initialized", "ContainersReady", "Ready");

    private PodStatuses() {}

    /** The status of a pod whose containers are these. */
    static PodStatus of(Pod pod, List<ContainerSnapshot> containers, NodeFacts node, Instant now) {
        boolean ready = containers.stream().allMatch(ContainerSnapshot::ready);
        PodStatus before = pod.getStatus();
        return new PodStatusBuilder(before)
                .withPhase(phase(pod, containers))
                .withReason(null)
                .withMessage(null)
                .withStartTime(before.getStartTime() == null ? time(now) : before.getStartTime())
                .withHostIP(node.primaryAddress())
                .withHostIPs(node.addresses().stream().map(HostIP::new).toList())
                .withPodIP(node.primaryAddress())
                .withPodIPs(node.addresses().stream().map(PodIP::new).toList())
                .withConditions(conditions(before, ready, now))
                .withContainerStatuses(
                        containers.stream().map(PodStatuses::status).toList())
                .build();
    }

    /** The status of a pod that cannot be run here at all. */
    static PodStatus refused(Pod pod, String message, Instant now) {
        return new PodStatusBuilder(pod.getStatus())
                .withPhase("Failed")
                .withReason("ProcessNode")
                .withMessage(message)
                .withStartTime(time(now))
                .withConditions(conditions(pod.getStatus(), false, now))
                .build();
    }

    private static String phase(Pod pod, List<ContainerSnapshot> containers) {
        boolean ended = containers.stream().allMatch(container -> isOver(pod, container));
        if (ended) {
            boolean good = containers.stream()
                    .allMatch(container -> container.state() instanceof Terminated end && end.exitCode() == 0);
            return good ? "Succeeded" : "Failed";
        }
        boolean everRan = containers.stream()
                .allMatch(container -> container.state() instanceof Running
                        || container.state() instanceof Terminated
                        || container.last() != null);
        return everRan || "Running".equals(pod.getStatus().getPhase()) ? "Running" : "Pending";
    }

    /** Whether the container has ended and will not start again. */
    private static boolean isOver(Pod pod, ContainerSnapshot container) {
        return container.state() instanceof Terminated end
                && (pod.getMetadata().getDeletionTimestamp() != null
                        || !RestartPolicy.of(pod.getSpec().getRestartPolicy()).restarts(end.exitCode()));
    }

    private static List<PodCondition> conditions(PodStatus before, boolean ready, Instant now) {
        List<PodCondition> conditions = new ArrayList<>();
        before.getConditions().stream()
                .filter(condition -> !OWNED.contains(condition.getType()))
                .forEach(conditions::add);
        conditions.add(condition(before, "Initialized", true, now));
        conditions.add(condition(before, "ContainersReady", ready, now));
        conditions.add(condition(before, "Ready", ready, now));
        return conditions;
    }

    private static PodCondition condition(PodStatus before, String type, boolean holds, Instant now) {
        String status = holds ? "True" : "False";
        String since = before.getConditions().stream()
                .filter(old -> old.getType().equals(type) && old.getStatus().equals(status))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElse(time(now));
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(holds ? null : "ContainersNotReady")
                .withLastTransitionTime(since)
                .build();
    }

    private static ContainerStatus status(ContainerSnapshot container) {
        var builder = new ContainerStatusBuilder()
                .withName(container.name())
                .withImage(container.image())
                .withImageID("process://" + Images.repository(container.image()))
                .withState(state(container.state()))
                .withRestartCount(container.restarts())
                .withStarted(container.started())
                .withReady(container.ready());
        if (container.last() != null) {
            builder.withLastState(state(container.last()));
        }
        return builder.build();
    }

    private static ContainerState state(ContainerSnapshot.State state) {
        return switch (state) {
            case Waiting waiting ->
                new ContainerStateBuilder()
                        .withNewWaiting(waiting.message(), waiting.reason())
                        .build();
            case Running running ->
                new ContainerStateBuilder()
                        .withNewRunning(time(running.since()))
                        .build();
            case Terminated end ->
                new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(end.exitCode())
                        .withReason(end.reason())
                        .withStartedAt(time(end.from()))
                        .withFinishedAt(time(end.to()))
                        .endTerminated()
                        .build();
        };
    }

    /** RFC 3339 with seconds, as the API has it. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
