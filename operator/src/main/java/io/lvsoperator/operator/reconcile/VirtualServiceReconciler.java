package io.lvsoperator.operator.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.BaseControl;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.api.v1alpha1.VirtualServiceStatus;
import io.lvsoperator.operator.address.AddressBook;
import io.lvsoperator.operator.address.ServiceKey;
import io.lvsoperator.operator.reconcile.ServiceAssessor.Assessment;
import io.lvsoperator.operator.rollout.AgentView;
import io.lvsoperator.operator.rollout.SliceProgress;
import io.lvsoperator.operator.rollout.Target;
import io.lvsoperator.operator.status.ActiveDirectors;
import io.lvsoperator.operator.status.Conditions;
import io.lvsoperator.operator.status.ServiceObservation;
import io.lvsoperator.operator.status.ServiceStatus;
import io.lvsoperator.operator.status.SilentRealServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the slice of a service to what the service asks for, one step at a time, and says how far it is. */
final class VirtualServiceReconciler implements Reconciler<VirtualService>, Cleaner<VirtualService> {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualServiceReconciler.class);

    /** A refusal in favour of a service that has no slice yet is looked at again: it may never get one. */
    private static final Duration RECHECK = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Services services;
    private final Triggers triggers;
    private final Unsettled unsettled;
    private final AddressBook book;
    private final ServiceAssessor assessor;
    private final SliceWriter slices;
    private final StatusWriter<VirtualServiceStatus, VirtualService> status;
    private final Announcements announcements;
    private final Conditions conditions;
    private final Clock clock;

    VirtualServiceReconciler(Parts parts) {
        this.cluster = parts.cluster();
        this.services = parts.services();
        this.triggers = parts.triggers();
        this.unsettled = parts.unsettled();
        this.book = new AddressBook();
        this.assessor = new ServiceAssessor(cluster, services, book);
        this.slices = new SliceWriter(
                parts.client(), cluster, parts.clock(), parts.config().nodeLossTimeout());
        this.status = new StatusWriter<>(parts.client(), parts.clock(), VirtualService::new);
        this.announcements = parts.announcements();
        this.conditions = new Conditions(parts.clock());
        this.clock = parts.clock();
    }

    @Override
    public List<EventSource<?, VirtualService>> prepareEventSources(EventSourceContext<VirtualService> context) {
        services.use(context.getPrimaryCache());
        return List.of(triggers.serviceEvents());
    }

    @Override
    public UpdateControl<VirtualService> reconcile(VirtualService service, Context<VirtualService> context) {
        services.fill();
        ServiceKey key = Services.key(service);
        unsettled.add(key, service.getSpec().fleetRef().name());
        Assessment assessment = assessor.assess(service);
        SliceWriter.Outcome outcome = slices.advance(service, assessment.target());
        Pause pause = report(service, assessment, outcome, false);
        if (assessment.provisional()) {
            pause.atMost(RECHECK);
        }
        if (isSettled(outcome)) {
            unsettled.remove(key);
        }
        return after(UpdateControl.noUpdate(), pause);
    }

    @Override
    public DeleteControl cleanup(VirtualService service, Context<VirtualService> context) {
        services.fill();
        ServiceKey key = Services.key(service);
        unsettled.add(key, service.getSpec().fleetRef().name());
        book.release(key);
        SliceWriter.Outcome outcome = slices.advance(service, new Target.Withdraw());
        if (outcome.isGone()) {
            unsettled.remove(key);
            status.forget(service);
            LOG.info("VirtualService {} is withdrawn from all nodes", key);
            return DeleteControl.defaultDelete();
        }
        Assessment none = new Assessment(null, null, new Target.Withdraw(), false);
        return after(DeleteControl.noFinalizerRemoval(), report(service, none, outcome, true));
    }

    private Pause report(VirtualService service, Assessment assessment, SliceWriter.Outcome outcome, boolean deleting) {
        String fleet = service.getSpec().fleetRef().name();
        List<AgentView> agents = cluster.agents(fleet);
        SliceProgress progress = outcome.progress();
        @Nullable VirtualServiceStatus previous = status.latest(service);
        VirtualServiceStatus next = ServiceStatus.following(
                previous,
                new ServiceObservation(
                        service.getSpec(),
                        service.getMetadata().getGeneration(),
                        deleting,
                        assessment.refusal(),
                        assessment.compiled(),
                        outcome.spec(),
                        progress,
                        ActiveDirectors.of(agents, fleet),
                        SilentRealServer.of(agents, fleet, Services.key(service))),
                conditions);
        Pause pause = new Pause().until(progress == null ? null : progress.deadline(), clock);
        if (next.equals(previous)) {
            return pause;
        }
        return status.write(service, next).map(pause::atMost).orElseGet(() -> {
            announcements.announce(
                    service,
                    previous == null ? null : previous.conditions(),
                    next.conditions() == null ? List.of() : next.conditions());
            return pause;
        });
    }

    /** Whether no report of any node can move the service on. */
    private static boolean isSettled(SliceWriter.Outcome outcome) {
        VirtualServerSliceSpec slice = outcome.spec();
        SliceProgress progress = outcome.progress();
        if (slice == null || progress == null) {
            return true;
        }
        return slice.addresses().stream().allMatch(a -> a.phase() == Phase.SERVING)
                && slice.realServers().stream().allMatch(r -> r.phase() == Phase.SERVING)
                && !slice.addresses().isEmpty()
                && progress.nodes().stream()
                        .allMatch(n -> n.isApplied() && n.agent().hasObservedRoles());
    }

    private static <C extends BaseControl<C>> C after(C control, Pause pause) {
        return pause.duration().map(control::rescheduleAfter).orElse(control);
    }
}
