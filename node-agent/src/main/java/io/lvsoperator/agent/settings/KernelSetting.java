package io.lvsoperator.agent.settings;

/** A setting of the node's network namespace; each is a whole number. */
public enum KernelSetting {
    /** Seconds. */
    TCP_TIMEOUT("ipvs.timeout.tcp"),
    /** Seconds. */
    TCP_FIN_TIMEOUT("ipvs.timeout.tcpfin"),
    /** Seconds. */
    UDP_TIMEOUT("ipvs.timeout.udp"),
    CONN_REUSE_MODE("net.ipv4.vs.conn_reuse_mode"),
    CONNTRACK("net.ipv4.vs.conntrack"),
    EXPIRE_NODEST_CONN("net.ipv4.vs.expire_nodest_conn"),
    EXPIRE_QUIESCENT_TEMPLATE("net.ipv4.vs.expire_quiescent_template"),
    SLOPPY_TCP("net.ipv4.vs.sloppy_tcp"),
    SLOPPY_SCTP("net.ipv4.vs.sloppy_sctp"),
    NAT_ICMP_SEND("net.ipv4.vs.nat_icmp_send"),
    SCHEDULE_ICMP("net.ipv4.vs.schedule_icmp"),
    DROP_ENTRY("net.ipv4.vs.drop_entry"),
    DROP_PACKET("net.ipv4.vs.drop_packet"),
    SECURE_TCP("net.ipv4.vs.secure_tcp"),
    /** 1: IPv6 packets are forwarded at all. The settings of single interfaces do not decide about that, as they do for IPv4. */
    IPV6_FORWARDING("net.ipv6.conf.all.forwarding"),
    /** The first of its two numbers; the second stays. */
    SYNC_THRESHOLD("net.ipv4.vs.sync_threshold");

    private static final String SYSCTL = "net.";

    private final String text;

    KernelSetting(String text) {
        this.text = text;
    }

    /** The name of the sysctl, for example {@code net.ipv6.conf.all.forwarding}; {@code ipvs.timeout.tcp} and the like otherwise. */
    public String text() {
        return text;
    }

    /** Whether it is a file below {@code /proc/sys/net}. */
    boolean isSysctl() {
        return text.startsWith(SYSCTL);
    }

    /** Where it is below {@code /proc/sys/net}. */
    String path() {
        return text.substring(SYSCTL.length()).replace('.', '/');
    }

    /** Values that the kernel itself makes of this one and back, while its defence is at work (ip_vs_ctl.c): they are no drift. */
    public boolean isAsGoodAs(int wanted, int found) {
        boolean automatic = this == DROP_ENTRY || this == DROP_PACKET || this == SECURE_TCP;
        return wanted == found || (automatic && isAutomatic(wanted) && isAutomatic(found));
    }

    private static boolean isAutomatic(int value) {
        return value == 1 || value == 2;
    }
}
