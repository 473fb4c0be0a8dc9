package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For each {@code golden/<case>.values.yaml} the chart renders {@code golden/<case>.rendered.yaml}. */
class GoldenRenderTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    private static final String VALUES = ".values.yaml";

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(VALUES))
                    .map(name -> name.substring(0, name.length() - VALUES.length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** The values of a case. */
    static String values(String name) {
        try {
            return Files.readString(DIRECTORY.resolve(name + VALUES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersWhatIsCheckedIn(String name) throws IOException {
        String rendered = Rendering.of(values(name)).objects().stream()
                .filter(object -> !(object instanceof CustomResourceDefinition))
                .map(Serialization::asYaml)
                .collect(Collectors.joining());

        Golden.compare(DIRECTORY.resolve(name + ".rendered.yaml"), rendered);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersTheSameTwice(String name) {
        String first = render(name);

        assertThat(render(name)).isEqualTo(first);
    }

    private static String render(String name) {
        return Rendering.text(Rendering.RELEASE, Rendering.NAMESPACE, Rendering.KUBERNETES, values(name));
    }
}
