package io.lvsoperator.agent.surroundings;

import io.lvsoperator.agent.firewall.Chain;
import io.lvsoperator.agent.firewall.ChainName;
import io.lvsoperator.agent.firewall.Expression;
import io.lvsoperator.agent.firewall.Expression.Field;
import io.lvsoperator.agent.firewall.Hook;
import io.lvsoperator.agent.firewall.Registers;
import io.lvsoperator.agent.firewall.Rule;
import io.lvsoperator.agent.firewall.Ruleset;
import io.lvsoperator.agent.firewall.SetElement;
import io.lvsoperator.agent.firewall.SetIndex;
import io.lvsoperator.agent.firewall.SetName;
import io.lvsoperator.agent.firewall.TableFamily;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The way of a packet that conntrack finds invalid through a ruleset.
 *
 * <p>A rule counts only when it holds for certain: one that looks at something the packet leaves open (an interface, a mark) neither
 * drops nor saves it here.
 */
final class Journey {
    /** {@code NF_CT_STATE_INVALID_BIT} of nf_tables and {@code XT_CONNTRACK_STATE_INVALID} of xtables. */
    private static final int INVALID = 1;

    /** {@code NFT_JUMP_STACK_SIZE} of the kernel. */
    private static final int DEEPEST = 16;

    private final Ruleset ruleset;
    private final Map<ChainName, List<Rule>> rules;
    private final Map<SetName, SetIndex> sets = new HashMap<>();
    private final boolean exempts;

    Journey(Ruleset ruleset) {
        this.ruleset = ruleset;
        ruleset.sets().forEach((name, contents) -> sets.put(name, contents.index()));
        this.exempts = ruleset.rules().stream()
                .flatMap(rule -> rule.expressions().stream())
                .anyMatch(Expression.NoTrack.class::isInstance);
        this.rules = ruleset.rules().stream().collect(Collectors.groupingBy(Rule::chain));
    }

    private sealed interface End {
        /** The chain has nothing to say about it. */
        record Through() implements End {}

        record Accepted() implements End {}

        record Untracked() implements End {}

        record Dropped(ChainName chain) implements End {}
    }

    private static final End THROUGH = new End.Through();

    /** The chain that drops the packet at a hook for being invalid, unless it is exempt from conntrack. */
    Optional<ChainName> dropped(Packet packet, Hook hook) {
        boolean exempt =
                exempts && ends(packet, Hook.NF_INET_PRE_ROUTING).stream().anyMatch(End.Untracked.class::isInstance);
        return exempt
                ? Optional.empty()
                : ends(packet, hook).stream()
                        .filter(End.Dropped.class::isInstance)
                        .map(end -> ((End.Dropped) end).chain())
                        .findFirst();
    }

    private List<End> ends(Packet packet, Hook hook) {
        Map<ChainName, End> known = new HashMap<>();
        return ruleset.chains().stream()
                .filter(chain -> chain.isAt(hook) && chain.name().family().covers(packet.family()))
                .map(Chain::name)
                .map(chain -> pass(packet, chain, DEEPEST, known))
                .toList();
    }

    /** Remembers what each chain does with the packet: chains that jump to one another many times would be walked for ever. */
    private End pass(Packet packet, ChainName chain, int depth, Map<ChainName, End> known) {
        @Nullable End before = known.get(chain);
        if (before != null) {
            return before;
        }
        End end = depth == 0 ? THROUGH : walk(packet, chain, depth, known);
        known.put(chain, end);
        return end;
    }

    private End walk(Packet packet, ChainName chain, int depth, Map<ChainName, End> known) {
        for (Rule rule : rules.getOrDefault(chain, List.of())) {
            Optional<Expression> verdict = verdict(packet, rule);
            if (verdict.isEmpty()) {
                continue;
            }
            switch (verdict.get()) {
                case Expression.Drop() -> {
                    return new End.Dropped(chain);
                }
                case Expression.Accept() -> {
                    return new End.Accepted();
                }
                case Expression.NoTrack() -> {
                    return new End.Untracked();
                }
                case Expression.Return() -> {
                    return THROUGH;
                }
                case Expression.Goto(String other) -> {
                    return pass(packet, in(chain, other), depth - 1, known);
                }
                case Expression.Jump(String other) -> {
                    End end = pass(packet, in(chain, other), depth - 1, known);
                    if (!(end instanceof End.Through)) {
                        return end;
                    }
                }
                case Expression.Load _,
                        Expression.Mask _,
                        Expression.Compare _,
                        Expression.Lookup _,
                        Expression.ConntrackState _,
                        Expression.Neutral _,
                        Expression.Unknown _ -> throw new IllegalStateException("no verdict: " + verdict.get());
            }
        }
        return THROUGH;
    }

