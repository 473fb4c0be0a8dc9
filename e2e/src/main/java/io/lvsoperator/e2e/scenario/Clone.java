package io.lvsoperator.e2e.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of the clone that the working directory lies in. */
public final class Clone {
    private Clone() {}

    /** A file by its path from the clone's root. */
    public static Path file(String path) {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, directory -> directory != null, Path::getParent)
                .map(directory -> directory.resolve(path))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no " + path + " in " + here + " or above: run inside a clone"));
    }
}
