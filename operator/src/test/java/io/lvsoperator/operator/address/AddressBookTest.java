package io.lvsoperator.operator.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.Protocol;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressBookTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final AddressBook book = new AddressBook();

    @Test
    void grantsAFreeAddress() {
        assertThat(book.claim(claim("shop", "web", 0, 80), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void leavesAnAddressToItsHolderEvenWhenAnOlderServiceComes() {
        // Given
        AddressClaim holder = claim("shop", "web", 10, 80);

        // When
        Optional<AddressConflict> conflict = book.claim(claim("shop", "older", 0, 80), List.of(holder), List.of());

        // Then
        assertThat(conflict).hasValueSatisfying(c -> {
            assertThat(c.holder()).isEqualTo(holder);
            assertThat(c.held()).isTrue();
            assertThat(c.contested()).isEqualTo("192.0.2.100:80/TCP");
        });
    }

    @Test
    void remembersWhatItGrantedBeforeTheClusterShowsIt() {
        // Given
        book.claim(claim("shop", "web", 10, 80), List.of(), List.of());

        // When
        Optional<AddressConflict> conflict = book.claim(claim("shop", "older", 0, 80), List.of(), List.of());

        // Then
        assertThat(conflict).isPresent();
    }

    @Test
    void givesWayToTheOlderOfTwoNewcomers() {
        // Given
        AddressClaim older = claim("shop", "a", 0, 80);
        AddressClaim younger = claim("shop", "b", 1, 80);

        // When
        Optional<AddressConflict> ofTheYounger = book.claim(younger, List.of(), List.of(older));
        Optional<AddressConflict> ofTheOlder = book.claim(older, List.of(), List.of(younger));

        // Then
        assertThat(ofTheYounger).hasValueSatisfying(c -> assertThat(c.held()).isFalse());
        assertThat(ofTheOlder).isEmpty();
    }

    @Test
    void givesWayToTheSmallerUidOfTwoThatAreEquallyOld() {
        // Given
        AddressClaim first = claim("shop", "a", 0, 80);
        AddressClaim second = claim("shop", "b", 0, 80);

        // Then
        assertThat(book.claim(second, List.of(), List.of(first))).isPresent();
        assertThat(book.claim(first, List.of(), List.of(second))).isEmpty();
    }

    @Test
    void sharesAnAddressOverDifferentPortsWithinANamespaceAndFleet() {
        // Given
        AddressClaim holder = claim("shop", "web", 0, 80);

        // Then
        assertThat(book.claim(claim("shop", "tls", 1, 443), List.of(holder), List.of()))
                .isEmpty();
    }

    @Test
    void sharesNoAddressBetweenNamespacesOrFleets() {
        // Given
        AddressClaim holder = claim("shop", "web", 0, 80);
        AddressClaim otherNamespace = claim("bank", "web", 1, 443);
        AddressClaim otherFleet = new AddressClaim(
                new ServiceKey("shop", "tls"),
                "core",
                NOON,
                "uid",
                otherNamespace.addresses(),
                otherNamespace.ports(),
                Optional.empty(),
                Set.of("d1"));

        // Then
        assertThat(book.claim(otherNamespace, List.of(holder), List.of()))
                .hasValueSatisfying(c -> assertThat(c.contested()).isEqualTo("192.0.2.100"));
        assertThat(book.claim(otherFleet, List.of(holder), List.of())).isPresent();
    }

    @Test
    void givesAnAddressAwayAgainWhenItIsReleased() {
        // Given
        book.claim(claim("shop", "web", 0, 80), List.of(), List.of());

        // When
        book.release(new ServiceKey("shop", "web"));

        // Then
        assertThat(book.claim(claim("shop", "other", 1, 80), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void grantsAFirewallMarkOnceInEachFamilyWhateverTheAddress() {
        // Given
        AddressClaim holder = mark("web", "edge", "d1", "192.0.2.100", 10);

        // Then
        assertThat(book.claim(mark("rival", "edge", "d1", "192.0.2.101", 10), List.of(holder), List.of()))
                .hasValueSatisfying(c -> {
                    assertThat(c.holder()).isEqualTo(holder);
                    assertThat(c.contested()).isEqualTo("firewall mark 10");
                });
        assertThat(book.claim(mark("other", "edge", "d1", "192.0.2.101", 11), List.of(holder), List.of()))
                .isEmpty();
        assertThat(book.claim(mark("six", "edge", "d1", "2001:db8::100", 10), List.of(holder), List.of()))
                .isEmpty();
    }

    @Test
    void grantsAFirewallMarkToTwoFleetsThatShareNoDirector() {
        // Given
        AddressClaim holder = mark("web", "edge", "d1", "192.0.2.100", 10);

        // Then
        assertThat(book.claim(mark("core", "core", "d2", "192.0.2.101", 10), List.of(holder), List.of()))
                .isEmpty();
        assertThat(book.claim(mark("shared", "other", "d1", "192.0.2.102", 10), List.of(holder), List.of()))
                .isPresent();
    }

    @Test
    void sharesAnAddressBetweenAPortAndAFirewallMark() {
        // Given
        AddressClaim holder = claim("shop", "web", 0, 80);

        // Then
        assertThat(book.claim(mark("marked", "edge", "d1", "192.0.2.100", 10), List.of(holder), List.of()))
                .isEmpty();
    }

    @Test
    void decidesByAgeBetweenTwoThatBothHoldAnAddress() {
        // Given
        AddressClaim older = claim("shop", "a", 0, 80);
        AddressClaim younger = claim("shop", "b", 1, 80);
        List<AddressClaim> both = List.of(older, younger);

        // Then
        assertThat(book.claim(younger, both, List.of())).isPresent();
        assertThat(book.claim(older, both, List.of())).isEmpty();
    }

    private static AddressClaim claim(String namespace, String name, int minute, int port) {
        return new AddressClaim(
                new ServiceKey(namespace, name),
                "edge",
                NOON.plusSeconds(minute * 60L),
                "uid-" + name,
                Set.of(IpAddress.of("192.0.2.100")),
                Set.of(new AddressClaim.Port(Protocol.TCP, port)),
                Optional.empty(),
                Set.of("d1"));
    }

    private static AddressClaim mark(String name, String fleet, String director, String address, long mark) {
        return new AddressClaim(
                new ServiceKey("shop", name),
                fleet,
                NOON,
                "uid-" + name,
                Set.of(IpAddress.of(address)),
                Set.of(),
                Optional.of(mark),
                Set.of(director));
    }
}
