package io.lvsoperator.agent.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.desired.DesiredStateCompiler;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.secrets.FleetSecrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's directory on the node, outside its container. A file that cannot be read is set aside and reported, never
 * silently taken for an empty one: without a ledger the agent simply deletes nothing.
 */
public final class StateDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);

    private final AtomicFile assignmentFile;
    private final AtomicFile ledgerFile;
    private final AtomicFile secretsFile;
    private final ObjectMapper json = JsonMapper.builder().build();

    public StateDirectory(Path directory) {
        this.assignmentFile = new AtomicFile(directory.resolve("assignment.json"));
        this.ledgerFile = new AtomicFile(directory.resolve("ledger.json"));
        this.secretsFile = new AtomicFile(directory.resolve("secrets.json"));
    }

    /** The assignment that was applied last; empty on a new node. One that the node of this name cannot work with is set aside too. */
    public Optional<Assignment> loadAssignment(String nodeName) throws IOException {
        return load(assignmentFile, Assignment.class, assignment -> {
            DesiredStateCompiler.compile(assignment, nodeName);
            return assignment;
        });
    }

    /** The ledger; the empty one on a new node. */
    public Ledger loadLedger() throws IOException {
        return load(ledgerFile, LedgerDocument.class, LedgerDocument::toLedger).orElse(Ledger.EMPTY);
    }

    /** The secrets that were read last; none on a node that is no director. */
    public FleetSecrets loadSecrets() throws IOException {
        return load(
                        secretsFile,
                        FleetSecrets.class,
                        secrets -> secrets,
                        e -> e.getClass().getSimpleName())
                .orElse(FleetSecrets.NONE);
    }

    /** For nobody's eyes but the agent's; no file when there are none. */
    public void save(FleetSecrets secrets) throws IOException {
        if (secrets.equals(FleetSecrets.NONE)) {
            secretsFile.delete();
        } else {
            secretsFile.writeForOwnerAlone(json.writeValueAsBytes(secrets));
        }
    }

    public void save(Assignment assignment) throws IOException {
        assignmentFile.write(json.writeValueAsBytes(assignment));
    }

    public void save(Ledger ledger) throws IOException {
        ledgerFile.write(json.writeValueAsBytes(LedgerDocument.of(ledger)));
    }

    private <D, T> Optional<T> load(AtomicFile file, Class<D> document, Function<D, T> meaning) throws IOException {
        return load(file, document, meaning, Exception::toString);
    }

    /** What an exception says may quote what the file holds: {@code words} chooses what of it is logged. */
    private <D, T> Optional<T> load(
            AtomicFile file, Class<D> document, Function<D, T> meaning, Function<Exception, String> words)
            throws IOException {
        Optional<byte[]> content = file.read();
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(meaning.apply(json.readValue(content.get(), document)));
        } catch (IOException | RuntimeException unreadable) { // the bytes are at hand: it is what they say
            Path aside = file.setAside();
            LOG.error("{} cannot be read and was moved to {}: {}", file.path(), aside, words.apply(unreadable));
            return Optional.empty();
        }
    }
}
