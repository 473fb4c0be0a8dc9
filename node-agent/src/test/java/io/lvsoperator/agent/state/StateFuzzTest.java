package io.lvsoperator.agent.state;

import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.kernel.Assignments;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.plan.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The files on the node: whatever is in them is read or set aside, and what is read can be worked with. */
class StateFuzzTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(StateDirectory.class);
    private static final Path DIRECTORY = newDirectory();

    /** A line for each of millions of files is of no use. */
    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("lvs-fuzz");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<byte[]> seeds() throws IOException {
        StateDirectory state = new StateDirectory(DIRECTORY);
        state.save(director(dr("192.0.2.100", at("192.0.2.21", 1), at("2001:db8::21", 2))));
        state.save(new Ledger(Set.of(), Set.of(IpAddress.parse("192.0.2.101")), Map.of(), Map.of()));
        return Stream.of(
                Files.readAllBytes(DIRECTORY.resolve("assignment.json")),
                Files.readAllBytes(DIRECTORY.resolve("ledger.json")));
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void files(byte[] content) throws IOException {
        StateDirectory state = new StateDirectory(DIRECTORY);
        Files.write(DIRECTORY.resolve("assignment.json"), content);
        Files.write(DIRECTORY.resolve("ledger.json"), content);

        state.loadAssignment(Assignments.NODE).ifPresent(StateFuzzTest::use);

        Ledger ledger = state.loadLedger();
        if (!ledger.equals(Ledger.EMPTY)) {
            state.save(ledger);
            assertThat(state.loadLedger()).isEqualTo(ledger);
        }
    }

    private static void use(Assignment assignment) {
        assertThat(DesiredStateCompiler.compile(assignment, Assignments.NODE)).isNotNull();
        assertThat(assignment.asksTheSameAs(assignment)).isTrue();
    }
}
