package io.lvsoperator.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.lvsoperator.agent.nativeaccess.CHeader;
import org.junit.jupiter.api.Test;

/** What stands between the kernel and the rest of the agent depends one way only. */
class KernelEdgeFencesTest {
    private static final String AGENT = "io.lvsoperator.agent";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(CHeader.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void onlyNativeAccessTouchesForeignMemory() {
        noClasses()
                .that()
                .resideOutsideOfPackage(AGENT + ".nativeaccess")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    @Test
    void nativeAccessDependsOnNothingElseOfTheAgent() {
        dependOnlyOn("nativeaccess");
    }

    @Test
    void netlinkDependsOnNativeAccessOnly() {
        dependOnlyOn("netlink", "nativeaccess");
    }

    @Test
    void ipvsKnowsNothingOfLinks() {
        dependOnlyOn("ipvs", "netlink", "nativeaccess");
    }

    @Test
    void linkKnowsNothingOfIpvs() {
        dependOnlyOn("link", "netlink", "nativeaccess");
    }

    @Test
    void firewallDependsOnNetlinkOnly() {
        dependOnlyOn("firewall", "netlink", "nativeaccess");
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(AGENT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static void dependOnlyOn(String from, String... others) {
        var allowed = new String[others.length + 3];
        for (var i = 0; i < others.length; i++) {
            allowed[i] = AGENT + "." + others[i];
        }
        allowed[others.length] = AGENT + "." + from;
        allowed[others.length + 1] = "java..";
        allowed[others.length + 2] = "org.jspecify..";
        classes()
                .that()
                .resideInAPackage(AGENT + "." + from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .check(CLASSES);
    }
}
