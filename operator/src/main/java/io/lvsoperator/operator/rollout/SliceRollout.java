package io.lvsoperator.operator.rollout;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import io.lvsoperator.operator.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The next slice on the way from one slice to a target: real servers hold a VIP before any director sends to them for it,
 * and until every director has stopped.
 *
 * <p>Each write is one step, and the nodes' progress with it decides about the next. Two rules carry it. What directors may
 * use (Serving) was listed in a version that the node concerned has applied. What a node may let go of (no longer listed)
 * was Leaving in a version that every director has applied. See docs/adr/0003-phases-in-slices.md.
 */
public final class SliceRollout {
    /** {@code maxItems} of {@code spec.addresses} of a slice. */
    private static final int MAX_ADDRESSES = 8;

    private final Target.Serve target;
    private final Progress progress;
    private final List<SliceAddress> oldAddresses;
    private final List<SliceRealServer> oldRealServers;
    private final Set<AddressFamily> unholding = new HashSet<>();

    private SliceRollout(Target.Serve target, @Nullable VirtualServerSliceSpec previous, Progress progress) {
        this.target = target;
        this.progress = progress;
        this.oldAddresses = previous == null ? List.of() : previous.addresses();
        this.oldRealServers = previous == null ? List.of() : previous.realServers();
    }

    /**
     * The next step.
     *
     * @param previous the slice as it stands; null when there is none
     * @param progress of the nodes with exactly that slice
     */
    public static Step next(@Nullable VirtualServerSliceSpec previous, Target target, Progress progress) {
        return switch (target) {
            case Target.Withdraw w -> previous == null ? new Step.Gone() : withdraw(previous, progress);
            case Target.Serve serve -> {
                VirtualServerSliceSpec next = new SliceRollout(serve, previous, progress).slice();
                boolean same = previous != null
                        && next.equals(previous.with(sorted(previous.addresses()), inOrder(previous.realServers())));
                yield same ? new Step.Stay() : new Step.Write(next);
            }
        };
    }

    private static Step withdraw(VirtualServerSliceSpec previous, Progress progress) {
        if (previous.addresses().isEmpty() && previous.realServers().isEmpty()) {
            return progress.nodesLetGo() ? new Step.Delete() : new Step.Stay();
        }
        boolean allLeaving = previous.addresses().stream().allMatch(a -> a.phase() == Phase.LEAVING);
        if (!allLeaving) {
            List<SliceAddress> leaving = previous.addresses().stream()
                    .map(a -> new SliceAddress(a.value(), Phase.LEAVING))
                    .toList();
            return new Step.Write(previous.with(leaving, previous.realServers()));
        }
        return progress.directorsLetGo() ? new Step.Write(previous.with(List.of(), List.of())) : new Step.Stay();
    }

    private VirtualServerSliceSpec slice() {
        List<SliceAddress> addresses = oldAddresses.isEmpty() ? List.of() : keptAddresses();
        List<SliceRealServer> realServers = realServers();
        return new VirtualServerSliceSpec(
                target.fleet(),
                target.generation(),
                withNewAddresses(addresses, realServers),
                target.ports(),
                target.firewallMark(),
                target.scheduler(),
                target.schedulerFlags(),
                target.onePacket(),
                target.persistence(),
                realServers,
                target.metrics());
    }

    // -- addresses

    private List<SliceAddress> keptAddresses() {
        List<SliceAddress> kept = new ArrayList<>();
        for (SliceAddress old : oldAddresses) {
            if (target.addresses().contains(old.value())) {
                kept.add(new SliceAddress(old.value(), phaseOfWanted(old)));
            } else if (old.phase() != Phase.LEAVING || !progress.directorsLetGo()) {
                kept.add(new SliceAddress(old.value(), Phase.LEAVING));
            }
        }
        return kept;
    }

