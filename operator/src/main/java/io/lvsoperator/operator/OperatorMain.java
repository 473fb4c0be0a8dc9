package io.lvsoperator.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.lvsoperator.operator.config.ConfigurationException;
import io.lvsoperator.operator.config.OperatorConfig;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the operator until the process is told to stop. */
public final class OperatorMain {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
    private static final int BAD_CONFIGURATION = 2;
    private static final int CANNOT_START = 1;
    private static final int DEPOSED = 3;

    private OperatorMain() {}

    public static void main(String[] arguments) {
        OperatorConfig config;
        try {
            config = OperatorConfig.from(System.getenv());
        } catch (ConfigurationException e) {
            LOG.error("The configuration cannot be used: {}", e.getMessage());
            System.exit(BAD_CONFIGURATION);
            return;
        }
        LOG.info("Configuration: {}", config);
        KubernetesClient client = new KubernetesClientBuilder().build();
        try {
            LvsOperator operator = new LvsOperator(config, client, Clock.systemUTC(), OperatorMain::exitDeposed);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                operator.close();
                                client.close();
                            },
                            "shutdown"));
            operator.start();
        } catch (RuntimeException e) {
            LOG.error("The operator cannot start: {}", e.getMessage(), e);
            System.exit(CANNOT_START);
        }
    }

    /** On a thread of its own: the one that tells of it is waited for by the shutdown. */
    private static void exitDeposed() {
        Thread.ofPlatform().name("deposed").start(() -> System.exit(DEPOSED));
    }
}
