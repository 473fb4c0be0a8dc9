package io.lvsoperator.e2e.installation;

import io.lvsoperator.e2e.chart.ChartInstallation;
import io.lvsoperator.e2e.controlplane.ControlPlane;
import java.nio.file.Path;

/**
 * Installs the chart and runs the operator, beside a control plane that runs already: {@code e2e/installation}. Stays until
 * it is told to end; an operator that dies ends it with status 1. Tests in the guest cannot stop a process of this machine: they
 * ask for it by {@link #WANTED}.
 */
public final class Installation {
    /** Namespace of the release. */
    public static final String NAMESPACE = "lvs-system";

    /** Image of the agents; the lab's nodes know which program it stands for. */
    public static final String AGENT_IMAGE_REPOSITORY = "lvs-operator/node-agent";

    /** A node that was cut off by a test must not keep its services from being deleted for long. */
    private static final String VALUES = """
            nodeLossTimeoutSeconds: 20
            """;

    /** On the release's namespace: {@code absent} while tests want no operator. */
    public static final String WANTED = "e2e.lvs-operator.io/operator-wanted";

    /** On the release's namespace: {@code running} or {@code absent}. */
    public static final String FOUND = "e2e.lvs-operator.io/operator";

    public static final String ABSENT = "absent";
    public static final String RUNNING = "running";

    private Installation() {}

    /** Takes the kubeconfig, the operator's start script and a directory for logs. */
    public static void main(String[] arguments) throws InterruptedException {
        Path kubeconfig = Path.of(arguments[0]);
        Path program = Path.of(arguments[1]).toAbsolutePath();
        Path directory = Path.of(arguments[2]).toAbsolutePath();
        int status;
        try (ControlPlane controlPlane = ControlPlane.attach(kubeconfig)) {
            ChartInstallation chart = install(controlPlane);
            OperatorOnDemand operator = new OperatorOnDemand(
                    controlPlane,
                    () -> OperatorProcess.start(controlPlane, chart.operatorEnvironment(), program, directory));
            Runtime.getRuntime().addShutdownHook(new Thread(operator::close));
            System.out.println("ready: the chart is installed in " + NAMESPACE + ", the operator logs to " + directory);
            status = operator.keep();
        }
        System.err.println("the operator ended with status " + status + ", see " + directory);
        System.exit(1);
    }

    /**
     * Installs the chart and starts the operator.
     *
     * @param program the operator's start script
     * @param directory for its kubeconfig and its log
     */
    public static OperatorProcess start(ControlPlane controlPlane, Path program, Path directory) {
        return OperatorProcess.start(controlPlane, install(controlPlane).operatorEnvironment(), program, directory);
    }

    private static ChartInstallation install(ControlPlane controlPlane) {
        ChartInstallation chart = ChartInstallation.install(controlPlane.kubeconfig(), NAMESPACE, VALUES);
        runNoPods(controlPlane);
        return chart;
    }

    /** The operator runs as a process here: its pods would only be refused by the lab's nodes, again and again. */
    private static void runNoPods(ControlPlane controlPlane) {
        controlPlane
                .client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .resources()
                .forEach(deployment -> deployment.scale(0));
    }
}
