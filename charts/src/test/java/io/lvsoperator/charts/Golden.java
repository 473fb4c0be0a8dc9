package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what is expected; {@code -Dregenerate=true} writes them anew, to be read and committed. */
final class Golden {
    private Golden() {}

    static boolean regenerates() {
        return Boolean.getBoolean("regenerate");
    }

    static void compare(Path file, String actual) throws IOException {
        if (regenerates()) {
            Files.writeString(file, actual);
        }
        assertThat(actual)
                .as(
                        "%s is out of date: run `mvn test -pl charts -Dregenerate=true`, read the difference, commit it",
                        file)
                .isEqualTo(Files.readString(file));
    }
}
