package io.lvsoperator.agent.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A file that is either the old one or the new one, whenever the power goes: written aside, flushed, renamed, flushed. */
record AtomicFile(Path path) {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    void write(byte[] content) throws IOException {
        replace(content);
    }

    /** {@link #write}, readable by nobody but the owner at any moment. */
    void writeForOwnerAlone(byte[] content) throws IOException {
        // one that was left behind may be open to others
        Files.deleteIfExists(aside());
        replace(content, OWNER_ALONE);
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    private Path aside() {
        return path.resolveSibling(path.getFileName() + ".new");
    }

    private void replace(byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path aside = aside();
        try (FileChannel channel = FileChannel.open(
                aside,
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                attributes)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    /** Keeps what cannot be read for a person to look at, out of the way of the next start. */
    Path setAside() throws IOException {
        Path unreadable = path.resolveSibling(path.getFileName() + ".unreadable");
        return Files.move(path, unreadable, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
