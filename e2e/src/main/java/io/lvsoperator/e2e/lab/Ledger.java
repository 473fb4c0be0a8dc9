package io.lvsoperator.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lab made on this machine, written down before it is made, so that exactly that is removed again: at the end, or
 * by the next lab where the process was killed. Its lock lets one lab at a time use the machine's management network.
 */
final class Ledger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private static final Path DIRECTORY = Path.of("/run/lvs-operator-lab");
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(15);
    private static final Duration LOCK_POLL = Duration.ofMillis(200);

    private static final AtomicBoolean IN_USE = new AtomicBoolean();

    /** Kinds of things, in the order in which they are removed. */
    enum Kind {
        /** A network interface of the root namespace. */
        LINK,
        /** A network namespace and all processes in it. */
        NETNS,
        /** A directory and all that is in it. */
        TREE,
        /** A directory, removed only when empty: a mount point. */
        DIRECTORY
    }

    private final FileChannel channel;
    private final Path entries;

    private Ledger(FileChannel channel, Path entries) {
        this.channel = channel;
        this.entries = entries;
    }

    /** Waits for other labs of this machine, then removes what a killed one left behind. */
    static Ledger open() {
        // POSIX locks belong to the process, and any close of the file would end them: so no second look at it here.
        if (!IN_USE.compareAndSet(false, true)) {
            throw new IllegalStateException("this process has a lab already: close it first");
        }
        boolean opened = false;
        try {
            Files.createDirectories(DIRECTORY);
            FileChannel channel =
                    FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            awaitLock(channel);
            Ledger ledger = new Ledger(channel, DIRECTORY.resolve("made"));
            ledger.removeAll();
            opened = true;
            return ledger;
        } catch (IOException e) {
            throw new UncheckedIOException("the lab needs root: cannot write " + DIRECTORY, e);
        } finally {
            IN_USE.set(opened);
        }
    }

    private static void awaitLock(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + LOCK_LIMIT.toNanos();
        boolean told = false;
        while (channel.tryLock() == null) {
            if (!told) {
                LOG.info("waiting for another lab on this machine to end");
                told = true;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("another lab has held %s for %d minutes"
                        .formatted(DIRECTORY.resolve("lock"), LOCK_LIMIT.toMinutes()));
            }
            try {
                Thread.sleep(LOCK_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for another lab", e);
            }
        }
    }

    /** To be called before the thing is made. */
    synchronized void note(Kind kind, String name) {
        try {
            Files.writeString(entries, kind + " " + name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a directory and its missing parents, and notes those that were missing. */
    void createDirectories(Path directory) {
        List<Path> missing = new ArrayList<>();
        for (Path path = directory; path != null && !Files.exists(path); path = path.getParent()) {
            missing.addFirst(path);
        }
        for (Path path : missing) {
            note(Kind.DIRECTORY, path.toString());
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a directory that is removed with all that is in it. */
    Path createTree(String name) {
        Path tree = DIRECTORY.resolve(name);
        note(Kind.TREE, tree.toString());
        try {
            return Files.createDirectories(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        removeAll();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            IN_USE.set(false);
        }
    }

    private synchronized void removeAll() {
        for (Kind kind : Kind.values()) {
            for (String name : noted(kind)) {
                switch (kind) {
                    case LINK -> Command.run(List.of("ip", "link", "delete", name));
                    case NETNS -> removeNamespace(name);
                    case TREE -> removeTree(Path.of(name));
                    case DIRECTORY -> removeIfEmpty(Path.of(name));
                }
            }
        }
        try {
            Files.deleteIfExists(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of one kind, the last noted first. */
    private List<String> noted(Kind kind) {
        if (!Files.exists(entries)) {
            return List.of();
        }
        String start = kind + " ";
        try (Stream<String> lines = Files.lines(entries)) {
            return lines.filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .distinct()
                    .toList()
                    .reversed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void removeNamespace(String name) {
        Namespaces.killAll(name);
        Command.run(List.of("ip", "netns", "delete", name));
    }

    private static void removeTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            // What is in a directory comes after it.
            for (Path path : paths.toList().reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} has content of others and stays", directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
