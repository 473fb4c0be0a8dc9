package io.lvsoperator.e2e.lab.kubelet;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to be done about a pod. */
sealed interface Plan {

    /** Run these containers. */
    record Run(List<ContainerPlan> containers) implements Plan {
        public Run {
            containers = List.copyOf(containers);
        }
    }

    /** Cannot be started now; the pod stays Pending. */
    record Wait(String reason, String message) implements Plan {}

    /** Nothing that a process node can run; the pod is Failed. */
    record Refuse(String message) implements Plan {}

    /**
     * One container.
     *
     * @param command the program and its arguments
     * @param environment all of its variables
     * @param mounts its volumes
     */
    record ContainerPlan(
            String name,
            String image,
            List<String> command,
            Map<String, String> environment,
            String workingDirectory,
            Identity identity,
            boolean readOnlyRoot,
            List<Mount> mounts,
            @Nullable ProbePlan startup,
            @Nullable ProbePlan liveness,
            @Nullable ProbePlan readiness) {
        public ContainerPlan {
            command = List.copyOf(command);
            mounts = List.copyOf(mounts);
        }
    }

    /**
     * As whom a container runs.
     *
     * @param capabilities the bounding set, as in {@code NET_ADMIN}
     * @param privileged all capabilities, and /proc/sys and /sys writable
     */
    record Identity(long uid, long gid, Set<String> capabilities, boolean privileged, boolean noNewPrivileges) {}

    /** A volume and where the container sees it. */
    record Mount(String volume, String path, boolean readOnly) {}

    /**
     * A check.
     *
     * @param kind http or tcp
     * @param target a URL or {@code address:port}
     */
    record ProbePlan(
            String kind,
            String target,
            Duration initialDelay,
            Duration period,
            Duration timeout,
            int failureThreshold,
            int successThreshold) {}
}
