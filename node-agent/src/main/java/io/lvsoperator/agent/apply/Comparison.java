package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.DesiredState;
import io.lvsoperator.agent.ipvs.IpvsTable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a pass compared: what is wanted, and the table as it was read before anything was changed. After an edit both are put together
 * when somebody asks for them: an edit is not to cost work for every service. Safe for threads.
 */
public final class Comparison {
    private record Sides(DesiredState desired, IpvsTable table) {}

    private final Supplier<Sides> together;
    private @Nullable Sides sides;

    public Comparison(DesiredState desired, IpvsTable table) {
        this(() -> desired, () -> table);
    }

    /** Of sides that are made when they are needed. */
    Comparison(Supplier<DesiredState> desired, Supplier<IpvsTable> table) {
        this.together = () -> new Sides(desired.get(), table.get());
    }

    public DesiredState desired() {
        return sides().desired();
    }

    public IpvsTable table() {
        return sides().table();
    }

    private synchronized Sides sides() {
        if (sides == null) {
            sides = together.get();
        }
        return sides;
    }
}
