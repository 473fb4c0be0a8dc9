package io.lvsoperator.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the packages may reach. */
class FencesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.lvsoperator.operator");

    @Test
    void decisionsKnowNoClientAndNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..operator.compile..", "..operator.address..", "..operator.rollout..", "..operator.status..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.javaoperatorsdk..",
                        "io.lvsoperator.operator.reconcile..",
                        "io.lvsoperator.operator.management..",
                        "org.slf4j..",
                        "java.net.http..",
                        "java.nio.file..")
                .check(CLASSES);
    }

    @Test
    void theTimeIsInjected() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveSimpleName("OperatorMain")
                .should()
                .callMethod(Clock.class, "systemUTC")
                .check(CLASSES);
    }

    @Test
    void onlyTheStartReadsTheEnvironmentOrExits() {
        noClasses()
                .that()
                .doNotHaveSimpleName("OperatorMain")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }
}
