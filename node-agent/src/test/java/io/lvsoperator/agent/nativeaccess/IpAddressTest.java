package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.100, 192.0.2.100",
        "255.255.255.255, 255.255.255.255",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::ffff:192.0.2.1, ::ffff:c000:201",
    })
    void readsAnyNotationAndWritesTheCanonicalOne(String notation, String canonical) {
        assertThat(IpAddress.parse(notation)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "web", "1.2.3", "010.0.0.1", "1.2.3.256", "1:2", "fe80::1%eth0", "[::1]", "192.0.2.1/32"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
    }

    @Test
    void keepsAMappedAddressAnIpv6One() {
        var mapped = IpAddress.parse("::ffff:192.0.2.1");

        assertThat(mapped.family()).isEqualTo(AddressFamily.IPV6);
        assertThat(mapped.toBytes()).endsWith(0xff, 0xff, 192, 0, 2, 1);
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        var random = new Random(3);
        for (var i = 0; i < 10_000; i++) {
            var bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            bytes[0] |= 1; // no mapped addresses, which the JDK turns into IPv4
            var address = IpAddress.of(bytes);

            assertThat(address.toBytes()).isEqualTo(bytes);
            assertThat(InetAddress.ofLiteral(address.toString()).getAddress()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.254, 24, true",
        "192.0.2.1, 192.0.3.1, 24, false",
        "192.0.2.1, 192.0.3.1, 23, true",
        "192.0.2.1, 192.0.2.1, 32, true",
        "192.0.2.1, 192.0.2.0, 32, false",
        "1.2.3.4, 200.2.3.4, 0, true",
        "2001:db8::1, 2001:db8::2, 64, true",
        "2001:db8::1, 2001:db8::2, 128, false",
        "2001:db8::1, 2001:db9::1, 32, false",
        "2001:db8::1, 2001:db9::1, 31, true",
        "2001:db8::1, fe80::, 0, true",
        "::, 0.0.0.0, 0, false",
    })
    void comparesPrefixes(String one, String other, int length, boolean shared) {
        assertThat(IpAddress.parse(one).sharesPrefix(IpAddress.parse(other), length))
                .isEqualTo(shared);
    }

    @ParameterizedTest
    @CsvSource({"224.0.0.18, true", "ff02::12, true", "192.0.2.1, false", "2001:db8::1, false"})
    void knowsMulticast(String address, boolean multicast) {
        assertThat(IpAddress.parse(address).isMulticast()).isEqualTo(multicast);
    }

    @ParameterizedTest
    @CsvSource({"169.254.1.1, true", "fe80::1, true", "febf::1, true", "fec0::1, false", "192.0.2.1, false"})
    void knowsLinkLocal(String address, boolean linkLocal) {
        assertThat(IpAddress.parse(address).isLinkLocal()).isEqualTo(linkLocal);
    }
}