    private Phase phaseOfWanted(SliceAddress old) {
        if (old.phase() == Phase.SERVING) {
            return Phase.SERVING;
        }
        AddressFamily family = family(old.value());
        if (heldNodes(oldRealServers, family).stream().anyMatch(progress.coming()::contains)) {
            return Phase.ENTERING;
        }
        // Nodes that are down or failed do not keep the VIP from the others; they are not used until they hold it.
        unholding.add(family);
        return Phase.SERVING;
    }

    private List<SliceAddress> withNewAddresses(List<SliceAddress> kept, List<SliceRealServer> realServers) {
        List<SliceAddress> all = new ArrayList<>(kept);
        Set<String> known = kept.stream().map(SliceAddress::value).collect(Collectors.toSet());
        for (String wanted : target.addresses()) {
            if (!known.contains(wanted) && all.size() < MAX_ADDRESSES) {
                boolean nothingToWaitFor =
                        heldNodes(realServers, family(wanted)).isEmpty();
                all.add(new SliceAddress(wanted, nothingToWaitFor ? Phase.SERVING : Phase.ENTERING));
            }
        }
        return sorted(all);
    }

    private static Set<String> heldNodes(List<SliceRealServer> realServers, AddressFamily family) {
        Set<String> nodes = new HashSet<>();
        for (SliceRealServer realServer : realServers) {
            String node = realServer.node();
            if (node != null && realServer.mustHoldVips() && family(realServer.address()) == family) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    // -- real servers

    private List<SliceRealServer> realServers() {
        Map<String, Target.RealServer> wanted = new HashMap<>();
        target.realServers().forEach(r -> wanted.put(r.address(), r));
        List<SliceRealServer> all = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (SliceRealServer old : oldRealServers) {
            SliceRealServer next = successor(old, wanted.get(old.address()));
            if (next != null) {
                all.add(next);
                done.add(next.address());
            }
        }
        for (Target.RealServer w : target.realServers()) {
            if (!done.contains(w.address()) && all.size() < Api.MAX_REAL_SERVERS) {
                SliceRealServer entering = w.in(Phase.ENTERING);
                all.add(entering.mustHoldVips() ? entering : w.in(Phase.SERVING));
                done.add(w.address());
            }
        }
        return inOrder(all);
    }

    /**
     * What becomes of a listed real server; null: it is listed no more, or enters anew under what is wanted now, such as by
     * another node or by a forwarding method with other needs.
     */
    private @Nullable SliceRealServer successor(SliceRealServer old, Target.@Nullable RealServer wanted) {
        if (wanted != null && isSame(old, wanted)) {
            return wanted.in(phaseOfWanted(old));
        }
        if (!old.mustHoldVips()) {
            return null;
        }
        boolean letGo = old.phase() == Phase.LEAVING && progress.directorsLetGo();
        return letGo ? null : old.in(Phase.LEAVING);
    }

    private static boolean isSame(SliceRealServer old, Target.RealServer wanted) {
        return Objects.equals(wanted.node(), old.node())
                && wanted.in(old.phase()).mustHoldVips() == old.mustHoldVips();
    }

    private Phase phaseOfWanted(SliceRealServer old) {
        if (!old.mustHoldVips()) {
            return Phase.SERVING;
        }
        boolean holds = old.node() != null && progress.holders().contains(old.node());
        if (old.phase() == Phase.SERVING) {
            return !holds && unholding.contains(family(old.address())) ? Phase.ENTERING : Phase.SERVING;
        }
        return holds ? Phase.SERVING : Phase.ENTERING;
    }

    private static List<SliceAddress> sorted(List<SliceAddress> addresses) {
        return addresses.stream()
                .sorted(Comparator.comparing(a -> IpAddress.of(a.value())))
                .toList();
    }

    private static List<SliceRealServer> inOrder(List<SliceRealServer> realServers) {
        return realServers.stream()
                .sorted(Comparator.comparing(r -> IpAddress.of(r.address())))
                .toList();
    }

    private static AddressFamily family(String address) {
        return IpAddress.of(address).family();
    }
}
