package io.lvsoperator.agent.firewall;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of family inet that is the agent's alone, as it shall be.
 *
 * @param name of the table; nobody else may use it
 */
public record OwnTable(String name, List<OwnSet> sets, List<OwnChain> chains) {
    public OwnTable {
        sets = List.copyOf(sets);
        chains = List.copyOf(chains);
    }

    /**
     * A set that a rule looks keys up in, at a cost that does not grow with their number.
     *
     * @param elements keys as {@link KeyField#key} gives them
     */
    public record OwnSet(String name, List<KeyField> key, Set<String> elements) {
        public OwnSet {
            key = List.copyOf(key);
            elements = Set.copyOf(elements);
        }

        SetShape shape() {
            return new SetShape(KeyField.typeOf(key), KeyField.lengthOf(key), 0);
        }
    }

    /**
     * A chain that packets pass at a hook and leave accepted unless a rule says otherwise.
     *
     * @param priority among the chains of the hook, NF_IP_PRI_RAW and the like
     * @param rules each a list of expressions
     */
    public record OwnChain(String name, Hook hook, int priority, List<List<WireExpression>> rules) {
        public OwnChain {
            rules = List.copyOf(rules);
        }

        ChainShape shape() {
            return new ChainShape(hook.number(), priority, FILTER, NfTables.NF_ACCEPT, rules);
        }
    }

    static final String FILTER = "filter";

    /** All of a table but the elements of its sets. */
    record Shape(int flags, int uses, Map<String, SetShape> sets, Map<String, ChainShape> chains) {}

    record SetShape(int keyType, int keyLength, int flags) {}

    record ChainShape(int hook, int priority, String type, int policy, List<List<WireExpression>> rules) {}

    Shape shape() {
        var setShapes = new LinkedHashMap<String, SetShape>();
        sets.forEach(set -> setShapes.put(set.name(), set.shape()));
        var chainShapes = new LinkedHashMap<String, ChainShape>();
        chains.forEach(chain -> chainShapes.put(chain.name(), chain.shape()));
        return new Shape(0, sets.size() + chains.size(), setShapes, chainShapes);
    }

    /** As {@code nft} names it. */
    static String text(String name) {
        return "table " + TableFamily.NFPROTO_INET + " " + name;
    }

    @Override
    public String toString() {
        return text(name);
    }
}
