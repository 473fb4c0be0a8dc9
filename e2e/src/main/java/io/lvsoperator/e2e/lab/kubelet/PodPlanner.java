package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.lvsoperator.e2e.lab.kubelet.Plan.ContainerPlan;
import io.lvsoperator.e2e.lab.kubelet.Plan.Identity;
import io.lvsoperator.e2e.lab.kubelet.Plan.Mount;
import io.lvsoperator.e2e.lab.kubelet.Plan.ProbePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** From a pod to what is to be run: pure. Whatever it does not carry out, it refuses by name. */
final class PodPlanner {

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Pod pod;
    private final NodeFacts node;
    private final Images images;

    private PodPlanner(Pod pod, NodeFacts node, Images images) {
        this.pod = pod;
        this.node = node;
        this.images = images;
    }

    static Plan plan(Pod pod, NodeFacts node, Images images) {
        try {
            return new PodPlanner(pod, node, images).plan();
        } catch (RefusedException e) {
            return new Plan.Refuse(e.getMessage());
        } catch (WaitException e) {
            return new Plan.Wait(e.reason, e.getMessage());
        }
    }

    private Plan plan() throws RefusedException, WaitException {
        var spec = pod.getSpec();
        refuseIf(
                !Boolean.TRUE.equals(spec.getHostNetwork()),
                "spec.hostNetwork: a process node runs hostNetwork pods only");
        refuseIf(!spec.getInitContainers().isEmpty(), "spec.initContainers: a process node runs none");
        List<ContainerPlan> containers = new ArrayList<>();
        for (Container container : spec.getContainers()) {
            containers.add(plan(container));
        }
        return new Plan.Run(containers);
    }

    private ContainerPlan plan(Container container) throws RefusedException, WaitException {
        Image image = image(container);
        Identity identity = identity(container);
        Map<String, String> environment = environment(container, image, identity);
        List<String> command =
                new ArrayList<>(container.getCommand().isEmpty() ? image.entrypoint() : container.getCommand());
        command.addAll(container.getArgs());
        refuseIf(
                container.getLifecycle() != null,
                "container " + container.getName() + ": lifecycle: is not carried out");
        return new ContainerPlan(
                container.getName(),
                container.getImage(),
                command.stream().map(word -> Fields.expand(word, environment)).toList(),
                environment,
                Objects.requireNonNullElse(container.getWorkingDir(), "/"),
                identity,
                setting(container, SecurityContext::getReadOnlyRootFilesystem).orElse(false),
                mounts(container),
                probe(container, "startupProbe", container.getStartupProbe(), true),
                probe(container, "livenessProbe", container.getLivenessProbe(), true),
                probe(container, "readinessProbe", container.getReadinessProbe(), false));
    }

    private Image image(Container container) throws WaitException {
        return images.find(container.getImage())
                .orElseThrow(() -> new WaitException(
                        "ErrImageNeverPull",
                        "image %s: not on node %s, which has: %s"
                                .formatted(container.getImage(), node.name(), images.names())));
    }