    private static ChainName in(ChainName chain, String other) {
        return new ChainName(chain.family(), chain.table(), other);
    }

    /** What a rule does with the packet; empty when it does nothing, or when it is not certain to hold. */
    private Optional<Expression> verdict(Packet packet, Rule rule) {
        Registers registers = new Registers();
        for (Expression expression : rule.expressions()) {
            switch (expression) {
                case Expression.Load(Field field, int register) -> {
                    registers.forget(register);
                    value(packet, field).ifPresent(value -> registers.put(register, value));
                }
                case Expression.Mask(int source, int destination, String mask) -> {
                    Optional<String> value = registers.get(source, mask.length());
                    registers.forget(destination);
                    value.ifPresent(bits -> registers.put(destination, and(bits, mask)));
                }
                case Expression.Compare(int register, boolean equal, String value) -> {
                    if (registers
                            .get(register, value.length())
                            .filter(present -> present.equals(value) == equal)
                            .isEmpty()) {
                        return Optional.empty();
                    }
                }
                case Expression.Lookup lookup -> {
                    Optional<Found> found = find(rule, lookup, registers);
                    if (lookup.verdict()) {
                        return found.flatMap(Found::element).flatMap(SetElement::verdict);
                    }
                    if (found.filter(f -> f.element().isPresent() != lookup.inverted())
                            .isEmpty()) {
                        return Optional.empty();
                    }
                }
                case Expression.ConntrackState(int states) -> {
                    if ((states & INVALID) == 0) {
                        return Optional.empty();
                    }
                }
                case Expression.Neutral() -> {}
                case Expression.Unknown _ -> {
                    return Optional.empty();
                }
                case Expression.Drop _,
                        Expression.Accept _,
                        Expression.NoTrack _,
                        Expression.Return _,
                        Expression.Jump _,
                        Expression.Goto _ -> {
                    return Optional.of(expression);
                }
            }
        }
        return Optional.empty();
    }

    /** What a set that is known has for a key that is known. */
    private record Found(Optional<SetElement> element) {}

    private Optional<Found> find(Rule rule, Expression.Lookup lookup, Registers registers) {
        return Optional.ofNullable(sets.get(rule.setNamed(lookup.set())))
                .flatMap(set -> registers.get(lookup.register(), set.digits()).map(key -> new Found(set.find(key))));
    }

    private static Optional<String> value(Packet packet, Field field) {
        return switch (field) {
            case CONNTRACK_STATE ->
                Optional.of(hex(ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(INVALID)
                        .array()));
            case FAMILY ->
                Optional.of(hex((byte)
                        (packet.family() == AddressFamily.IPV4 ? TableFamily.NFPROTO_IPV4 : TableFamily.NFPROTO_IPV6)
                                .number()));
            case PROTOCOL -> Optional.of(hex((byte) packet.protocol().number()));
            case IPV4_DESTINATION -> destination(packet, AddressFamily.IPV4);
            case IPV6_DESTINATION -> destination(packet, AddressFamily.IPV6);
            case DESTINATION_PORT ->
                packet.port().isPresent()
                        ? Optional.of("%04x".formatted(packet.port().getAsInt()))
                        : Optional.empty();
            case SOMETHING_ELSE -> Optional.empty();
        };
    }

    private static Optional<String> destination(Packet packet, AddressFamily family) {
        return packet.destination()
                .filter(address -> address.family() == family)
                .map(address -> hex(address.toBytes()));
    }

    private static String hex(byte... bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String and(String value, String mask) {
        byte[] left = HexFormat.of().parseHex(value);
        byte[] right = HexFormat.of().parseHex(mask);
        for (int i = 0; i < right.length; i++) {
            right[i] &= left[i];
        }
        return hex(right);
    }
}
