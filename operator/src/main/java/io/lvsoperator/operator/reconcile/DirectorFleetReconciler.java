package io.lvsoperator.operator.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.BaseControl;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.DirectorFleet;
import io.lvsoperator.api.v1alpha1.DirectorFleetStatus;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.compile.DirectorNeeds;
import io.lvsoperator.operator.compile.FleetPassword;
import io.lvsoperator.operator.compile.FleetRoles;
import io.lvsoperator.operator.compile.Roles;
import io.lvsoperator.operator.rollout.AgentView;
import io.lvsoperator.operator.rollout.ResourceVersion;
import io.lvsoperator.operator.status.ActiveDirectors;
import io.lvsoperator.operator.status.Conditions;
import io.lvsoperator.operator.status.FleetObservation;
import io.lvsoperator.operator.status.FleetStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the roles of the nodes to what the fleets ask for, and says how a fleet is. */
final class DirectorFleetReconciler implements Reconciler<DirectorFleet>, Cleaner<DirectorFleet> {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorFleetReconciler.class);
    private static final FleetRoles NO_ROLES =
            new FleetRoles(new TreeSet<>(), List.of(), new TreeSet<>(), new TreeSet<>(), List.of(), null);

    private final Cluster cluster;
    private final Triggers triggers;
    private final NodeRolesWriter nodeRoles;
    private final DaemonSetWriter daemonSet;
    private final FleetPasswords passwords;
    private final FleetSecretsWriter secrets;
    private final StatusWriter<DirectorFleetStatus, DirectorFleet> status;
    private final Announcements announcements;
    private final Conditions conditions;
    private final Clock clock;

    DirectorFleetReconciler(Parts parts) {
        this.cluster = parts.cluster();
        this.triggers = parts.triggers();
        this.nodeRoles = new NodeRolesWriter(parts.client(), cluster, parts.clock(), parts.config());
        this.daemonSet = new DaemonSetWriter(parts.client(), cluster, parts.config());
        this.passwords = new FleetPasswords(parts.client(), parts.config(), parts.clock());
        this.secrets = new FleetSecretsWriter(parts.client(), cluster, parts.config(), passwords);
        this.status = new StatusWriter<>(parts.client(), parts.clock(), DirectorFleet::new);
        this.announcements = parts.announcements();
        this.conditions = new Conditions(parts.clock());
        this.clock = parts.clock();
    }

    @Override
    public List<EventSource<?, DirectorFleet>> prepareEventSources(EventSourceContext<DirectorFleet> context) {
        return List.of(triggers.fleetEvents());
    }

    @Override
    public UpdateControl<DirectorFleet> reconcile(DirectorFleet fleet, Context<DirectorFleet> context) {
        @Nullable AgentsNotDeployedException notDeployed = deployAgents();
        Roles roles = nodeRoles.write();
        Optional<String> notWritten = secrets.ensure(roles.byFleet(), Optional.empty());
        Pause pause = untilGivenUp(cluster.agents(fleet.getMetadata().getName()));
        if (FleetPassword.reference(fleet.getSpec()).isPresent()) {
            pause.atMost(FleetPasswords.FRESH);
        }
        pause = report(fleet, roles, notDeployed, notWritten, List.of(), pause);
        if (notDeployed != null) {
            throw notDeployed; // counted, and tried again
        }
        if (notWritten.isPresent()) {
            throw new FleetSecretsNotWrittenException(notWritten.get());
        }
        return after(UpdateControl.noUpdate(), pause);
    }

    /** Agents that run already go on with the roles that they are given, so what keeps us from writing is only told. */
    private @Nullable AgentsNotDeployedException deployAgents() {
        try {
            daemonSet.ensure();
            return null;
        } catch (AgentsNotDeployedException e) {
            return e;
        }
    }

    @Override
    public DeleteControl cleanup(DirectorFleet fleet, Context<DirectorFleet> context) {
        String name = fleet.getMetadata().getName();
        // Looked at before the roles are written: a node that gets clean in between still needs a next pass to be
        // forgotten.
        List<AgentView> unclean = cluster.agents(name).stream()
                .filter(agent -> !nodeRoles.isGivenUp(agent))
                .toList();
        Roles roles = nodeRoles.write();
        List<String> awaited = awaited(name, unclean);
        if (awaited.isEmpty()) {
            Optional<String> notWritten = secrets.ensure(roles.byFleet(), Optional.of(name));
            if (notWritten.isPresent()) {
                throw new FleetSecretsNotWrittenException(notWritten.get());
            }
            status.forget(fleet);
            LOG.info("DirectorFleet {} has left all nodes", name);
            return DeleteControl.defaultDelete();
        }
        return after(
                DeleteControl.noFinalizerRemoval(),
                report(fleet, roles, null, Optional.empty(), awaited, untilGivenUp(unclean)));
    }

    /** What a fleet that is being deleted waits for: its services first, then its nodes. */
    private List<String> awaited(String fleet, List<AgentView> unclean) {
        List<String> awaited = new ArrayList<>();
        List<VirtualServerSlice> slices = cluster.slices.byIndex(Cluster.BY_FLEET, fleet);
        if (slices.isEmpty()) {
            unclean.forEach(agent -> awaited.add("node '" + agent.node() + "' to be clean"));
        }
        slices.forEach(slice -> awaited.add("VirtualService "
                + slice.getMetadata().getNamespace() + "/" + slice.getMetadata().getName() + " to be withdrawn"));
        return awaited;
    }

    private Pause untilGivenUp(List<AgentView> agents) {
        Pause pause = new Pause();
        agents.stream()
                .filter(agent -> !nodeRoles.isGivenUp(agent))
                .flatMap(agent -> nodeRoles.givenUpAt(agent).stream())
                .forEach(deadline -> pause.until(deadline, clock));
        return pause;
    }

    private Pause report(
            DirectorFleet fleet,
            Roles roles,
            @Nullable AgentsNotDeployedException notDeployed,
            Optional<String> secretsNotWritten,
            List<String> awaited,
            Pause pause) {
        String name = fleet.getMetadata().getName();
        List<AgentView> agents = cluster.agents(name);
        @Nullable DirectorFleetStatus previous = status.latest(fleet);
        DirectorFleetStatus next = FleetStatus.following(
                previous,
                new FleetObservation(
                        name,
                        fleet.getMetadata().getGeneration(),
                        fleet.getMetadata().getDeletionTimestamp() != null,
                        roles.byFleet().getOrDefault(name, NO_ROLES),
                        agents.stream().filter(agent -> agent.directs(name)).toList(),
                        servedFamilies(name),
                        DirectorNeeds.of(cluster.slices.byIndex(Cluster.BY_FLEET, name).stream()
                                .map(VirtualServerSlice::getSpec)
                                .toList()),
                        ActiveDirectors.of(agents, name),
                        Optional.ofNullable(notDeployed).map(AgentsNotDeployedException::reason),
                        secretsNotWritten,
                        passwordNotFound(fleet),
                        newestSlice(name),
                        awaited),
                conditions);
        if (next.equals(previous)) {
            return pause;
        }
        return status.write(fleet, next).map(pause::atMost).orElseGet(() -> {
            announcements.announce(
                    fleet,
                    previous == null ? null : previous.conditions(),
                    next.conditions() == null ? List.of() : next.conditions());
            return pause;
        });
    }

    private Optional<String> passwordNotFound(DirectorFleet fleet) {
        return FleetPassword.reference(fleet.getSpec()).map(passwords::get).flatMap(password -> switch (password) {
            case FleetPassword.Found ignored -> Optional.empty();
            case FleetPassword.NotFound(String why) -> Optional.of(why);
        });
    }

    private Set<AddressFamily> servedFamilies(String fleet) {
        return cluster.slices.byIndex(Cluster.BY_FLEET, fleet).stream()
                .flatMap(slice -> slice.getSpec().addresses().stream())
                .filter(address -> address.phase() == Phase.SERVING)
                .map(address -> IpAddress.of(address.value()).family())
                .collect(Collectors.toSet());
    }

    private Optional<String> newestSlice(String fleet) {
        return cluster.slices.byIndex(Cluster.BY_FLEET, fleet).stream()
                .map(slice -> slice.getMetadata().getResourceVersion())
                .max(ResourceVersion::compare);
    }

    private static <C extends BaseControl<C>> C after(C control, Pause pause) {
        return pause.duration().map(control::rescheduleAfter).orElse(control);
    }
}
