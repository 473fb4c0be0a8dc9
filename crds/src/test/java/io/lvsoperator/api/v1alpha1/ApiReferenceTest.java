package io.lvsoperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiReferenceTest {
    @Test
    void theCheckedInReferenceIsThatOfTheManifests() throws IOException {
        assertThat(Files.readString(Path.of("../docs/reference/api.md")))
                .as("run `make manifests` and commit what it writes")
                .isEqualTo(ApiReference.of(Path.of("manifests")));
    }
}
