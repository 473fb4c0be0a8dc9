package io.lvsoperator.operator.reconcile;

import io.lvsoperator.api.v1alpha1.VirtualServerSlice;
import io.lvsoperator.api.v1alpha1.VirtualService;
import io.lvsoperator.operator.address.AddressClaim;
import io.lvsoperator.operator.address.IpAddress;
import io.lvsoperator.operator.address.ServiceKey;
import java.util.stream.Collectors;

/** What services want, and slices hold, of the address space. */
final class Claims {
    private Claims() {}

    static AddressClaim of(VirtualService service) {
        return new AddressClaim(
                Services.key(service),
                service.getSpec().fleetRef().name(),
                Views.created(service.getMetadata()),
                service.getMetadata().getUid(),
                Services.addresses(service).stream().map(IpAddress::of).collect(Collectors.toSet()),
                service.getSpec().ports().stream()
                        .map(p -> new AddressClaim.Port(p.protocol(), p.port()))
                        .collect(Collectors.toSet()));
    }

    static AddressClaim of(VirtualServerSlice slice) {
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
                        .collect(Collectors.toSet()));
    }
}
