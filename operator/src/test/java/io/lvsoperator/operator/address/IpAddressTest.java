package io.lvsoperator.operator.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.api.v1alpha1.AddressFamily;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::"
    })
    void writesAddressesAsRfc5952Has(String literal, String canonical) {
        assertThat(IpAddress.of(literal).text()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web.example", "192.0.2.256", "2001:db8::1::1", "192.0.2.1/24", "fe80::1%eth0"})
    void takesNothingElseForAnAddress(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void ordersByValueAndNotByText() {
        // When
        Stream<String> sorted = Stream.of("2001:db8::1", "10.0.0.10", "10.0.0.9", "200.0.0.1")
                .map(IpAddress::of)
                .sorted()
                .map(IpAddress::text);

        // Then
        assertThat(sorted).containsExactly("10.0.0.9", "10.0.0.10", "200.0.0.1", "2001:db8::1");
        assertThat(IpAddress.of("::1").family()).isEqualTo(AddressFamily.IPV6);
    }
}
