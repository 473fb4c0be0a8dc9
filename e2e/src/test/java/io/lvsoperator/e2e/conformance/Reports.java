package io.lvsoperator.e2e.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * How tests went in the last run, from JUnit's XML. Surefire and the console launcher both write class and method of a case
 * into it, the method with its parameters and the number of the invocation behind it.
 */
final class Reports {

    /** What became of a test: of all its cases together, the worst. */
    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED,
        /** There is no report of it, or one that is older than the test. */
        NOT_RUN
    }

    private record Ran(Outcome outcome, FileTime reported) {
        Ran and(Ran other) {
            return new Ran(
                    worse(outcome, other.outcome), reported.compareTo(other.reported) < 0 ? reported : other.reported);
        }

        private static Outcome worse(Outcome one, Outcome other) {
            return one == Outcome.FAILED || other == Outcome.PASSED ? one : other;
        }
    }

    private final Map<String, Ran> tests = new HashMap<>();

    /** Reads these. */
    static Reports of(Collection<Path> files) throws IOException {
        Reports reports = new Reports();
        for (Path file : files) {
            try (InputStream xml = Files.newInputStream(file)) {
                reports.read(XMLInputFactory.newDefaultFactory().createXMLStreamReader(xml), file);
            } catch (XMLStreamException e) {
                throw new IOException(file + " is no report of JUnit: " + e.getMessage(), e);
            }
        }
        return reports;
    }

    private void read(XMLStreamReader xml, Path file) throws XMLStreamException, IOException {
        FileTime reported = Files.getLastModifiedTime(file);
        @Nullable String test = null;
        Outcome outcome = Outcome.PASSED;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "testcase" -> {
                        test = key(xml.getAttributeValue(null, "classname"), xml.getAttributeValue(null, "name"));
                        outcome = Outcome.PASSED;
                    }
                    case "failure", "error" -> outcome = Outcome.FAILED;
                    case "skipped" -> outcome = Outcome.SKIPPED;
                    default -> {
                        // output and properties
                    }
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && test != null
                    && xml.getLocalName().equals("testcase")) {
                tests.merge(test, new Ran(outcome, reported), Ran::and);
                test = null;
            }
        }
    }

    private static String key(String className, String caseName) {
        return className + "#" + caseName.replaceFirst("[(\\[].*", "");
    }

    Outcome outcome(TaggedTest test) throws IOException {
        Ran ran = tests.get(test.className() + "#" + test.method());
        return ran == null || ran.reported().compareTo(Files.getLastModifiedTime(test.classFile())) < 0
                ? Outcome.NOT_RUN
                : ran.outcome();
    }
}
