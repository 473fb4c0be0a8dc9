package io.lvsoperator.agent.abi;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import io.lvsoperator.agent.nativeaccess.NotFromC;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("unused") // the audit reads the fields of the nested classes by reflection
class AbiAuditTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static final Set<String> AUDITED = Set.of(
            "io.lvsoperator.agent.nativeaccess",
            "io.lvsoperator.agent.firewall",
            "io.lvsoperator.agent.netlink",
            "io.lvsoperator.agent.ipvs",
            "io.lvsoperator.agent.link");

    private final AbiAudit audit = new AbiAudit(auditedClasses());

    @Test
    void everyConstantIsWhatTheHeadersSay() throws Exception {
        assertThat(audit.constants()).hasSizeGreaterThan(300);
        assertThat(audit.compile(directory)).isEmpty();
    }

    @Test
    void everyNumberNamesItsHeaderOrSaysThatItHasNone() {
        assertThat(audit.uncovered()).isEmpty();
    }

    @Test
    void tellsAWrongConstant() throws Exception {
        assertThat(new AbiAudit(List.of(WrongConstant.class)).compile(directory))
                .contains("WrongConstant.IPVS_CMD_NEW_SERVICE is 2, not <linux/ip_vs.h>'s IPVS_CMD_NEW_SERVICE")
                .doesNotContain("IPVS_CMD_SET_SERVICE");
    }

    @Test
    void tellsAWrongOffset() throws Exception {
        assertThat(new AbiAudit(List.of(WrongOffset.class)).compile(directory)).contains("WrongOffset.FLAGS is 8");
    }

    @Test
    void tellsAWrongNumberOfAnEnum() throws Exception {
        assertThat(new AbiAudit(List.of(WrongEnum.class)).compile(directory)).contains("WrongEnum.AF_INET6 is 11");
    }

    @Test
    void tellsAWrongText() throws Exception {
        assertThat(new AbiAudit(List.of(WrongText.class)).compile(directory)).contains("WrongText.NAME is 'IPVZ'");
    }

    @Test
    void tellsANameThatTheHeaderDoesNotHave() throws Exception {
        assertThat(new AbiAudit(List.of(NoSuchName.class)).compile(directory)).contains("IPVS_CMD_NO_SUCH");
    }

    @Test
    void tellsANumberWithoutAHeader() {
        assertThat(new AbiAudit(List.of(Uncovered.class, UncoveredEnum.class)).uncovered())
                .containsExactly("Uncovered.MAGIC", "UncoveredEnum.number");
    }

    private static Collection<Class<?>> auditedClasses() {
        return new ClassFileImporter()
                .importUrl(CHeader.class.getProtectionDomain().getCodeSource().getLocation()).stream()
                        .filter(type -> AUDITED.contains(type.getPackageName()))
                        .<Class<?>>map(JavaClass::reflect)
                        .toList();
    }

    @CHeader("linux/ip_vs.h")
    private static final class WrongConstant {
        static final int IPVS_CMD_NEW_SERVICE = 2;
        static final int IPVS_CMD_SET_SERVICE = 2;
    }

    private static final class WrongOffset {
        @CName(value = "offsetof(struct nlmsghdr, nlmsg_flags)", header = "linux/netlink.h")
        static final int FLAGS = 8;
    }

    private static final class WrongText {
        @CName(value = "IPVS_GENL_NAME", header = "linux/ip_vs.h")
        static final String NAME = "IPVZ";
    }

    @CHeader("linux/ip_vs.h")
    private static final class NoSuchName {
        static final int IPVS_CMD_NO_SUCH = 1;
    }

    @CHeader("sys/socket.h")
    private enum WrongEnum implements CConstant {
        AF_INET6(11);

        private final int number;

        WrongEnum(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    private static final class Uncovered {
        static final int MAGIC = 42;

        @NotFromC("a test")
        static final int CHOSEN = 42;
    }

    private enum UncoveredEnum {
        SOMETHING(1);

        private final int number;

        UncoveredEnum(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return name() + number;
        }
    }
}
