package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;

/** Where packets pass that the agent cares for. */
@CHeader("linux/netfilter.h")
public enum Hook implements CConstant {
    NF_INET_PRE_ROUTING(0),
    NF_INET_LOCAL_IN(1),
    NF_INET_FORWARD(2);

    private final int number;

    Hook(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
