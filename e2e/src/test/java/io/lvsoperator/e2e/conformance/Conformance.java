package io.lvsoperator.e2e.conformance;

import io.lvsoperator.e2e.conformance.Reports.Outcome;
import io.lvsoperator.e2e.conformance.Requirements.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** {@code make conformance}: writes the page from what was compiled and reported last. */
final class Conformance {

    static final Path PAGE = Path.of("docs/reference/vrrp-conformance.md");

    private static final List<String> MODULES = List.of("operator", "node-agent", "e2e");

    private Conformance() {}

    /**
     * Writes the page; refuses while a test of it has no report, so that it never tells of a run that was not.
     *
     * @param arguments the project's directory, and the commit
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        List<TaggedTest> tests = tests(root);
        Reports reports = Reports.of(reports(root));
        Map<String, Set<Outcome>> outcomes = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (TaggedTest test : tests) {
            Outcome outcome = reports.outcome(test);
            outcomes.computeIfAbsent(test.requirement(), id -> EnumSet.noneOf(Outcome.class))
                    .add(outcome);
            if (outcome == Outcome.NOT_RUN) {
                missing.add(test.name());
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("not run since they were compiled, run `make test` first: "
                    + String.join(", ", missing.stream().distinct().toList()));
            System.exit(1);
        }
        String run = "commit " + arguments[1] + ", written " + LocalDate.now(Clock.systemUTC());
        Files.writeString(
                root.resolve(PAGE),
                ConformancePage.render(Requirements.load(), tests, run, requirement -> result(requirement, outcomes)));
        System.out.println("wrote " + PAGE + ": " + run);
    }

    private static String result(Requirement requirement, Map<String, Set<Outcome>> outcomes) {
        return outcomes.getOrDefault(requirement.id(), Set.of()).stream()
                .max((one, other) -> Integer.compare(gravity(one), gravity(other)))
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    private static int gravity(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> 0;
            case SKIPPED, NOT_RUN -> 1;
            case FAILED -> 2;
        };
    }

    /** The tests that were compiled in the project's modules. */
    static List<TaggedTest> tests(Path root) {
        return TaggedTest.in(MODULES.stream()
                .map(module -> root.resolve(module).resolve("target/test-classes"))
                .toList());
    }

    /** Of all lanes: {@code target/surefire-reports}, {@code target/network-reports} and so on. */
    private static List<Path> reports(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            Path target = root.resolve(module).resolve("target");
            PathMatcher report = target.getFileSystem().getPathMatcher("glob:**/*-reports/TEST-*.xml");
            try (Stream<Path> found = Files.find(target, 2, (file, attributes) -> report.matches(file))) {
                files.addAll(found.toList());
            }
        }
        return files;
    }
}
