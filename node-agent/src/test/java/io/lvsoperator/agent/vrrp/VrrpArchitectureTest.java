package io.lvsoperator.agent.vrrp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.lvsoperator.agent.nativeaccess.NativeSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VrrpArchitectureTest {

    private static final JavaClasses VRRP = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.lvsoperator.agent.vrrp");

    @Test
    @DisplayName("bytes and decisions reach no socket, no interface, no clock and no thread")
    void bytesAndDecisionsArePure() {
        noClasses()
                .that()
                .resideInAnyPackage("..vrrp.wire..", "..vrrp.machine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lvsoperator.agent.vrrp",
                        "io.lvsoperator.agent.link..",
                        "io.lvsoperator.agent.netlink..",
                        "java.time..",
                        "java.net..",
                        "java.io..",
                        "java.util.concurrent..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(NativeSocket.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(VRRP);
    }

    @Test
    @DisplayName("bytes know nothing of decisions")
    void wireKnowsNoMachine() {
        noClasses()
                .that()
                .resideInAPackage("..vrrp.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..vrrp.machine..")
                .check(VRRP);
    }
}
