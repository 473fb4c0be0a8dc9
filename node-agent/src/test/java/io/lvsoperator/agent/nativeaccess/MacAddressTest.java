package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MacAddressTest {
    private static final byte[] BYTES = {0x02, 0, 0x5e, 0x10, 0, (byte) 0xff};

    @Test
    void keepsItsBytesInOrder() {
        var address = MacAddress.of(BYTES);

        assertThat(address.toBytes()).isEqualTo(BYTES);
        assertThat(address).hasToString("02:00:5e:10:00:ff").isEqualTo(new MacAddress(0x02005e1000ffL));
    }

    @Test
    void hasSixBytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(new byte[8]));
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    }
}
