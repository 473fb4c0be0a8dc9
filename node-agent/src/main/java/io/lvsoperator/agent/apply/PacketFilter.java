package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.apply.Report.ReadBack;
import io.lvsoperator.agent.apply.Report.Untracked;
import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.firewall.FoundTable;
import io.lvsoperator.agent.firewall.OwnTable;
import io.lvsoperator.agent.firewall.OwnTables;
import io.lvsoperator.agent.firewall.TableEdit;
import io.lvsoperator.agent.firewall.TablePlanner;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.plan.Exemption;
import io.lvsoperator.agent.plan.UntrackedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the agent's own table as it shall be. While the ruleset's generation stands still, nobody has touched it and a look costs
 * one message, however large it is. For one thread.
 */
final class PacketFilter {
    private static final Logger LOG = LoggerFactory.getLogger(PacketFilter.class);
    private static final String NAME = UntrackedTable.NAME;
    private static final int ATTEMPTS = 3;

    private final OwnTables tables;
    private final String nodeName;

    private @Nullable Look last;
    private List<Exemption> reached = List.of();
    private boolean clean;
    private boolean inTrouble;

    PacketFilter(OwnTables tables, String nodeName) {
        this.tables = tables;
        this.nodeName = nodeName;
    }

    /** What the kernel had at a generation. */
    private record Look(int generation, Optional<FoundTable> table) {}

    /**
     * What became of it.
     *
     * @param done number of changes, by kind
     * @param words the same in words
     * @param leftover whether something is there that shall not be
     * @param repaired whether the changes put right what was there before, rather than make what could not be made
     */
    record Outcome(
            Map<Applied.Change, Integer> done,
            List<String> words,
            Untracked untracked,
            boolean leftover,
            boolean repaired) {
        static final Outcome NOTHING = new Outcome(Map.of(), List.of(), Untracked.NONE, false, false);
    }

    /** Looks at the table, and brings it to what is wanted. */
    Outcome bring(DesiredState desired) {
        List<Exemption> wanted = Exemption.of(desired);
        if (wanted.isEmpty() && clean) {
            return Outcome.NOTHING;
        }
        Run run = new Run(wanted);
        try {
            run.execute();
        } catch (RefusedException refused) {
            // Who may not look has made no table, and a node that shall have none is not held up by that.
            last = null;
            boolean mayNotLook = wanted.isEmpty() && !run.toBeRemoved && refused.is(Errno.EPERM);
            run.problem = mayNotLook ? Optional.empty() : Optional.of(refusal(refused));
        } catch (NetlinkException unknown) {
            last = null;
            run.problem = Optional.of(
                    problem("could not be read or changed: %s; the agent tries again".formatted(unknown.getMessage())));
        }
        run.problem.ifPresent(problem -> LOG.debug("{}", problem.message()));
        clean = wanted.isEmpty() && run.problem.isEmpty();
        Outcome outcome = run.outcome();
        inTrouble = run.problem.isPresent();
        return outcome;
    }

    private final class Run {
        private final List<Exemption> wanted;
        private final Map<Applied.Change, Integer> done = new HashMap<>();
        private final List<String> words = new ArrayList<>();
        private Optional<Problem> problem = Optional.empty();
        private Optional<Integer> present = Optional.of(0);
        private boolean toBeRemoved;

        Run(List<Exemption> wanted) {
            this.wanted = wanted;
        }

        void execute() throws NetlinkException {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                OptionalInt generation = tables.generation();
                try {
                    if (isSettled(generation)) {
                        return;
                    }
                } catch (RefusedException refused) {
                    // What was to be read or changed is gone since somebody was there in between: look again.
                    if (!refused.is(Errno.ENOENT) || tables.generation().equals(generation)) {
                        throw refused;
                    }
                    last = null;
                }
            }
            problem = Optional.of(problem("is changed by somebody as fast as the agent puts it right"));
        }

        /** One look and what it takes; whether nothing is left to be done, or can be. */
        private boolean isSettled(OptionalInt generation) throws NetlinkException {
            if (generation.isEmpty()) {
                present = Optional.empty();
                last = null;
                problem = wanted.isEmpty() ? Optional.empty() : Optional.of(noNfTables());
                return true;
            }
            if (isReached(generation.getAsInt())) {
                present = Optional.of(wanted.size());
                return true;
            }
            Look look = look(generation.getAsInt());
            if (look.table()
                    .filter(found -> !found.isOurs(UntrackedTable.EMPTY))
                    .isPresent()) {
                problem = wanted.isEmpty() ? Optional.empty() : Optional.of(foreign());
                return true;
            }
            Optional<OwnTable> table = UntrackedTable.of(wanted);
            present = Optional.of(table.flatMap(t -> look.table().map(found -> found.elementsOf(t)))
                    .orElse(0));
            List<TableEdit> edits = TablePlanner.plan(NAME, table, look.table());
            if (edits.isEmpty()) {
                reached = wanted;
                return true;
            }
            write(look, edits);
            return false;
        }

