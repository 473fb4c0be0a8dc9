package io.lvsoperator.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.e2e.conformance.Requirements.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No requirement without a test or a reason, no tag without a requirement, no page that tells of other ones. */
class ConformanceTest {

    private static final Path ROOT = Path.of("..");
    private static final Requirements LIST = Requirements.load();
    private static final List<TaggedTest> TESTS = Conformance.tests(ROOT);

    @Test
    void everyRequirementHasTestsOfBothFormsOrAReason() {
        assertThat(LIST.requirements().stream()
                        .filter(requirement -> LIST.excuse(requirement).isEmpty())
                        .flatMap(requirement -> Arrays.stream(Form.values())
                                .filter(form -> !isTested(requirement, form))
                                .filter(form -> requirement.without(form).isEmpty())
                                .map(form -> requirement.id() + form.sign())))
                .as("tag a test, or write the reason into conformance/vrrp.yaml")
                .isEmpty();
    }

    @Test
    void noFormHasBothATestAndAReasonForHavingNone() {
        assertThat(LIST.requirements().stream()
                        .flatMap(requirement -> Arrays.stream(Form.values())
                                .filter(form -> isTested(requirement, form))
                                .filter(form -> requirement.without(form).isPresent())
                                .map(form -> requirement.id() + form.sign())))
                .isEmpty();
    }

    private static boolean isTested(Requirement requirement, Form form) {
        return TESTS.stream().anyMatch(test -> test.requirement().equals(requirement.id()) && test.form() == form);
    }

    @Test
    void everyTagNamesARequirement() {
        Set<String> ids = LIST.requirements().stream().map(Requirement::id).collect(Collectors.toSet());

        assertThat(TESTS.stream()
                        .filter(test -> !ids.contains(test.requirement()))
                        .map(test -> test.name() + " " + test.requirement()))
                .isEmpty();
    }

    @Test
    void noIdIsListedTwice() {
        assertThat(LIST.requirements().stream().map(Requirement::id)).doesNotHaveDuplicates();
    }

    @Test
    void theCheckedInPageIsThatOfTheListAndTheTags() throws IOException {
        String page = Files.readString(ROOT.resolve(Conformance.PAGE));
        Map<String, String> results = ConformancePage.results(page);

        assertThat(page)
                .as("run `make test` and `%s`, and commit what it writes", ConformancePage.COMMAND)
                .isEqualTo(ConformancePage.render(
                        LIST,
                        TESTS,
                        ConformancePage.run(page),
                        requirement -> Objects.toString(results.get(requirement.id()), "")));
    }

    @Test
    void theCheckedInPageTellsOfNoFailure() throws IOException {
        assertThat(ConformancePage.results(Files.readString(ROOT.resolve(Conformance.PAGE)))
                        .values())
                .containsOnly("passed", "");
    }
}
