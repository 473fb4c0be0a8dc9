package io.lvsoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** The schedulers of the kernel, by their kernel names (net/netfilter/ipvs). */
public enum SchedulerName {
    @JsonProperty("rr")
    RR,
    @JsonProperty("wrr")
    WRR,
    @JsonProperty("lc")
    LC,
    @JsonProperty("wlc")
    WLC,
    @JsonProperty("lblc")
    LBLC,
    @JsonProperty("lblcr")
    LBLCR,
    @JsonProperty("dh")
    DH,
    @JsonProperty("sh")
    SH,
    @JsonProperty("sed")
    SED,
    @JsonProperty("nq")
    NQ,
    @JsonProperty("fo")
    FO,
    @JsonProperty("ovf")
    OVF,
    @JsonProperty("mh")
    MH,
    @JsonProperty("twos")
    TWOS;

    /** The name that the kernel knows it by. */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
