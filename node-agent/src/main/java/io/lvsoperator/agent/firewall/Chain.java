package io.lvsoperator.agent.firewall;

import java.util.OptionalInt;

/**
 * A chain.
 *
 * @param hook number of the hook of a base chain (see {@link Hook}); empty for a chain that rules jump to
 */
public record Chain(ChainName name, OptionalInt hook) {
    /** True for a base chain of that hook. */
    public boolean isAt(Hook wanted) {
        return hook.isPresent() && hook.getAsInt() == wanted.number();
    }
}
