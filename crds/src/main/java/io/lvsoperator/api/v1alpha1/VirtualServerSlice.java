package io.lvsoperator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A compiled {@link VirtualService}: everything resolved, for the agents of its fleet. Written by the operator alone. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("VirtualServerSlice")
@Singular("virtualserverslice")
@Plural("virtualserverslices")
@ShortNames("lvsslice")
@AdditionalPrinterColumn(name = "Fleet", jsonPath = ".spec.fleet", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "VIP",
        jsonPath = ".spec.addresses[0].value",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Scheduler", jsonPath = ".spec.scheduler", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Forwarding", jsonPath = ".spec.forwarding", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class VirtualServerSlice extends CustomResource<VirtualServerSliceSpec, Void> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
