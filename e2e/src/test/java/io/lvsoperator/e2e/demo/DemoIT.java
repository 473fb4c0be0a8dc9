package io.lvsoperator.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.e2e.scenario.LvsCluster;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code make demo} shows, with the operator that the chart installed. */
@Tag("kernel")
class DemoIT {

    @Test
    void everyStepOfTheDemoIsSeenAndItsObjectsCanBeDeleted() {
        Path kubeconfig = Path.of(Objects.requireNonNull(System.getenv("LVS_KUBECONFIG"), "LVS_KUBECONFIG"));
        String program = Objects.requireNonNull(System.getenv("LVS_KUBECTL"), "LVS_KUBECTL: call scripts/test kernel");
        try (LvsCluster cluster = LvsCluster.start(kubeconfig, "edge", Demo.DIRECTORS, Demo.REAL_SERVERS)) {
            Demo demo = new Demo(cluster, new Kubectl(program, kubeconfig), new Narrator(System.out), 1);

            Demo.Figures figures = demo.run();

            assertThat(figures.failoverMillis()).allMatch(gap -> gap > 0);
            KubernetesClient client = cluster.client();
            cluster.delete(client.resources(VirtualService.class)
                    .inNamespace("shop")
                    .withName("web")
                    .require());
            cluster.delete(
                    client.resources(DirectorFleet.class).withName("edge").require());
            for (String name : Demo.DIRECTORS) {
                assertThat(cluster.ipvsTable(name)).as("IPVS table of " + name).isBlank();
            }
            for (String name : Demo.REAL_SERVERS) {
                assertThat(cluster.host(name).addresses("lo")).noneMatch(a -> a.startsWith(Demo.VIP));
                assertThat(cluster.host(name).setting("net/ipv4/conf/eth0/arp_ignore"))
                        .isEqualTo("0");
            }
            client.namespaces().withName("shop").delete();
        }
    }
}
