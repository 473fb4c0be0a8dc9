package io.lvsoperator.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import org.junit.jupiter.api.Test;

class ClusterClientTest {
    @Test
    void whoManagesWhichFieldIsNotRead() {
        VirtualServerSlice slice = ClusterClient.serialization().unmarshal("""
                apiVersion: lvs-operator.io/v1alpha1
                kind: VirtualServerSlice
                metadata:
                  name: web
                  namespace: shop
                  resourceVersion: "7"
                  labels: {lvs-operator.io/fleet: edge}
                  managedFields:
                  - {manager: operator, operation: Apply, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:fleet": {}}}}
                spec: {fleet: edge}
                """, VirtualServerSlice.class);

        assertThat(slice.getMetadata().getManagedFields()).isEmpty();
        assertThat(slice.getMetadata().getName()).isEqualTo("web");
        assertThat(slice.getMetadata().getResourceVersion()).isEqualTo("7");
        assertThat(slice.getMetadata().getLabels()).containsEntry("lvs-operator.io/fleet", "edge");
        assertThat(slice.getSpec().fleet()).isEqualTo("edge");
    }
}
