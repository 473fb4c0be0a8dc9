package io.lvsoperator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** The part of one node in all fleets, and what its agent reports. Named after the node and owned by it. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("LvsNode")
@Singular("lvsnode")
@Plural("lvsnodes")
@ShortNames("lvsn")
@Categories("lvs")
@AdditionalPrinterColumn(
        name = "Directs",
        jsonPath = ".spec.directs[0].fleet",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Real-Server-For",
        jsonPath = ".spec.realServerFor[0].fleet",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "VRRP-IPv4",
        jsonPath = ".status.virtualRouters[?(@.family==\"IPv4\")].state",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "VRRP-IPv6",
        jsonPath = ".status.virtualRouters[?(@.family==\"IPv6\")].state",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Agent",
        jsonPath = ".status.agentVersion",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class LvsNode extends CustomResource<LvsNodeSpec, LvsNodeStatus> {
    private static final long serialVersionUID = 1L;
}
