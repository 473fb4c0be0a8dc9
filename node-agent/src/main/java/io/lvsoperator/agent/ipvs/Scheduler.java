package io.lvsoperator.agent.ipvs;

import java.util.Arrays;
import java.util.Optional;

/** The schedulers of the mainline kernel. Each is a module of its own, so a kernel may lack some. */
public enum Scheduler {
    RR("rr"),
    WRR("wrr"),
    LC("lc"),
    WLC("wlc"),
    LBLC("lblc"),
    LBLCR("lblcr"),
    DH("dh"),
    SH("sh"),
    SED("sed"),
    NQ("nq"),
    FO("fo"),
    OVF("ovf"),
    MH("mh"),
    TWOS("twos");

    private final String kernelName;

    Scheduler(String kernelName) {
        this.kernelName = kernelName;
    }

    /** The name in the kernel and in the API. */
    public String kernelName() {
        return kernelName;
    }

    /** The scheduler of that kernel name; empty for one that is not in the mainline kernel. */
    public static Optional<Scheduler> of(String kernelName) {
        return Arrays.stream(values())
                .filter(scheduler -> scheduler.kernelName.equals(kernelName))
                .findFirst();
    }
}
