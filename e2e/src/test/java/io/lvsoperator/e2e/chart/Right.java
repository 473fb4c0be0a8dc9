package io.lvsoperator.e2e.chart;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rights as lines of text: {@code verb group/resource}, with {@code /name} where only one object is meant. */
final class Right {
    /** What every authenticated user may: ask about himself. */
    private static final Set<String> REVIEWS =
            Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");

    private Right() {}

    /** Everything that the client's user may do with objects of a namespace, and with cluster-scoped ones. */
    static Set<String> all(KubernetesClient client, String namespace) {
        SelfSubjectRulesReview review = client.resource(new SelfSubjectRulesReviewBuilder()
                        .withNewSpec()
                        .withNamespace(namespace)
                        .endSpec()
                        .build())
                .create();
        return review.getStatus().getResourceRules().stream()
                .filter(rule -> !REVIEWS.containsAll(rule.getResources()))
                .flatMap(Right::lines)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The lines of a table {@code "group/resource[/name]: verb verb"}; the core group has no name. */
    static Set<String> table(String... rows) {
        return Arrays.stream(rows)
                .flatMap(row -> {
                    String[] halves = row.split(": ", 2);
                    return Arrays.stream(halves[1].split(" ")).map(verb -> verb + " " + halves[0]);
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> lines(ResourceRule rule) {
        List<String> names = rule.getResourceNames().isEmpty()
                ? List.of("")
                : rule.getResourceNames().stream().map(name -> "/" + name).toList();
        return rule.getVerbs().stream()
                .flatMap(verb -> rule.getApiGroups().stream()
                        .flatMap(group -> rule.getResources().stream()
                                .flatMap(resource ->
                                        names.stream().map(name -> verb + " " + group + "/" + resource + name))));
    }
}
