package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.Phase;
import io.lvsoperator.api.v1alpha1.Protocol;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SliceAddress;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec.SlicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectorNeedsTest {
    private static final List<AddressFamily> BOTH = List.of(AddressFamily.IPV4, AddressFamily.IPV6);

    @Test
    void aKernelThatHasAllLacksNothing() {
        assertThat(needs(slice(SchedulerName.MH, "192.0.2.1", "2001:db8::1")).lackedBy(kernel(BOTH, SchedulerName.MH)))
                .isEmpty();
    }

    @Test
    void aSchedulerThatServicesUseIsNamedWithItsModule() {
        assertThat(needs(slice(SchedulerName.RR, "192.0.2.1"), slice(SchedulerName.MH, "192.0.2.2"))
                        .lackedBy(kernel(BOTH, SchedulerName.RR)))
                .hasValueSatisfying(lack -> {
                    assertThat(lack.reason()).isEqualTo(Refusal.Reason.SCHEDULER_NOT_AVAILABLE);
                    assertThat(lack.message()).contains("no scheduler 'mh'").contains("ip_vs_mh");
                });
    }

    @Test
    void aFamilyThatServicesHaveAddressesOfIsNamed() {
        assertThat(needs(slice(SchedulerName.RR, "2001:db8::1"))
                        .lackedBy(kernel(List.of(AddressFamily.IPV4), SchedulerName.RR)))
                .hasValueSatisfying(lack -> {
                    assertThat(lack.reason()).isEqualTo(Refusal.Reason.ADDRESS_FAMILY_NOT_AVAILABLE);
                    assertThat(lack.message()).contains("does not balance IPv6");
                });
    }

    @Test
    void aWithdrawnServiceNeedsNothing() {
        assertThat(needs(slice(SchedulerName.MH)).lackedBy(kernel(BOTH))).isEmpty();
    }

    @Test
    void anAgentThatDoesNotTellTheFamiliesIsTakenToHaveBoth() {
        assertThat(needs(slice(SchedulerName.RR, "2001:db8::1")).lackedBy(kernel(null, SchedulerName.RR)))
                .isEmpty();
    }

    @Test
    void aNewServiceOfAFamilyThatADirectorLacksIsRefusedNamingTheDirector() {
        assertThat(refusal(null)).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.ADDRESS_FAMILY_NOT_AVAILABLE);
            assertThat(refusal.message()).contains("director 'd2' does not balance IPv6");
        });
    }

    @Test
    void aRunningServiceOfThatFamilyIsNot() {
        assertThat(refusal(slice(SchedulerName.WLC, "2001:db8::100"))).isEmpty();
    }

    private static Optional<Refusal> refusal(@Nullable VirtualServerSliceSpec served) {
        FleetView fleet = Given.fleet("edge", 0, 51);
        var service = Given.service(List.of("2001:db8::100"), Given.address("2001:db8::5", 1));
        return Acceptance.refusal(new Acceptance.Case(
                "shop",
                service,
                fleet,
                Map.of(),
                List.of(),
                ServiceCompiler.compile(service, fleet, List.of()),
                Map.of(
                        "d1", kernel(BOTH, SchedulerName.values()),
                        "d2", kernel(List.of(AddressFamily.IPV4), SchedulerName.values())),
                served));
    }

    private static DirectorNeeds needs(VirtualServerSliceSpec... slices) {
        return DirectorNeeds.of(List.of(slices));
    }

    private static Capabilities kernel(@Nullable List<AddressFamily> families, SchedulerName... schedulers) {
        return new Capabilities("1.2.1", List.of(schedulers), "6.1.0", families, List.of());
    }

    private static VirtualServerSliceSpec slice(SchedulerName scheduler, String... vips) {
        return new VirtualServerSliceSpec(
                "edge",
                1L,
                Stream.of(vips).map(vip -> new SliceAddress(vip, Phase.SERVING)).toList(),
                List.of(new SlicePort(Protocol.TCP, 80, 80)),
                null,
                scheduler,
                List.of(),
                false,
                null,
                List.of(),
                null);
    }
}
