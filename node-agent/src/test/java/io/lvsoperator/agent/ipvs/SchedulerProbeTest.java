package io.lvsoperator.agent.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerProbeTest {
    private static final int FIRST = 0x7e000001;
    private static final int LAST = 0x7e00000f;

    private final SmallKernel kernel = new SmallKernel();
    private final SchedulerProbe probe = new SchedulerProbe(kernel);

    @Test
    void findsWhatTheKernelHasAndLeavesNothingBehind() throws Exception {
        kernel.schedulers.addAll(List.of("rr", "mh"));

        assertThat(probe.supported(EnumSet.allOf(Scheduler.class))).containsExactly(Scheduler.RR, Scheduler.MH);
        assertThat(kernel.services).isEmpty();
    }

    @Test
    void triesOnlyTheCandidates() throws Exception {
        kernel.schedulers.addAll(List.of("rr", "mh"));

        assertThat(probe.supported(Set.of(Scheduler.MH))).containsExactly(Scheduler.MH);
        assertThat(kernel.tried).containsExactly("mh");
    }

    @Test
    void goesAroundMarksThatAreTakenAndLeavesThemAlone() throws Exception {
        kernel.schedulers.add("rr");
        var taken = new VirtualServerKey.FirewallMark(AddressFamily.IPV4, FIRST);
        kernel.services.add(taken);

        assertThat(probe.supported(Set.of(Scheduler.RR))).containsExactly(Scheduler.RR);
        assertThat(kernel.services).containsExactly(taken);
    }

    @Test
    void saysThatEveryMarkIsTaken() {
        for (var mark = FIRST; mark <= LAST; mark++) {
            kernel.services.add(new VirtualServerKey.FirewallMark(AddressFamily.IPV4, mark));
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> probe.supported(Set.of(Scheduler.RR)))
                .withMessageContaining("2113929217 to 2113929231");
    }

    @Test
    void doesNotMistakeAnotherErrorForAMissingScheduler() {
        kernel.refusal = Errno.ENOMEM;

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> probe.supported(Set.of(Scheduler.RR)))
                .matches(e -> e.is(Errno.ENOMEM));
    }

    @Test
    void knowsItsOwnMarks() {
        assertThat(SchedulerProbe.isProbe(new VirtualServerKey.FirewallMark(AddressFamily.IPV4, FIRST)))
                .isTrue();
        assertThat(SchedulerProbe.isProbe(new VirtualServerKey.FirewallMark(AddressFamily.IPV4, LAST)))
                .isTrue();
        assertThat(SchedulerProbe.isProbe(new VirtualServerKey.FirewallMark(AddressFamily.IPV4, LAST + 1)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x4000, 0x8000})
    void keepsClearOfTheBitsOfKubeProxy(int bit) {
        assertThat(IntStream.rangeClosed(FIRST, LAST)).allMatch(mark -> (mark & bit) == 0);
    }

    private static final class SmallKernel implements Ipvs {
        private final Set<String> schedulers = new HashSet<>();
        private final Set<VirtualServerKey> services = new HashSet<>();
        private final Set<String> tried = new HashSet<>();
        private Errno refusal = Errno.ENOENT;

        @Override
        public void execute(IpvsCommand command) throws NetlinkException {
            switch (command) {
                case IpvsCommand.AddService(var server) -> add(server);
                case IpvsCommand.DeleteService(var key) -> services.remove(key);
                default -> throw new AssertionError(command);
            }
        }

        private void add(VirtualServer server) throws RefusedException {
            tried.add(server.config().scheduler());
            if (services.contains(server.key())) {
                throw new RefusedException(new NetlinkError("add", Errno.EEXIST.number(), ""));
            }
            if (!schedulers.contains(server.config().scheduler())) {
                throw new RefusedException(new NetlinkError("add", refusal.number(), ""));
            }
            services.add(server.key());
        }

        @Override
        public IpvsInfo info() {
            throw new AssertionError();
        }

        @Override
        public IpvsTable table() {
            throw new AssertionError();
        }

        @Override
        public Optional<ObservedServer> server(VirtualServerKey key) {
            throw new AssertionError();
        }

        @Override
        public List<CommandResult> execute(List<? extends IpvsCommand> commands) {
            throw new AssertionError();
        }
    }
}
