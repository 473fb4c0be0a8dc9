package io.lvsoperator.agent.connections;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * The kernel's connection table, from {@code /proc}: there is no other interface to it. It is read line by line and never held.
 * The kernel gives it in the order of its hash table and goes on changing it meanwhile, so an entry may be missed or
 * come twice.
 */
public final class ConnectionTable {
    /** Of the network namespace of the reading thread; in the agent's container that is the node's. Anybody may read it. */
    private static final Path FILE = Path.of("/proc/thread-self/net/ip_vs_conn");

    private final Path file;

    public ConnectionTable() {
        this(FILE);
    }

    /** Of another file of that form. */
    public ConnectionTable(Path file) {
        this.file = file;
    }

    /**
     * Hands the entries over, one by one, until the visitor returns false or there are no more.
     *
     * @throws IOException when the table cannot be read, or a line of it not be understood; a kernel without IPVS has no
     *     connections
     */
    public void read(Predicate<Connection> visitor) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!ConnectionLine.isHeader(line) && !visitor.test(parsed(line))) {
                    return;
                }
            }
        } catch (NoSuchFileException noIpvs) {
            // the module is not loaded, hence there is no connection
        }
    }

    private Connection parsed(String line) throws IOException {
        try {
            return ConnectionLine.parse(line);
        } catch (IllegalArgumentException unknown) {
            throw new IOException(file + ": cannot read the line '" + line + "': " + unknown.getMessage(), unknown);
        }
    }
}
