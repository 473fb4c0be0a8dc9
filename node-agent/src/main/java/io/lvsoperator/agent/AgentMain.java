package io.lvsoperator.agent;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.agent.config.AgentConfig;
import io.lvsoperator.agent.kube.ClusterClient;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the agent until it is told to stop (SIGTERM). */
public final class AgentMain {
    private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);
    private static final int BAD_CONFIGURATION = 2;
    private static final int PATIENCE_MILLIS = 60_000;

    private AgentMain() {}

    /** Takes no arguments: see {@link AgentConfig} for the environment. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AgentConfig config;
        try {
            config = AgentConfig.from(System.getenv());
        } catch (IllegalArgumentException wrong) {
            LOG.error("{}", wrong.getMessage());
            System.exit(BAD_CONFIGURATION);
            return;
        }
        String version = Optional.ofNullable(AgentMain.class.getPackage().getImplementationVersion())
                .orElse("development");
        LOG.info("lvs-operator node agent {} on node {}", version, config.nodeName());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        }));
        try (KubernetesClient client = ClusterClient.of(cluster());
                Agent agent = new Agent(config, client, Clock.systemUTC(), version)) {
            LOG.info("agent started: {}", agent);
            stop.await();
            LOG.info("stopping");
        } finally {
            stopped.countDown();
        }
    }

    /** The agent is in no hurry, and a loaded API server or node is no reason to ask again and again. */
    private static Config cluster() {
        return new ConfigBuilder()
                .withRequestTimeout(PATIENCE_MILLIS)
                .withConnectionTimeout(PATIENCE_MILLIS)
                .build();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
