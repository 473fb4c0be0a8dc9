package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Tables that the agent makes in the packet filter of this network namespace, beside those of others. */
public interface OwnTables {
    /** Of a kernel without nf_tables. */
    OwnTables NONE = new OwnTables() {
        @Override
        public OptionalInt generation() {
            return OptionalInt.empty();
        }

        @Override
        public Optional<FoundTable> read(String name) {
            return Optional.empty();
        }

        @Override
        public int write(List<TableEdit> edits) {
            throw new IllegalStateException("a kernel without nf_tables takes no " + edits);
        }
    };

    /**
     * A number that grows with every change of any table, whoever makes it. Asking makes the kernel load the module where there is
     * one.
     *
     * @return empty where the kernel has no nf_tables
     */
    OptionalInt generation() throws NetlinkException;

    /** The table of family inet and of that name, if there is one. */
    Optional<FoundTable> read(String name) throws NetlinkException;

    /**
     * Makes the edits: at once and all or none, unless they are so many that they take several messages.
     *
     * @return by how much the generation grew by that
     * @throws RefusedException when the kernel says no
     */
    int write(List<TableEdit> edits) throws NetlinkException;
}
