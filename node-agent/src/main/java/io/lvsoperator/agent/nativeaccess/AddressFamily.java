package io.lvsoperator.agent.nativeaccess;

/** The two families of addresses that IPVS balances. */
@CHeader("sys/socket.h")
public enum AddressFamily implements CConstant {
    @CName("AF_INET")
    IPV4(2, 4),
    @CName("AF_INET6")
    IPV6(10, 16);

    private final int number;

    @NotFromC("RFC 791 and RFC 8200")
    private final int addressLength;

    AddressFamily(int number, int addressLength) {
        this.number = number;
        this.addressLength = addressLength;
    }

    @Override
    public int number() {
        return number;
    }

    /** Bytes of one address: 4 or 16. */
    public int addressLength() {
        return addressLength;
    }

    /** Bits of one address, and so the longest prefix: 32 or 128. */
    public int addressBits() {
        return addressLength * Byte.SIZE;
    }
}