    /** As a container runtime and a kubelet set it: nothing of this process's own environment. */
    private Map<String, String> environment(Container container, Image image, Identity identity)
            throws RefusedException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", PATH);
        environment.put("HOSTNAME", node.name());
        environment.put("HOME", identity.uid() == 0 ? "/root" : "/");
        environment.putAll(image.environment());
        environment.put("KUBERNETES_SERVICE_HOST", node.apiServerHost());
        environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(node.apiServerPort()));
        environment.put("KUBERNETES_SERVICE_PORT_HTTPS", Integer.toString(node.apiServerPort()));
        refuseIf(
                !container.getEnvFrom().isEmpty(),
                "container " + container.getName() + ": envFrom: is not carried out");
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), value(container, variable, environment));
        }
        return environment;
    }

    private String value(Container container, EnvVar variable, Map<String, String> before) throws RefusedException {
        var source = variable.getValueFrom();
        if (source == null) {
            return Fields.expand(Objects.requireNonNullElse(variable.getValue(), ""), before);
        }
        if (source.getFieldRef() == null) {
            throw new RefusedException("container %s: env %s: of valueFrom only fieldRef is carried out"
                    .formatted(container.getName(), variable.getName()));
        }
        String path = source.getFieldRef().getFieldPath();
        return Fields.value(pod, node, path)
                .orElseThrow(() -> new RefusedException("container %s: env %s: fieldPath %s is not known"
                        .formatted(container.getName(), variable.getName(), path)));
    }

    private Identity identity(Container container) throws RefusedException {
        Optional<PodSecurityContext> ofPod = Optional.ofNullable(pod.getSpec().getSecurityContext());
        long uid = setting(container, SecurityContext::getRunAsUser)
                .or(() -> ofPod.map(PodSecurityContext::getRunAsUser))
                .orElse(0L);
        long gid = setting(container, SecurityContext::getRunAsGroup)
                .or(() -> ofPod.map(PodSecurityContext::getRunAsGroup))
                .orElse(0L);
        boolean nonRoot = setting(container, SecurityContext::getRunAsNonRoot)
                .or(() -> ofPod.map(PodSecurityContext::getRunAsNonRoot))
                .orElse(false);
        refuseIf(nonRoot && uid == 0, "container " + container.getName() + ": runAsNonRoot: but its user is root");
        boolean privileged = setting(container, SecurityContext::getPrivileged).orElse(false);
        boolean escalation =
                setting(container, SecurityContext::getAllowPrivilegeEscalation).orElse(true);
        return new Identity(
                uid,
                gid,
                CapabilitySet.of(
                        setting(container, SecurityContext::getCapabilities).orElse(null)),
                privileged,
                !escalation);
    }

    private List<Mount> mounts(Container container) throws RefusedException {
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            refuseIf(
                    mount.getSubPath() != null || mount.getSubPathExpr() != null,
                    "container " + container.getName() + ": volumeMount " + mount.getName()
                            + ": subPath is not carried out");
            mounts.add(new Mount(mount.getName(), mount.getMountPath(), Boolean.TRUE.equals(mount.getReadOnly())));
        }
        return mounts;
    }

    /** A lethal probe is one whose failure ends the container: a slow machine must not look like a sick process. */
    private @Nullable ProbePlan probe(Container container, String field, @Nullable Probe probe, boolean lethal)
            throws RefusedException {
        if (probe == null) {
            return null;
        }
        if (probe.getHttpGet() == null && probe.getTcpSocket() == null) {
            throw new RefusedException("container %s: %s: only httpGet and tcpSocket are carried out"
                    .formatted(container.getName(), field));
        }
        var get = probe.getHttpGet();
        int patience = node.patience();
        return new ProbePlan(
                get != null ? "http" : "tcp",
                get != null
                        ? "%s://%s%s"
                                .formatted(
                                        Objects.requireNonNullElse(get.getScheme(), "HTTP")
                                                .toLowerCase(Locale.ROOT),
                                        authority(container, field, get.getHost(), get.getPort()),
                                        Objects.requireNonNullElse(get.getPath(), "/"))
                        : authority(
                                container,
                                field,
                                probe.getTcpSocket().getHost(),
                                probe.getTcpSocket().getPort()),
                seconds(probe.getInitialDelaySeconds(), 0).multipliedBy(patience),
                seconds(probe.getPeriodSeconds(), 10),
                seconds(probe.getTimeoutSeconds(), 1).multipliedBy(patience),
                Objects.requireNonNullElse(probe.getFailureThreshold(), 3) * (lethal ? patience : 1),
                Objects.requireNonNullElse(probe.getSuccessThreshold(), 1));
    }

    private String authority(Container container, String field, @Nullable String host, IntOrString port)
            throws RefusedException {
        String address = host == null || host.isEmpty() ? node.primaryAddress() : host;
        String bracketed = address.contains(":") ? "[" + address + "]" : address;
        return bracketed + ":" + portNumber(container, field, port);
    }

    private static int portNumber(Container container, String field, IntOrString port) throws RefusedException {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(named -> port.getStrVal().equals(named.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new RefusedException("container %s: %s: no port is named %s"
                        .formatted(container.getName(), field, port.getStrVal())));
    }

    private static Duration seconds(@Nullable Integer seconds, int otherwise) {
        return Duration.ofSeconds(Objects.requireNonNullElse(seconds, otherwise));
    }

    private static <T> Optional<T> setting(
            Container container, Function<? super SecurityContext, ? extends @Nullable T> field) {
        return Optional.ofNullable(container.getSecurityContext()).map(field);
    }

    private static void refuseIf(boolean condition, String message) throws RefusedException {
        if (condition) {
            throw new RefusedException(message);
        }
    }

    private static final class RefusedException extends Exception {
        private RefusedException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNullElse(super.getMessage(), "");
        }
    }

    private static final class WaitException extends Exception {
        private final String reason;

        private WaitException(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNullElse(super.getMessage(), "");
        }
    }
}
