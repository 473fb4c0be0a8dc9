package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import java.util.Optional;

/** What a connection synchronization daemon of the kernel does. A network namespace has at most one of each. */
@CHeader("linux/ip_vs.h")
public enum SyncRole implements CConstant {
    /** Tells others of this node's connections. */
    @CName("IP_VS_STATE_MASTER")
    MASTER(1, "master"),
    /** Learns the connections of others. */
    @CName("IP_VS_STATE_BACKUP")
    BACKUP(2, "backup");

    private final int number;
    private final String word;

    SyncRole(int number, String word) {
        this.number = number;
        this.word = word;
    }

    @Override
    public int number() {
        return number;
    }

    static Optional<SyncRole> of(long number) {
        for (SyncRole role : values()) {
            if (role.number == number) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** As ipvsadm and the kernel's log call it. */
    @Override
    public String toString() {
        return word;
    }
}
