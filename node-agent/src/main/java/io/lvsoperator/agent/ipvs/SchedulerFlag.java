package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.CConstant;
import io.lvsoperator.agent.nativeaccess.CHeader;
import io.lvsoperator.agent.nativeaccess.CName;
import java.util.Arrays;
import java.util.Optional;

/** What a scheduler can be told. The same bits mean different things to different schedulers. */
@CHeader("linux/ip_vs.h")
public enum SchedulerFlag implements CConstant {
    /** Another real server when the chosen one has weight 0. */
    @CName("IP_VS_SVC_F_SCHED_SH_FALLBACK")
    SH_FALLBACK("sh-fallback", Scheduler.SH, 0x8),
    /** Hash the source port too. */
    @CName("IP_VS_SVC_F_SCHED_SH_PORT")
    SH_PORT("sh-port", Scheduler.SH, 0x10),
    /** Another real server when the chosen one has weight 0. */
    @CName("IP_VS_SVC_F_SCHED1")
    MH_FALLBACK("mh-fallback", Scheduler.MH, 0x8),
    /** Hash the source port too. */
    @CName("IP_VS_SVC_F_SCHED2")
    MH_PORT("mh-port", Scheduler.MH, 0x10);

    private final String apiName;
    private final Scheduler scheduler;
    private final int number;

    SchedulerFlag(String apiName, Scheduler scheduler, int number) {
        this.apiName = apiName;
        this.scheduler = scheduler;
        this.number = number;
    }

    /** The name in the API and in ipvsadm, for example {@code sh-port}. */
    public String apiName() {
        return apiName;
    }

    /** The only scheduler that understands it. */
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public int number() {
        return number;
    }

    public static Optional<SchedulerFlag> of(String apiName) {
        return Arrays.stream(values())
                .filter(flag -> flag.apiName.equals(apiName))
                .findFirst();
    }
}
