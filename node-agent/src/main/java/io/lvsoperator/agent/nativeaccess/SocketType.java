package io.lvsoperator.agent.nativeaccess;

/** Second argument of {@code socket(2)}. */
@CHeader("sys/socket.h")
public enum SocketType implements CConstant {
    SOCK_DGRAM(2),
    SOCK_RAW(3);

    private final int number;

    SocketType(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
