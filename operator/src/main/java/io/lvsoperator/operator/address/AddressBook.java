package io.lvsoperator.operator.address;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Grants addresses to services. Slices in the cluster say who holds what; the book adds what was granted a moment ago and
 * is not seen there yet, so that two services that are reconciled side by side never both get one address.
 */
public final class AddressBook {
    private final Map<ServiceKey, AddressClaim> granted = new HashMap<>();

    /**
     * Grants a claim or says who stands against it.
     *
     * @param claim what a service wants
     * @param held what slices in the cluster hold
     * @param newcomers claims of other services that could be accepted and hold nothing yet
     */
    public synchronized Optional<AddressConflict> claim(
            AddressClaim claim, Collection<AddressClaim> held, Collection<AddressClaim> newcomers) {
        Optional<AddressConflict> conflict = conflict(claim, held, newcomers);
        if (conflict.isEmpty()) {
            granted.put(claim.service(), claim);
        } else {
            granted.remove(claim.service());
        }
        return conflict;
    }

    /** Takes a grant back; what the service's slice still holds goes on counting. */
    public synchronized void release(ServiceKey service) {
        granted.remove(service);
    }

    private Optional<AddressConflict> conflict(
            AddressClaim claim, Collection<AddressClaim> held, Collection<AddressClaim> newcomers) {
        Stream<AddressClaim> holders = Stream.concat(held.stream(), granted.values().stream());
        if (holdsAlready(claim, held)) {
            // Only where two hold one address, which a restored backup may bring, does age decide between holders.
            return first(claim, holders.filter(other -> isSenior(other, claim)), true);
        }
        return first(claim, holders, true)
                .or(() -> first(claim, newcomers.stream().filter(other -> isSenior(other, claim)), false));
    }

    private boolean holdsAlready(AddressClaim claim, Collection<AddressClaim> held) {
        return claim.equals(granted.get(claim.service()))
                || held.stream()
                        .anyMatch(h -> h.service().equals(claim.service())
                                && h.addresses().containsAll(claim.addresses())
                                && h.ports().containsAll(claim.ports())
                                && h.firewallMark().equals(claim.firewallMark()));
    }

    private static boolean isSenior(AddressClaim other, AddressClaim claim) {
        return AddressClaim.SENIORITY.compare(other, claim) < 0;
    }

    private static Optional<AddressConflict> first(AddressClaim claim, Stream<AddressClaim> others, boolean held) {
        return others.filter(other -> !other.service().equals(claim.service()))
                .sorted(AddressClaim.SENIORITY)
                .flatMap(other -> claim.clash(other).map(at -> new AddressConflict(other, at, held)).stream())
                .findFirst();
    }
}
