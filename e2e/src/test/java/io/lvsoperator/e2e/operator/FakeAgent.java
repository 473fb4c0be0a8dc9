package io.lvsoperator.e2e.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.LvsNode;
import io.lvsoperator.api.v1alpha1.LvsNodeSpec;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FailedSlice;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Failure;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.FleetProgress;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.NotAnswering;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.VirtualRouterStatus;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualRouterState;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceRealServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Plays the agent of one node, by the contract of the API: reads its LvsNode and the slices of its fleets, holds VIPs or
 * directs as they say (in memory), and reports how far it is. It can be held up, and made to fail.
 */
final class FakeAgent {
    private final KubernetesClient client;
    private final String node;
    private final Segment segment;
    private final Map<String, String> figures = new TreeMap<>();
    private Map<String, Map<String, String>> lastSeen = Map.of();

    private volatile boolean heldUp;
    private volatile boolean active = true;
    private volatile @Nullable Failure fleetFailure;
    private volatile @Nullable Failure sliceFailure;
    private volatile Capabilities capabilities =
            new Capabilities("1.2.1", Arrays.asList(SchedulerName.values()), null, null, null);

    private volatile @Nullable List<NotAnswering> notAnswering;

    FakeAgent(KubernetesClient client, String node, Segment segment) {
        this.client = client;
        this.node = node;
        this.segment = segment;
    }

    String node() {
        return node;
    }

    /** From here on it neither applies nor reports anything, as an agent that hangs. */
    void holdUp() {
        heldUp = true;
    }

    void goOn() {
        heldUp = false;
    }

    void failWholeFleet(@Nullable Failure failure) {
        fleetFailure = failure;
    }

    void failEverySlice(@Nullable Failure failure) {
        sliceFailure = failure;
    }

    /** Reports real servers that do not answer; null for none. */
    void complainOf(@Nullable List<NotAnswering> realServers) {
        notAnswering = realServers;
    }

    void offer(Capabilities offered) {
        capabilities = offered;
    }

    /** Whether it claims to be Active when its priority is the highest. */
    void takePartInElection(boolean takesPart) {
        active = takesPart;
    }

    /** One pass: read, apply, report what has changed. */
    void pass() {
        if (heldUp) {
            return;
        }
        LvsNode lvsNode = client.resources(LvsNode.class).withName(node).get();
        if (lvsNode == null) {
            figures.clear();
            lastSeen = Map.of();
            segment.clear(node);
            return;
        }
        LvsNodeSpec roles = lvsNode.getSpec() == null ? new LvsNodeSpec(List.of(), List.of()) : lvsNode.getSpec();
        Set<String> directed = new HashSet<>();
        roles.directorRoles().forEach(role -> directed.add(role.fleet()));
        Set<String> fleets = new HashSet<>(directed);
        roles.realServerRoles().forEach(role -> fleets.add(role.fleet()));

        Map<String, Map<String, String>> seen = new HashMap<>();
        List<VirtualServerSlice> slices = new ArrayList<>();
        Map<String, String> reached = new HashMap<>();
        for (String fleet : fleets) {
            var list = client.resources(VirtualServerSlice.class)
                    .inAnyNamespace()
                    .withLabel(Api.FLEET_LABEL, fleet)
                    .list();
            Map<String, String> versions = new HashMap<>();
            list.getItems()
                    .forEach(s -> versions.put(
                            s.getMetadata().getNamespace() + "/"
                                    + s.getMetadata().getName(),
                            s.getMetadata().getResourceVersion()));
            seen.put(fleet, versions);
            reached.put(fleet, list.getMetadata().getResourceVersion());
            slices.addAll(list.getItems());
        }
        if (heldUp) {
            return;
        }
        segment.apply(node, fleetFailure == null && sliceFailure == null ? state(slices, directed) : null);
        figures.keySet().retainAll(fleets);
        for (String fleet : fleets) {
            if (!figures.containsKey(fleet) || !Objects.equals(seen.get(fleet), lastSeen.get(fleet))) {
                figures.put(fleet, Objects.requireNonNull(reached.get(fleet)));
            }
        }
        lastSeen = seen;
        report(lvsNode, roles, seen);
    }

    private Segment.NodeState state(List<VirtualServerSlice> slices, Set<String> directed) {
        Set<String> held = new HashSet<>();
        Set<Segment.Use> used = new HashSet<>();
        for (VirtualServerSlice slice : slices) {
            boolean directs = directed.contains(slice.getSpec().fleet());
            for (SliceAddress address : slice.getSpec().addresses()) {
                for (SliceRealServer realServer : slice.getSpec().realServers()) {
                    if (isV6(address.value()) != isV6(realServer.address()) || !realServer.mustHoldVips()) {
                        continue; // nobody holds the VIP of a translated real server but its director
                    }
                    if (!directs && node.equals(realServer.node())) {
                        held.add(address.value());
                    }
                    if (directs
                            && address.phase() == Phase.SERVING
                            && realServer.phase() == Phase.SERVING
                            && realServer.node() != null) {
                        used.add(new Segment.Use(address.value(), realServer.node()));
                    }
                }
            }
        }
        return new Segment.NodeState(held, used);
    }

    private static boolean isV6(String address) {
        return address.indexOf(':') >= 0;
    }

    private void report(LvsNode lvsNode, LvsNodeSpec roles, Map<String, Map<String, String>> seen) {
        @Nullable Failure failing = sliceFailure;
        List<FleetProgress> progress = new ArrayList<>();
        figures.forEach((fleet, figure) -> {
            List<FailedSlice> failed = failing == null
                    ? List.of()
                    : seen.getOrDefault(fleet, Map.of()).keySet().stream()
                            .sorted()
                            .map(key -> new FailedSlice(
                                    key.substring(0, key.indexOf('/')),
                                    key.substring(key.indexOf('/') + 1),
                                    failing.reason(),
                                    failing.message()))
                            .toList();
            progress.add(new FleetProgress(fleet, figure, null, fleetFailure, failed.size(), failed));
        });
        LvsNodeStatus status = new LvsNodeStatus(
                lvsNode.getMetadata().getGeneration(),
                "fake",
                capabilities,
                progress,
                routers(roles),
                null,
                List.of(),
                notAnswering == null ? null : Integer.valueOf(notAnswering.size()),
                notAnswering,
                null);
        if (status.equals(lvsNode.getStatus())) {
            return;
        }
        LvsNode intent = new LvsNode();
        intent.setMetadata(new ObjectMetaBuilder().withName(node).build());
        intent.setStatus(status);
        try {
            client.resource(intent)
                    .subresource("status")
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                    .withFieldManager(Api.AGENT_FIELD_MANAGER)
                                    .withForce(true)
                                    .build(),
                            intent);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404) {
                throw e;
            }
        }
    }

    private List<VirtualRouterStatus> routers(LvsNodeSpec roles) {
        List<VirtualRouterStatus> routers = new ArrayList<>();
        roles.directorRoles()
                .forEach(role -> role.virtualRouters()
                        .forEach(router -> routers.add(new VirtualRouterStatus(
                                role.fleet(),
                                router.family(),
                                active && router.priority() == 254
                                        ? VirtualRouterState.ACTIVE
                                        : VirtualRouterState.BACKUP,
                                "2026-01-01T00:00:00Z",
                                null,
                                null))));
        routers.sort(Comparator.comparing(VirtualRouterStatus::family));
        return routers;
    }
}
