package io.lvsoperator.agent.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What other hosts of the segment send: any bytes give a result, and an accepted advertisement can be sent as it came. */
class VrrpFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(
                WireExamples.A_DATAGRAM,
                WireExamples.A_RFC9568,
                WireExamples.A_LEGACY,
                WireExamples.B_RFC9568,
                WireExamples.C_IPV6,
                WireExamples.D_VERSION_2);
    }

    @MethodSource("seeds")
    @FuzzTest // the last annotation, as it insists
    void packets(byte[] bytes) {
        Ipv4Datagram.parse(bytes).ifPresent(received -> receive(received, AddressFamily.IPV4, WireExamples.OTHER));
        receive(WireExamples.overIpv4(bytes), AddressFamily.IPV4, WireExamples.OTHER);
        receive(WireExamples.overIpv6(bytes), AddressFamily.IPV6, WireExamples.GROUP_V6);
    }

    private static void receive(ReceivedMessage received, AddressFamily family, IpAddress own) {
        for (Version version : Version.values()) {
            receive(received, family, own, Optional.of(new Expected(version, 100, Authentication.None.NONE)));
        }
    }

    private static void receive(
            ReceivedMessage received, AddressFamily family, IpAddress own, Optional<Expected> expected) {
        Reception reception = AdvertisementCodec.decode(received, family, id -> expected, own);
        if (reception instanceof Reception.Accepted(var advertisement, var source, var form)) {
            byte[] again = AdvertisementCodec.encode(
                    advertisement, source, received.destination(), form, Authentication.None.NONE);
            ReceivedMessage sent = new ReceivedMessage(source, received.destination(), received.hopLimit(), again);
            assertThat(AdvertisementCodec.decode(sent, family, id -> expected, own))
                    .isEqualTo(reception);
        }
    }
}
