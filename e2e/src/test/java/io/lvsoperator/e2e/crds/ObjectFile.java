package io.lvsoperator.e2e.crds;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One object of {@code crds/src/test/resources/objects}. Invalid ones begin with the messages that they must get; where
 * the fault is a change, a file {@code *.before.yaml} beside it has the object as it was. Valid ones have a file
 * {@code *.stored.yaml} beside them: the object with its defaults.
 *
 * @param path where it is
 */
record ObjectFile(Path path) {
    private static final Path OBJECTS = Path.of("../crds/src/test/resources/objects");
    private static final String SUFFIX = ".yaml";
    private static final String EXPECT = "# expect: ";

    static Stream<ObjectFile> invalid() {
        return in("invalid");
    }

    static Stream<ObjectFile> valid() {
        return in("valid");
    }

    private static Stream<ObjectFile> in(String directory) {
        try (Stream<Path> files = Files.list(OBJECTS.resolve(directory))) {
            return files
                    .filter(file -> file.toString().matches(".*/[^.]+" + SUFFIX))
                    .sorted()
                    .map(ObjectFile::new)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> expectedMessages() {
        return text().lines()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()))
                .toList();
    }

    Optional<ObjectFile> before() {
        return beside(".before");
    }

    Optional<ObjectFile> stored() {
        return beside(".stored");
    }

    private Optional<ObjectFile> beside(String kind) {
        return Optional.of(path.resolveSibling(name() + kind + SUFFIX))
                .filter(Files::exists)
                .map(ObjectFile::new);
    }

    GenericKubernetesResource object() {
        return new KubernetesSerialization().unmarshal(text(), GenericKubernetesResource.class);
    }

    private String text() {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name() {
        String file = path.getFileName().toString();
        return file.substring(0, file.length() - SUFFIX.length());
    }

    @Override
    public String toString() {
        return name();
    }
}
