package io.lvsoperator.e2e.demo;

import io.lvsoperator.e2e.scenario.LvsCluster;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * {@code make demo}, on the machine or guest whose kernel has IPVS.
 *
 * <p>Environment: {@code LVS_KUBECONFIG} of an administrator, {@code LVS_KUBECTL} the program, {@code LVS_DEMO_ROUNDS} how
 * often failover and repair are made (1), {@code LVS_DEMO_KEEP} to stay at the end until told to stop.
 */
public final class DemoMain {
    private DemoMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path kubeconfig = Path.of(required("LVS_KUBECONFIG"));
        int rounds = Integer.parseInt(System.getenv().getOrDefault("LVS_DEMO_ROUNDS", "1"));
        Narrator narrator = new Narrator(System.out);
        narrator.say("building the lab: a client, two directors, three real servers on one segment");
        try (LvsCluster cluster = LvsCluster.start(kubeconfig, "edge", Demo.DIRECTORS, Demo.REAL_SERVERS)) {
            new Demo(cluster, new Kubectl(required("LVS_KUBECTL"), kubeconfig), narrator, rounds).run();
            System.out.printf("%nAll steps were seen.%n");
            if (System.getenv("LVS_DEMO_KEEP") != null) {
                System.out.println(System.getenv("LVS_DEMO_KEEP"));
                new CountDownLatch(1).await();
            }
        } catch (Demo.NotSeenException | IllegalStateException notSeen) {
            System.out.printf("%nNOT SEEN: %s%n", notSeen.getMessage());
            System.exit(1);
        }
    }

    private static String required(String variable) {
        String value = System.getenv(variable);
        if (value == null) {
            throw new IllegalStateException(variable + " is not set: call make demo");
        }
        return value;
    }
}
