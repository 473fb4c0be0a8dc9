package io.lvsoperator.operator.compile;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import io.lvsoperator.api.v1alpha1.LvsNodeStatus.Capabilities;
import io.lvsoperator.api.v1alpha1.SchedulerName;
import io.lvsoperator.api.v1alpha1.VirtualServerSliceSpec;
import io.lvsoperator.operator.address.IpAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the services that a fleet serves ask of the kernels of its directors. */
public record DirectorNeeds(Set<SchedulerName> schedulers, Set<AddressFamily> families) {
    public static final DirectorNeeds NONE = new DirectorNeeds(Set.of(), Set.of());

    /** Something that a kernel lacks. */
    public record Lack(Refusal.Reason reason, String message) {}

    /** What these slices need, as far as they have addresses. */
    public static DirectorNeeds of(Collection<VirtualServerSliceSpec> slices) {
        Set<SchedulerName> schedulers = new TreeSet<>();
        Set<AddressFamily> families = new TreeSet<>();
        slices.stream().filter(slice -> !slice.addresses().isEmpty()).forEach(slice -> {
            schedulers.add(slice.scheduler());
            slice.addresses().forEach(a -> families.add(IpAddress.of(a.value()).family()));
        });
        return new DirectorNeeds(schedulers, families);
    }

    /** What a kernel lacks of it; a kernel without IPVS lacks all, which is said elsewhere. */
    public Optional<Lack> lackedBy(Capabilities capabilities) {
        if (capabilities.ipvsVersion() == null) {
            return Optional.empty();
        }
        Optional<Lack> scheduler = schedulers.stream()
                .filter(name -> !capabilities.schedulers().contains(name))
                .findFirst()
                .map(name -> new Lack(
                        Refusal.Reason.SCHEDULER_NOT_AVAILABLE,
                        "its kernel has no scheduler '" + name.kernelName()
                                + "', which services of the fleet use: install the module ip_vs_" + name.kernelName()));
        return scheduler.or(() -> families.stream()
                .filter(family -> lacks(capabilities, family))
                .findFirst()
                .map(family -> new Lack(
                        Refusal.Reason.ADDRESS_FAMILY_NOT_AVAILABLE,
                        "its kernel does not balance " + text(family)
                                + ", which services of the fleet have addresses of: switch it on")));
    }

    /** An agent of an older version does not tell the families; it is taken to have both. */
    static boolean lacks(Capabilities capabilities, AddressFamily family) {
        return capabilities.ipvsVersion() != null
                && capabilities.addressFamilies() != null
                && !capabilities.addressFamilies().contains(family);
    }

    static String text(AddressFamily family) {
        return family == AddressFamily.IPV4 ? "IPv4" : "IPv6";
    }
}
