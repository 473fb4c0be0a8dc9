package io.lvsoperator.agent.apply;

import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.desired.SliceName;
import io.lvsoperator.agent.ipvs.CommandResult;
import io.lvsoperator.agent.ipvs.Ipvs;
import io.lvsoperator.agent.ipvs.IpvsCommand;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.ipvs.VirtualServerConfig;
import io.lvsoperator.agent.link.Links;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import io.lvsoperator.agent.plan.Step;
import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.agent.settings.KernelSettings;
import io.lvsoperator.agent.settings.SettingRefusedException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the steps of a plan in their order, and goes on after one that the kernel refuses. */
final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    /** Steps that are told one by one. */
    private static final int IN_WORDS = 5;

    private final Ipvs ipvs;
    private final Links links;
    private final KernelSettings settings;
    private final String nodeName;

    Applier(Ipvs ipvs, Links links, KernelSettings settings, String nodeName) {
        this.ipvs = ipvs;
        this.links = links;
        this.settings = settings;
        this.nodeName = nodeName;
    }

    /**
     * Executes them.
     *
     * @throws NetlinkException when it is unknown what was done: the kernel has to be read again
     */
    Applied apply(List<Step> steps) throws NetlinkException, IpvsUnavailableException {
        Run run = new Run();
        List<Step.ChangeIpvs> batch = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.ChangeIpvs change) {
                batch.add(change);
            } else {
                run.execute(batch);
                batch.clear();
                run.execute(step);
            }
        }
        run.execute(batch);
        return run.outcome();
    }

    private final class Run {
        private final Map<Applied.Change, Integer> done = new HashMap<>();
        private final List<String> first = new ArrayList<>();
        private final Map<SliceName, Problem> sliceProblems = new TreeMap<>();
        private final Map<String, Problem> fleetProblems = new TreeMap<>();
        private final Map<KernelSetting, Problem> settingProblems = new EnumMap<>(KernelSetting.class);
        private boolean overtaken;
        private boolean complete = true;
        private boolean cleanedUp = true;

        private void execute(List<Step.ChangeIpvs> batch) throws NetlinkException, IpvsUnavailableException {
            if (batch.isEmpty()) {
                return;
            }
            List<IpvsCommand> commands = new ArrayList<>(batch.size());
            for (Step.ChangeIpvs step : batch) {
                commands.add(step.command());
            }
            List<CommandResult> results = ipvs.execute(commands);
            for (int i = 0; i < results.size(); i++) {
                note(batch.get(i), results.get(i).error());
            }
        }

        private void note(Step.ChangeIpvs step, Optional<NetlinkError> error) {
            if (error.isEmpty()) {
                LOG.debug("done: {}", step.command());
                count(kindOf(step.command()), step.command());
                return;
            }
            complete = false;
            if (isOvertaken(step.command(), error.get())) {
                overtaken = true;
                return;
            }
            LOG.warn("refused: {}", error.get());
            Problem problem = problemOf(step.command(), error.get());
            step.origin().ifPresentOrElse(slice -> sliceProblems.putIfAbsent(slice, problem), () -> cleanedUp = false);
        }

        private void execute(Step step) throws NetlinkException {
            try {
                switch (step) {
                    case Step.ConfigureDevice device -> {
                        links.set(device.interfaceIndex(), device.settings());
                        count(
                                new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.DEVICE_SETTING),
                                "set " + device.settings() + " on " + device.interfaceName());
                    }
                    case Step.HoldVip hold -> {
                        links.add(hold.address());
                        count(
                                new Applied.Change(Applied.Operation.ADD, Applied.ObjectKind.LOOPBACK_VIP),
                                "add " + hold.address().address() + " to the loopback");
                    }
                    case Step.ReleaseVip release -> {
                        links.delete(
                                release.interfaceIndex(),
                                release.vip(),
                                release.vip().family().addressBits());
                        count(
                                new Applied.Change(Applied.Operation.DELETE, Applied.ObjectKind.LOOPBACK_VIP),
                                "delete " + release.vip() + " from the loopback");
                    }
                    case Step.SetKernel change -> {
                        settings.write(change.setting(), change.value());
                        count(
                                new Applied.Change(Applied.Operation.SET, Applied.ObjectKind.KERNEL_SETTING),
                                "set " + change.setting().text() + " to " + change.value());
                    }
                    case Step.ChangeIpvs ignored -> throw new IllegalArgumentException("batched elsewhere: " + step);
                }
                LOG.debug("done: {}", step);
            } catch (RefusedException refused) {
                note(step, refused.error());
            } catch (SettingRefusedException refused) {
                note(step, refused);
            }
        }

        /** Keeps nothing else from being done, and is tried again in the next pass. */
        private void note(Step step, SettingRefusedException refused) {
            LOG.debug("refused: {}: {}", step, refused.getMessage());
            if (step instanceof Step.SetKernel change) {
                settingProblems.put(change.setting(), refusal(change, refused));
            }
        }

        private void note(Step step, NetlinkError error) {
            complete = false;
            if (error.is(Errno.EEXIST) || error.is(Errno.EADDRNOTAVAIL) || error.is(Errno.ENODEV)) {
                overtaken = true;
                return;
            }
            LOG.warn("refused: {}", error);
            fleetOf(step)
                    .ifPresentOrElse(
                            fleet -> fleetProblems.putIfAbsent(fleet, refusal(error)), () -> cleanedUp = false);
        }

        private void count(Applied.Change change, Object words) {
            done.merge(change, 1, Integer::sum);
            if (first.size() < IN_WORDS) {
                first.add(words.toString());
            }
        }

        private Applied outcome() {
            return new Applied(
                    done,
                    first,
                    sliceProblems,
                    fleetProblems,
                    settingProblems,
                    overtaken,
                    complete,
                    cleanedUp && !overtaken);
        }
    }

    private static Optional<String> fleetOf(Step step) {
        return switch (step) {
            case Step.ConfigureDevice device -> device.fleet();
            case Step.HoldVip hold -> Optional.of(hold.fleet());
            case Step.SetKernel change -> change.fleet();
            case Step.ReleaseVip ignored -> Optional.empty();
            case Step.ChangeIpvs ignored -> Optional.empty();
        };
    }

    private static Applied.Change kindOf(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.AddService ignored -> service(Applied.Operation.ADD);
            case IpvsCommand.SetService ignored -> service(Applied.Operation.SET);
            case IpvsCommand.DeleteService ignored -> service(Applied.Operation.DELETE);
            case IpvsCommand.AddDestination ignored -> destination(Applied.Operation.ADD);
            case IpvsCommand.SetDestination ignored -> destination(Applied.Operation.SET);
            case IpvsCommand.DeleteDestination ignored -> destination(Applied.Operation.DELETE);
        };
    }

    private static Applied.Change service(Applied.Operation operation) {
        return new Applied.Change(operation, Applied.ObjectKind.SERVICE);
    }

    private static Applied.Change destination(Applied.Operation operation) {
        return new Applied.Change(operation, Applied.ObjectKind.DESTINATION);
    }

    /** The object came or went between looking and doing; the next look tells what is left to do. */
    private static boolean isOvertaken(IpvsCommand command, NetlinkError error) {
        return switch (command) {
            case IpvsCommand.AddService ignored -> error.is(Errno.EEXIST);
            case IpvsCommand.SetService ignored -> error.is(Errno.ESRCH);
            case IpvsCommand.DeleteService ignored -> error.is(Errno.ESRCH);
            case IpvsCommand.AddDestination ignored -> error.is(Errno.EEXIST) || error.is(Errno.ESRCH);
            case IpvsCommand.SetDestination ignored -> error.is(Errno.ENOENT) || error.is(Errno.ESRCH);
            case IpvsCommand.DeleteDestination ignored -> error.is(Errno.ENOENT) || error.is(Errno.ESRCH);
        };
    }

    private Problem problemOf(IpvsCommand command, NetlinkError error) {
        boolean noSuchModule = error.is(Errno.ENOENT);
        return switch (command) {
            case IpvsCommand.AddService(var server) when noSuchModule -> moduleMissing(server.config());
            case IpvsCommand.SetService(var server) when noSuchModule -> moduleMissing(server.config());
            default -> refusal(error);
        };
    }

    /** The kernel does not say which of the two it lacks. */
    private Problem moduleMissing(VirtualServerConfig config) {
        String scheduler = config.scheduler();
        return config.persistenceEngine()
                .map(engine -> new Problem(
                        Problem.Reason.SCHEDULER_NOT_AVAILABLE,
                        "the kernel of node %s lacks scheduler %s or persistence engine %s: install the modules ip_vs_%s and ip_vs_pe_%s, or choose another spec.scheduler.name or spec.persistence.engine"
                                .formatted(nodeName, scheduler, engine, scheduler, engine)))
                .orElseGet(() -> new Problem(
                        Problem.Reason.SCHEDULER_NOT_AVAILABLE,
                        "the kernel of node %s has no scheduler %s: install its module ip_vs_%s, or choose another spec.scheduler.name"
                                .formatted(nodeName, scheduler, scheduler)));
    }

    private Problem refusal(Step.SetKernel change, SettingRefusedException refused) {
        String who = change.fleet().map(fleet -> "fleet " + fleet + " asks for").orElse("it was before");
        return new Problem(
                Problem.Reason.KERNEL_SETTING_NOT_APPLIED,
                "%s on node %s could not be set to %d, which %s (%s)"
                        .formatted(change.setting().text(), nodeName, change.value(), who, refused.getMessage()));
    }

    private Problem refusal(NetlinkError error) {
        return error.is(Errno.EPERM)
                ? new Problem(
                        Problem.Reason.NO_PERMISSION,
                        "the agent on node %s may not change the kernel (%s): give its container the capability NET_ADMIN"
                                .formatted(nodeName, error))
                : new Problem(
                        Problem.Reason.KERNEL_REFUSED, "the kernel of node %s refused: %s".formatted(nodeName, error));
    }
}