        private void write(Look look, List<TableEdit> edits) throws NetlinkException {
            toBeRemoved = edits.stream()
                    .anyMatch(edit -> edit instanceof TableEdit.Remove || edit instanceof TableEdit.Delete);
            int batches = tables.write(edits);
            toBeRemoved = false;
            edits.forEach(this::count);
            last = onlyElements(edits)
                    ? new Look(look.generation() + batches, look.table().map(found -> found.after(edits)))
                    : null;
        }

        private void count(TableEdit edit) {
            switch (edit) {
                case TableEdit.Make(OwnTable table, boolean instead) -> {
                    count(
                            instead ? Applied.Operation.SET : Applied.Operation.ADD,
                            Applied.ObjectKind.FIREWALL_TABLE,
                            1);
                    int entries = table.sets().stream()
                            .mapToInt(set -> set.elements().size())
                            .sum();
                    count(Applied.Operation.ADD, Applied.ObjectKind.FIREWALL_ENTRY, entries);
                    words.add((instead ? "make anew " : "make ") + table + ", entries: " + entries);
                }
                case TableEdit.Remove(String _) -> {
                    count(Applied.Operation.DELETE, Applied.ObjectKind.FIREWALL_TABLE, 1);
                    words.add("remove table inet " + NAME);
                }
                case TableEdit.Add(String _, String set, var keys) -> {
                    count(Applied.Operation.ADD, Applied.ObjectKind.FIREWALL_ENTRY, keys.size());
                    words.add("add to set %s of table inet %s, entries: %d".formatted(set, NAME, keys.size()));
                }
                case TableEdit.Delete(String _, String set, var keys) -> {
                    count(Applied.Operation.DELETE, Applied.ObjectKind.FIREWALL_ENTRY, keys.size());
                    words.add("take out of set %s of table inet %s, entries: %d".formatted(set, NAME, keys.size()));
                }
            }
        }

        private void count(Applied.Operation operation, Applied.ObjectKind kind, int number) {
            done.merge(new Applied.Change(operation, kind), number, Integer::sum);
        }

        Outcome outcome() {
            Untracked untracked = wanted.isEmpty() && problem.isEmpty()
                    ? Untracked.NONE
                    : new Untracked(
                            wanted.isEmpty() ? Optional.empty() : Optional.of(new ReadBack(wanted.size(), present)),
                            problem);
            boolean unknown = wanted.isEmpty() && problem.isPresent();
            return new Outcome(done, words, untracked, toBeRemoved || unknown, !done.isEmpty() && !inTrouble);
        }

        private boolean isReached(int generation) {
            return last != null && last.generation() == generation && reached.equals(wanted) && !wanted.isEmpty();
        }
    }

    /** The last look while it holds, otherwise a new one. */
    private Look look(int generation) throws NetlinkException {
        Look look = last != null && last.generation() == generation ? last : new Look(generation, tables.read(NAME));
        last = look;
        return look;
    }

    private static boolean onlyElements(List<TableEdit> edits) {
        return edits.stream().allMatch(edit -> edit instanceof TableEdit.Add || edit instanceof TableEdit.Delete);
    }

    private Problem noNfTables() {
        return problem("cannot be made, as the kernel has no nf_tables: install the module nf_tables, or set"
                + " spec.firewall.directRouting of the fleet to Tracked");
    }

    private Problem foreign() {
        return problem("is there already and not the agent's (its comment is another): rename or delete it, or set"
                + " spec.firewall.directRouting of the fleet to Tracked");
    }

    private Problem refusal(RefusedException refused) {
        if (refused.is(Errno.EPERM)) {
            return problem("may not be changed by the agent (%s): give its container the capability NET_ADMIN"
                    .formatted(refused.error()));
        }
        return problem(
                "cannot be had (%s): see that the kernel has the modules nf_tables and nft_ct, or set spec.firewall.directRouting of the fleet to Tracked"
                        .formatted(refused.error()));
    }

    private Problem problem(String what) {
        return new Problem(
                Problem.Reason.FIREWALL_NOT_APPLIED,
                "table inet %s on node %s, which has conntrack pass over the packets of DR services, %s"
                        .formatted(NAME, nodeName, what));
    }
}
