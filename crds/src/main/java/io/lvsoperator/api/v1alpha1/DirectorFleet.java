package io.lvsoperator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A set of nodes that direct traffic together: which nodes, on which interface, how they elect, and for whom. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("DirectorFleet")
@Singular("directorfleet")
@Plural("directorfleets")
@ShortNames("lvsfleet")
@Categories("lvs")
@AdditionalPrinterColumn(
        name = "Desired",
        jsonPath = ".status.directors.desired",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Ready-Directors",
        jsonPath = ".status.directors.ready",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Active-IPv4",
        jsonPath = ".status.activeDirectors[?(@.family==\"IPv4\")].node",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Active-IPv6",
        jsonPath = ".status.activeDirectors[?(@.family==\"IPv6\")].node",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Router-Id",
        jsonPath = ".status.firstVirtualRouterId",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "size(self.metadata.name) <= 63 && !self.metadata.name.contains('.')",
        messageExpression =
                "'a fleet cannot be named %s: its name becomes the value of a label, so use at most 63 letters, digits"
                        + " and dashes'.format([self.metadata.name])")
public class DirectorFleet extends CustomResource<DirectorFleetSpec, DirectorFleetStatus> {
    private static final long serialVersionUID = 1L;
}
