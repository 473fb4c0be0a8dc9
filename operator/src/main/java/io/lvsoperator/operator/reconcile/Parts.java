package io.lvsoperator.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lvsoperator.operator.config.OperatorConfig;
import java.time.Clock;

/** What the reconcilers are made of. */
record Parts(
        KubernetesClient client,
        OperatorConfig config,
        Clock clock,
        Cluster cluster,
        Services services,
        Triggers triggers,
        Unsettled unsettled,
        Announcements announcements) {}
