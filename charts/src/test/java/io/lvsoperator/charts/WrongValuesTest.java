package io.lvsoperator.charts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong values are refused before anything is rendered, with a message that names them. */
class WrongValuesTest {
    static Stream<Arguments> outsideTheSchema() {
        return Stream.of(
                arguments("replica: 2", "'replica' not allowed"),
                arguments("replicas: 0", "'/replicas': minimum: got 0, want 1"),
                arguments("replicas: two", "'/replicas': got string, want integer"),
                arguments("image: {repo: x}", "'/image': additional properties 'repo' not allowed"),
                arguments("image: {digest: abc}", "'/image/digest': 'abc' does not match pattern"),
                arguments("image: {pullPolicy: Sometimes}", "'/image/pullPolicy': value must be one of"),
                arguments("agent: {image: {tag: 'a b'}}", "'/agent/image/tag': 'a b' does not match pattern"),
                arguments("agent: {privileged: true}", "'/agent': additional properties 'privileged' not allowed"),
                arguments("agent: {tolerations: {operator: Exists}}", "'/agent/tolerations': got object, want array"),
                arguments(
                        "agent: {tolerations: [{operator: Any}]}",
                        "'/agent/tolerations/0/operator': value must be one of"),
                arguments("crds: {enabled: 'yes'}", "'/crds/enabled': got string, want boolean"),
                arguments(
                        "metrics: {service: {port: 70000}}",
                        "'/metrics/service/port': maximum: got 70,000, want 65,535"),
                arguments("commonLabels: {team: 7}", "'/commonLabels/team': got number, want string"),
                arguments(
                        "commonLabels: {'no good': x}", "'/commonLabels': additional properties 'no good' not allowed"),
                arguments("imagePullSecrets: [registry]", "'/imagePullSecrets/0': got string, want object"),
                arguments("resources: {request: {}}", "'/resources': additional properties 'request' not allowed"),
                arguments("fullnameOverride: Upper", "'/fullnameOverride': 'Upper' does not match pattern"),
                arguments("priorityClassName: ''", "'/priorityClassName': minLength: got 0, want 1"));
    }

    static Stream<Arguments> contradictions() {
        String digest = "sha256:" + "0".repeat(64);
        return Stream.of(
                arguments(
                        "image: {tag: v1, digest: '" + digest + "'}",
                        "image.tag is \"v1\" and image.digest is \"" + digest
                                + "\", but an image is named by one of them"),
                arguments(
                        "agent: {image: {tag: v1, digest: '" + digest + "'}}",
                        "agent.image.tag is \"v1\" and agent.image.digest is"),
                arguments(
                        "serviceAccount: {create: false}",
                        "serviceAccount.create is false, so serviceAccount.name must name the service account to use"),
                arguments(
                        "agent: {serviceAccount: {create: false}}",
                        "agent.serviceAccount.create is false, so agent.serviceAccount.name must name"),
                arguments(
                        "serviceAccount: {create: false, name: ours, annotations: {a: b}}",
                        "serviceAccount.annotations are given, but serviceAccount.create is false"),
                arguments(
                        "{serviceAccount: {name: one}, agent: {serviceAccount: {name: one}}}",
                        "serviceAccount.name and agent.serviceAccount.name are both \"one\""),
                arguments(
                        "commonLabels: {app.kubernetes.io/name: x}",
                        "commonLabels has \"app.kubernetes.io/name\", which the chart sets itself"),
                arguments(
                        "podLabels: {app.kubernetes.io/component: x}",
                        "podLabels has \"app.kubernetes.io/component\", which the chart sets itself"));
    }

    @ParameterizedTest
    @MethodSource({"outsideTheSchema", "contradictions"})
    void areRefusedWithAMessageThatNamesThem(String values, String message) {
        assertThatThrownBy(() -> Rendering.text("lvs", "lvs-system", Rendering.KUBERNETES, values))
                .hasMessageContaining(message);
    }
}
