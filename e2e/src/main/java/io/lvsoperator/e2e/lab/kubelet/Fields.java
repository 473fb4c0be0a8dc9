package io.lvsoperator.e2e.lab.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The downward API and the expansion of {@code $(NAME)}, as in the Kubernetes API reference of EnvVar. */
final class Fields {

    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)']");

    /** {@code $$} stands for a dollar sign; a name that is not known stays as it is written. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^)]*)\\)");

    private Fields() {}

    /** The value of a fieldRef, empty where this kubelet does not know the path. */
    static Optional<String> value(Pod pod, NodeFacts node, String path) {
        var metadata = pod.getMetadata();
        String addresses = String.join(",", node.addresses());
        return switch (path) {
            case "metadata.name" -> Optional.of(metadata.getName());
            case "metadata.namespace" -> Optional.of(metadata.getNamespace());
            case "metadata.uid" -> Optional.of(metadata.getUid());
            case "spec.nodeName" -> Optional.of(node.name());
            case "spec.serviceAccountName" -> Optional.of(pod.getSpec().getServiceAccountName());
            case "status.hostIP", "status.podIP" -> Optional.of(node.primaryAddress());
            case "status.hostIPs", "status.podIPs" -> Optional.of(addresses);
            default -> subscripted(pod, path);
        };
    }

    private static Optional<String> subscripted(Pod pod, String path) {
        Matcher matcher = SUBSCRIPT.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> map = matcher.group(1).equals("labels")
                ? pod.getMetadata().getLabels()
                : pod.getMetadata().getAnnotations();
        return Optional.of(map.getOrDefault(matcher.group(2), ""));
    }

    /** Replaces references to variables. */
    static String expand(String text, Map<String, String> variables) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) == null ? "$" : variables.getOrDefault(match.group(1), match.group())));
    }
}
