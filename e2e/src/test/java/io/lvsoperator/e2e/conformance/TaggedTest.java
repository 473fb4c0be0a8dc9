package io.lvsoperator.e2e.conformance;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A test that holds us to a requirement, as its JUnit tag says.
 *
 * @param className as in the reports, nested classes behind a dollar sign
 * @param classFile what was compiled of it
 */
record TaggedTest(String requirement, Form form, String className, String method, Path classFile) {

    private static final Pattern TAG = Pattern.compile("(V[0-9]-[A-Z0-9]+)([+-])");
    private static final String TAG_TYPE = "org.junit.jupiter.api.Tag";
    private static final String TAGS_TYPE = "org.junit.jupiter.api.Tags";

    /** All of them in these directories of compiled tests. */
    static List<TaggedTest> in(Collection<Path> testClasses) {
        return new ClassFileImporter()
                .importPaths(testClasses).stream()
                        .flatMap(type -> type.getMethods().stream())
                        .flatMap(TaggedTest::of)
                        .sorted(Comparator.comparing(TaggedTest::name))
                        .toList();
    }

    private static Stream<TaggedTest> of(JavaMethod method) {
        JavaClass type = method.getOwner();
        return method.getAnnotations().stream()
                .flatMap(TaggedTest::tags)
                .map(TAG::matcher)
                .filter(Matcher::matches)
                .map(tag -> new TaggedTest(
                        tag.group(1),
                        tag.group(2).equals(Form.POSITIVE.sign()) ? Form.POSITIVE : Form.NEGATIVE,
                        type.getName(),
                        method.getName(),
                        Path.of(type.getSource().orElseThrow().getUri())));
    }

    private static Stream<String> tags(JavaAnnotation<?> annotation) {
        return switch (annotation.getRawType().getName()) {
            case TAG_TYPE -> Stream.of((String) annotation.get("value").orElseThrow());
            case TAGS_TYPE ->
                Arrays.stream((Object[]) annotation.get("value").orElseThrow())
                        .flatMap(tag -> tags((JavaAnnotation<?>) tag));
            default -> Stream.of();
        };
    }

    /** Short, for the page. */
    String name() {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        int nested = simple.indexOf('$');
        return (nested < 0 ? simple : simple.substring(0, nested)) + "." + method;
    }
}
