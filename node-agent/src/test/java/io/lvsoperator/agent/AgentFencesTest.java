package io.lvsoperator.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The pure core stays pure, and the side effects stay where they are named. */
class AgentFencesTest {
    private static final JavaClasses AGENT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.lvsoperator.agent");

    @Test
    void decisionsTouchNeitherKernelNorClusterNorDisk() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..agent.desired..",
                        "..agent.plan..",
                        "..agent.surroundings..",
                        "..agent.heartbeat.wire..",
                        "..agent.heartbeat.peers..",
                        "..agent.vrrp.machine..",
                        "..agent.vrrp.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8..",
                        "java.net..",
                        "java.nio.file..",
                        "..agent.apply..",
                        "..agent.kube..",
                        "..agent.netlink..",
                        "..agent.state..")
                .check(AGENT);
    }

    @Test
    void onlyTheKubePackageAndTheMainTalkToTheCluster() {
        noClasses()
                .that()
                .resideInAPackage("io.lvsoperator.agent..")
                .and()
                .resideOutsideOfPackages("..agent.kube..", "io.lvsoperator.agent")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8.kubernetes.client..")
                .check(AGENT);
    }

    @Test
    void electionAndReconcilingKnowEachOtherByConfigurationAlone() {
        noClasses()
                .that()
                .resideInAPackage("..agent.vrrp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..agent.apply..", "..agent.plan..", "..agent.desired..", "..agent.kube..")
                .check(AGENT);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.lvsoperator.agent.(*)..")
                .should()
                .beFreeOfCycles()
                .check(AGENT);
    }
}
