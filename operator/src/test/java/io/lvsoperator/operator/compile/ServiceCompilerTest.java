package io.lvsoperator.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.Api;
import io.lvsoperator.api.v1alpha1.DirectorFleetSpec.AllowedNamespaces;
import io.lvsoperator.api.v1alpha1.ForwardingMethod;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.NamespacesFrom;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.ConnectionLimits;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerForwarding;
import io.lvsoperator.api.v1alpha1.VirtualServiceSpec.RealServerSource;
import io.lvsoperator.operator.compile.CompiledService.Unresolved;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceCompilerTest {
    private static final FleetView EDGE = Given.fleet("edge", 0, 51);
    private static final String VIP = "192.0.2.100";
    private static final String VIP6 = "2001:db8::100";
    private static final Capabilities ALL =
            new Capabilities("1.2.1", List.of(SchedulerName.values()), null, null, null);

    @Test
    void takesTheNodesThatTheFleetAndTheSourceBothChoose() {
        // Given
        NodeView admitted = Given.node("a", 0, Map.of(Given.REAL_SERVER, "edge", "app", "web"), "10.0.0.1");
        NodeView notAdmitted = Given.node("b", 0, Map.of("app", "web"), "10.0.0.2");
        NodeView notSelected = Given.node("c", 0, Map.of(Given.REAL_SERVER, "edge"), "10.0.0.3");
        NodeView director =
                Given.node("d", 0, Map.of(Given.REAL_SERVER, "edge", "app", "web", Given.DIRECTOR, "edge"), "10.0.0.4");

        // When
        CompiledService compiled = compile(
                Given.service(List.of(VIP), Given.nodes("app", "web", 3)),
                admitted,
                notAdmitted,
                notSelected,
                director);

        // Then
        assertThat(compiled.realServers()).extracting(r -> r.node()).containsExactly("a");
        assertThat(compiled.realServers()).extracting(r -> r.weight()).containsExactly(3);
    }

    @Test
    void takesOneAddressOfEachFamilyOfTheVips() {
        // Given
        NodeView node = Given.realServer("a", "10.0.0.1", "10.0.0.2", "2001:db8::1");

        // When
        CompiledService both =
                compile(Given.service(List.of(VIP, VIP6), Given.nodes(Given.REAL_SERVER, "edge", 1)), node);
        CompiledService v4 = compile(Given.service(List.of(VIP), Given.nodes(Given.REAL_SERVER, "edge", 1)), node);

        // Then
        assertThat(both.realServers()).extracting(r -> r.address().text()).containsExactly("10.0.0.1", "2001:db8::1");
        assertThat(v4.realServers()).extracting(r -> r.address().text()).containsExactly("10.0.0.1");
    }

    @Test
    void namesTheNodeThatHasNoAddressOfAFamily() {
        // When
        CompiledService compiled = compile(
                Given.service(List.of(VIP, VIP6), Given.nodes(Given.REAL_SERVER, "edge", 1)),
                Given.realServer("a", "10.0.0.1"));

        // Then
        assertThat(compiled.unresolved()).containsExactly(new Unresolved.NoNodeAddress("a", AddressFamily.IPV6));
        assertThat(compiled.realServers()).hasSize(1);
    }

    @Test
    void namesTheSelectorThatMatchesNothing() {
        // When
        CompiledService compiled = compile(Given.service(List.of(VIP), Given.nodes("rack", "9", 1)));

        // Then
        assertThat(compiled.unresolved()).containsExactly(new Unresolved.NoNodesMatch(0, "rack=9"));
    }

    @Test
    void letsTheFirstOfTwoSourcesWinThatGiveOneAddress() {
        // When
        CompiledService compiled = compile(
                Given.service(List.of(VIP), Given.nodes(Given.REAL_SERVER, "edge", 5), Given.address("10.0.0.1", 9)),
                Given.realServer("a", "10.0.0.1"));

        // Then
        assertThat(compiled.realServers())
                .containsExactly(new CompiledService.RealServer(
                        compiled.realServers().getFirst().address(), "a", 5, null, ForwardingMethod.DR));
    }

    @Test
    void givesARealServerItsOwnLimitsAndForwardingAndTheOthersThoseOfTheService() {
        // Given
        ConnectionLimits limits = new ConnectionLimits(500, 400);
        RealServerSource own =
                new RealServerSource("10.0.0.9", null, 1, limits, new RealServerForwarding(ForwardingMethod.NAT));

        // When
        CompiledService compiled = compile(Given.service(List.of(VIP), own, Given.address("10.0.0.8", 1)));

        // Then
        assertThat(compiled.realServers())
                .extracting(r -> r.forwarding(), r -> r.connectionLimits())
                .containsExactly(tuple(ForwardingMethod.DR, null), tuple(ForwardingMethod.NAT, limits));
    }

    @Test
    void acceptsAThousandRealServersAndNotOneMore() {
        // Given
        NodeView[] nodes = IntStream.rangeClosed(0, Api.MAX_REAL_SERVERS)
                .mapToObj(i -> Given.realServer("r" + i, "10.1." + i / 250 + "." + i % 250))
                .toArray(NodeView[]::new);
        VirtualServiceSpec service = Given.service(List.of(VIP), Given.nodes(Given.REAL_SERVER, "edge", 1));

        // When
        Optional<Refusal> refusal = Acceptance.refusal(of(service, EDGE, compile(service, nodes), Map.of()));

        // Then
        assertThat(refusal).hasValueSatisfying(r -> {
            assertThat(r.reason()).isEqualTo(Refusal.Reason.TOO_MANY_REAL_SERVERS);
            assertThat(r.message()).contains("gives 4097 real servers").contains("can have 4096");
        });
    }

    @Test
    void namesEveryDirectorThatLacksTheScheduler() {
        // Given
        VirtualServiceSpec service = Given.service(List.of(VIP), Given.address("203.0.113.5", 1));
        Capabilities few = new Capabilities("1.2.1", List.of(SchedulerName.RR), null, null, null);

        // When
        Optional<Refusal> refusal =
                Acceptance.refusal(of(service, EDGE, compile(service), Map.of("d1", few, "d2", ALL, "d3", few)));

        // Then
        assertThat(refusal).hasValueSatisfying(r -> {
            assertThat(r.reason()).isEqualTo(Refusal.Reason.SCHEDULER_NOT_AVAILABLE);
            assertThat(r.message()).contains("'d1', 'd3' has no scheduler 'wlc'");
        });
    }

    @Test
    void takesOnlyNamespacesThatTheFleetAllows() {
        // Given
        FleetView strict = Given.fleet(
                "edge", 0, 51, false, new AllowedNamespaces(NamespacesFrom.SELECTOR, Given.having("team", "bank")));
        VirtualServiceSpec service = Given.service(List.of(VIP), Given.address("203.0.113.5", 1));

        // When
        Optional<Refusal> refusal = Acceptance.refusal(of(service, strict, compile(service), Map.of()));

        // Then
        assertThat(refusal).hasValueSatisfying(r -> {
            assertThat(r.reason()).isEqualTo(Refusal.Reason.NAMESPACE_NOT_ALLOWED);
            assertThat(r.message()).contains("'team=bank'").contains("namespace 'shop'");
        });
    }

    @Test
    void refusesWhatHasNoFleet() {
        // Given
        VirtualServiceSpec service = Given.service(List.of(VIP), Given.address("203.0.113.5", 1));

        // When
        Optional<Refusal> refusal = Acceptance.refusal(of(service, null, null, Map.of()));

        // Then
        assertThat(refusal)
                .hasValueSatisfying(r -> assertThat(r.message()).contains("there is no DirectorFleet 'edge'"));
    }

    private static CompiledService compile(VirtualServiceSpec service, NodeView... nodes) {
        return ServiceCompiler.compile(service, EDGE, List.of(nodes));
    }

    private static Acceptance.Case of(
            VirtualServiceSpec service,
            @Nullable FleetView fleet,
            @Nullable CompiledService compiled,
            Map<String, Capabilities> capabilities) {
        return new Acceptance.Case(
                "shop", service, fleet, Map.of("team", "shop"), List.of(), compiled, capabilities, null);
    }
}
