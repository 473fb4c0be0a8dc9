package io.lvsoperator.operator.reconcile;

import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.address.AddressClaim;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.address.ServiceKey;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What services want, and slices hold, of the address space and the firewall marks. {@code directors}: nodes of their fleet. */
final class Claims {
    private Claims() {}

    static AddressClaim of(VirtualService service, Set<String> directors) {
        return new AddressClaim(
                Services.key(service),
                service.getSpec().fleetRef().name(),
                Views.created(service.getMetadata()),
                service.getMetadata().getUid(),
                Services.addresses(service).stream().map(IpAddress::of).collect(Collectors.toSet()),
                service.getSpec().servicePorts().stream()
                        .map(p -> new AddressClaim.Port(p.protocol(), p.port()))
                        .collect(Collectors.toSet()),
                Optional.ofNullable(service.getSpec().firewallMark()),
                directors);
    }

    static AddressClaim of(VirtualServerSlice slice, Set<String> directors) {
        return new AddressClaim(
                new ServiceKey(
                        slice.getMetadata().getNamespace(), slice.getMetadata().getName()),
                slice.getSpec().fleet(),
                Views.created(slice.getMetadata()),
                slice.getMetadata().getUid(),
                slice.getSpec().addresses().stream()
                        .map(a -> IpAddress.of(a.value()))
                        .collect(Collectors.toSet()),
                slice.getSpec().ports().stream()
                        .map(p -> new AddressClaim.Port(p.protocol(), p.port()))
                        .collect(Collectors.toSet()),
                Optional.ofNullable(slice.getSpec().firewallMark()),
                directors);
    }
}
