package io.lvsoperator.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.e2e.conformance.Reports.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportsTest {

    private static final String XML = """
            <testsuite name="JUnit Jupiter">
              <testcase name="plain" classname="a.ATest"/>
              <testcase name="withBrackets()" classname="a.ATest"><system-out>text</system-out></testcase>
              <testcase name="many(int)[1]" classname="a.ATest$Nested"><failure message="no"/></testcase>
              <testcase name="many(int)[2]" classname="a.ATest$Nested"/>
              <testcase name="broken" classname="a.ATest"><error message="no"/></testcase>
              <testcase name="left" classname="a.ATest"><skipped/></testcase>
            </testsuite>
            """;

    @TempDir
    private Path directory;

    private Outcome outcome(String className, String method, Instant compiled) throws IOException {
        Path report = directory.resolve("TEST-a.xml");
        Files.writeString(report, XML);
        Path classFile = directory.resolve("ATest.class");
        Files.writeString(classFile, "");
        Files.setLastModifiedTime(classFile, FileTime.from(compiled));
        return Reports.of(List.of(report))
                .outcome(new TaggedTest("V3-22", Form.POSITIVE, className, method, classFile));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "a.ATest, plain, PASSED",
        "a.ATest, withBrackets, PASSED",
        "a.ATest$Nested, many, FAILED",
        "a.ATest, broken, FAILED",
        "a.ATest, left, SKIPPED",
        "a.ATest, many, NOT_RUN",
        "a.ATest, other, NOT_RUN"
    })
    void theWorstCaseOfATestCounts(String className, String method, Outcome expected) throws IOException {
        assertThat(outcome(className, method, Instant.EPOCH)).isEqualTo(expected);
    }

    @Test
    void aReportOlderThanTheTestIsNone() throws IOException {
        assertThat(outcome("a.ATest", "plain", Instant.now().plusSeconds(60))).isEqualTo(Outcome.NOT_RUN);
    }
}
