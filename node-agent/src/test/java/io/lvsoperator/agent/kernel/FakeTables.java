package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.firewall.FoundTable;
import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.firewall.TableEdit;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A packet filter with one table at most, which counts how often it is read whole. */
public final class FakeTables implements OwnTables {
    private final List<TableEdit> edits = new ArrayList<>();
    private Optional<FoundTable> table = Optional.empty();
    private Optional<Errno> refusal = Optional.empty();
    private int generation = 1;
    private boolean flushes;
    private Optional<Errno> silence = Optional.empty();
    private int reads;

    /** Everything that was written so far. */
    public List<TableEdit> edits() {
        return edits;
    }

    public int reads() {
        return reads;
    }

    public Optional<FoundTable> table() {
        return table;
    }

    /** Somebody puts this in the place of the table. */
    public void strangerLeaves(Optional<FoundTable> found) {
        table = found;
        generation++;
    }

    /** Somebody changes another table. */
    public void strangerChangesAnother() {
        generation++;
    }

    public void refuse(Errno errno) {
        refusal = Optional.of(errno);
    }

    public void refuseNothing() {
        refusal = Optional.empty();
    }

    /** Not even a look is allowed. */
    public void refuseToTell(Errno errno) {
        silence = Optional.of(errno);
    }

    @Override
    public OptionalInt generation() throws NetlinkException {
        if (silence.isPresent()) {
            throw new RefusedException(new NetlinkError("look", silence.get().number(), ""));
        }
        return OptionalInt.of(generation);
    }

    @Override
    public Optional<FoundTable> read(String name) {
        reads++;
        return table;
    }

    /** Somebody flushes everything right before the next change arrives. */
    public void strangerFlushesBeforeTheNextChange() {
        flushes = true;
    }

    @Override
    public int write(List<TableEdit> all) throws NetlinkException {
        if (flushes) {
            flushes = false;
            strangerLeaves(Optional.empty());
            throw new RefusedException(new NetlinkError("change it", Errno.ENOENT.number(), ""));
        }
        if (refusal.isPresent()) {
            throw new RefusedException(
                    new NetlinkError("change it", refusal.get().number(), ""));
        }
        edits.addAll(all);
        for (TableEdit edit : all) {
            table = switch (edit) {
                case TableEdit.Make(var made, var _) -> Optional.of(FoundTable.of(made));
                case TableEdit.Remove _ -> Optional.empty();
                case TableEdit.Add _, TableEdit.Delete _ -> table.map(found -> found.after(List.of(edit)));
            };
        }
        generation++;
        return 1;
    }
}
