package io.lvsoperator.agent.plan;

import io.lvsoperator.agent.firewall.Hook;
import io.lvsoperator.agent.firewall.KeyField;
import io.lvsoperator.agent.firewall.OwnTable;
import io.lvsoperator.agent.firewall.TableFamily;
import io.lvsoperator.agent.firewall.WireExpression;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table that has conntrack pass packets over. For each family it looks them up in three sets, by address, protocol and port; by
 * address and protocol; and by address: so a packet costs the same however many services there are, and a service one element.
 */
public final class UntrackedTable {
    /** The name, which is nobody else's. */
    public static final String NAME = "lvs-operator";

    /** {@code NF_IP_PRI_RAW}: behind the assembly of fragments, before conntrack looks. */
    private static final int NF_IP_PRI_RAW = -300;

    private static final String CHAIN = "untracked";

    /** What a set looks at beside the address. */
    private enum Width {
        SERVICE("services"),
        PROTOCOL("protocols"),
        ADDRESS("addresses");

        private final String text;

        Width(String text) {
            this.text = text;
        }

        List<KeyField> key(AddressFamily family) {
            KeyField address = family == AddressFamily.IPV4 ? KeyField.IPV4_ADDRESS : KeyField.IPV6_ADDRESS;
            return switch (this) {
                case SERVICE -> List.of(address, KeyField.PROTOCOL, KeyField.PORT);
                case PROTOCOL -> List.of(address, KeyField.PROTOCOL);
                case ADDRESS -> List.of(address);
            };
        }

        String set(AddressFamily family) {
            return text + (family == AddressFamily.IPV4 ? "4" : "6");
        }

        static Width of(Exemption exemption) {
            if (exemption.protocol().isEmpty()) {
                return ADDRESS;
            }
            return exemption.port() == 0 ? PROTOCOL : SERVICE;
        }
    }

    /** What it is made like, with nothing in its sets. */
    public static final OwnTable EMPTY = table(List.of());

    private UntrackedTable() {}

    /** The table for these; empty where there are none. */
    public static Optional<OwnTable> of(List<Exemption> exemptions) {
        return exemptions.isEmpty() ? Optional.empty() : Optional.of(table(exemptions));
    }

    private static OwnTable table(List<Exemption> exemptions) {
        Map<String, Set<String>> elements = new HashMap<>();
        for (Exemption exemption : exemptions) {
            elements.computeIfAbsent(set(exemption), set -> new HashSet<>()).add(key(exemption));
        }
        List<OwnTable.OwnSet> sets = new ArrayList<>();
        List<List<WireExpression>> rules = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            for (Width width : Width.values()) {
                String set = width.set(family);
                sets.add(new OwnTable.OwnSet(set, width.key(family), elements.getOrDefault(set, Set.of())));
                rules.add(rule(family, width));
            }
        }
        return new OwnTable(
                NAME, sets, List.of(new OwnTable.OwnChain(CHAIN, Hook.NF_INET_PRE_ROUTING, NF_IP_PRI_RAW, rules)));
    }

    private static List<WireExpression> rule(AddressFamily family, Width width) {
        List<WireExpression> rule = new ArrayList<>(WireExpression.familyIs(
                family == AddressFamily.IPV4 ? TableFamily.NFPROTO_IPV4 : TableFamily.NFPROTO_IPV6));
        int offset = 0;
        for (KeyField field : width.key(family)) {
            rule.add(WireExpression.load(field, offset));
            offset += field.space();
        }
        rule.add(WireExpression.isIn(width.set(family)));
        rule.add(WireExpression.noTrack());
        return rule;
    }

    private static String set(Exemption exemption) {
        return Width.of(exemption).set(exemption.vip().family());
    }

    private static String key(Exemption exemption) {
        byte[] address = exemption.vip().toBytes();
        byte[] port = {(byte) (exemption.port() >>> Byte.SIZE), (byte) exemption.port()};
        return exemption
                .protocol()
                .map(protocol -> new byte[] {(byte) protocol.number()})
                .map(protocol ->
                        exemption.port() == 0 ? KeyField.key(address, protocol) : KeyField.key(address, protocol, port))
                .orElseGet(() -> KeyField.key(address));
    }
}
