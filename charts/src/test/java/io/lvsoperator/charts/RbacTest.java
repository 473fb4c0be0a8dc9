package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RbacTest {
    private static final Rendering RENDERING = Rendering.of("{}");

    @Test
    void noRuleHasAWildcard() {
        assertThat(rules())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(Stream.of(
                                        rule.getApiGroups(),
                                        rule.getResources(),
                                        rule.getVerbs(),
                                        rule.getResourceNames())
                                .flatMap(List::stream))
                        .noneMatch(word -> word.contains("*")));
    }

    @Test
    void noRuleRaisesRights() {
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.getResources()).doesNotContain("serviceaccounts/token", "pods/exec", "nodes/proxy");
            assertThat(rule.getApiGroups()).doesNotContain("rbac.authorization.k8s.io");
            assertThat(rule.getVerbs()).doesNotContain("escalate", "bind", "impersonate");
        });
    }

    @Test
    void theAgentsSecretIsTheOnlyOneThatAnyRuleReaches() {
        assertThat(rules())
                .filteredOn(rule -> rule.getResources().contains("secrets"))
                .extracting(PolicyRule::getResources, PolicyRule::getResourceNames, PolicyRule::getVerbs)
                .containsExactlyInAnyOrder(
                        tuple(
                                List.of("secrets"),
                                List.of("lvs-lvs-operator-secrets"),
                                List.of("get", "list", "watch", "create", "patch")),
                        tuple(
                                List.of("secrets"),
                                List.of("lvs-lvs-operator-secrets"),
                                List.of("get", "list", "watch")));
        assertThat(RENDERING.all(ClusterRole.class).flatMap(role -> role.getRules().stream()))
                .allSatisfy(rule -> assertThat(rule.getResources()).doesNotContain("secrets"));
    }

    @Test
    void theOperatorReadsTheSecretsThatItIsTold() {
        Role role =
                Rendering.of("{vrrp: {passwordSecrets: [vrrp-edge, vrrp-dmz]}}").named(Role.class, "lvs-lvs-operator");

        assertThat(role.getRules())
                .filteredOn(rule -> rule.getResources().contains("secrets"))
                .extracting(PolicyRule::getResourceNames, PolicyRule::getVerbs)
                .contains(tuple(List.of("vrrp-edge", "vrrp-dmz"), List.of("get")));
    }

    @Test
    void theAgentReadsItsWorkReportsItsStatusAndNothingElse() {
        ClusterRole role = RENDERING.named(ClusterRole.class, "lvs-system:lvs-lvs-operator-node-agent");

        assertThat(role.getRules())
                .extracting(PolicyRule::getApiGroups, PolicyRule::getResources, PolicyRule::getVerbs)
                .containsExactlyInAnyOrder(
                        tuple(
                                List.of("lvs-operator.io"),
                                List.of("virtualserverslices", "lvsnodes"),
                                List.of("get", "list", "watch")),
                        tuple(List.of("lvs-operator.io"), List.of("lvsnodes/status"), List.of("patch")),
                        tuple(List.of(""), List.of("events"), List.of("create")));
    }

    private static Stream<PolicyRule> rules() {
        return Stream.concat(
                RENDERING.all(ClusterRole.class).flatMap(role -> role.getRules().stream()),
                RENDERING.all(Role.class).flatMap(role -> role.getRules().stream()));
    }
}
