package io.lvsoperator.agent.settings;

import io.lvsoperator.agent.ipvs.IpvsConfig;
import io.lvsoperator.agent.ipvs.IpvsTimeouts;
import io.lvsoperator.agent.ipvs.IpvsUnavailableException;
import io.lvsoperator.agent.netlink.NetlinkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link KernelSettings} of the network namespace of the calling thread. */
public final class NodeKernelSettings implements KernelSettings {
    private static final Logger LOG = LoggerFactory.getLogger(NodeKernelSettings.class);
    private static final Path PROC_SYS_NET = Path.of("/proc/sys/net");

    private static final int LONGEST_SETTING = 4096;

    private final IpvsConfig ipvs;
    private final Optional<Path> writable;

    /**
     * The settings of this namespace.
     *
     * @param writable another mount of {@code /proc/sys/net}, as that in a container is read-only; without it only the
     *     timeouts of IPVS can be changed
     */
    public NodeKernelSettings(IpvsConfig ipvs, Optional<Path> writable) {
        this.ipvs = ipvs;
        this.writable = writable;
    }

    @Override
    public Map<KernelSetting, Integer> read() {
        Map<KernelSetting, Integer> values = new EnumMap<>(KernelSetting.class);
        readTimeouts(values);
        for (KernelSetting setting : KernelSetting.values()) {
            if (setting.isSysctl()) {
                readSysctl(setting, values);
            }
        }
        return Collections.unmodifiableMap(values);
    }

    private void readTimeouts(Map<KernelSetting, Integer> values) {
        try {
            IpvsTimeouts timeouts = ipvs.timeouts();
            values.put(KernelSetting.TCP_TIMEOUT, timeouts.tcp());
            values.put(KernelSetting.TCP_FIN_TIMEOUT, timeouts.tcpFin());
            values.put(KernelSetting.UDP_TIMEOUT, timeouts.udp());
        } catch (NetlinkException | IpvsUnavailableException unknown) {
            LOG.debug("the timeouts of IPVS are unknown: {}", unknown.getMessage());
        }
    }

    private static void readSysctl(KernelSetting setting, Map<KernelSetting, Integer> values) {
        try {
            values.put(setting, Integer.valueOf(numbers(setting)[0]));
        } catch (NoSuchFileException absent) {
            LOG.trace("this kernel has no {}", setting.text());
        } catch (IOException | NumberFormatException unreadable) {
            LOG.warn("{} cannot be read: {}", setting.text(), unreadable.toString());
        }
    }

    private static String[] numbers(KernelSetting setting) throws IOException {
        // In one piece: Files.readString asks for one byte first, and the kernel gives the rest of several numbers to
        // nobody then.
        try (InputStream file = Files.newInputStream(PROC_SYS_NET.resolve(setting.path()))) {
            return new String(file.readNBytes(LONGEST_SETTING), StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+");
        }
    }

    @Override
    public void write(KernelSetting setting, int value) throws SettingRefusedException {
        switch (setting) {
            case TCP_TIMEOUT -> write(new IpvsTimeouts(value, IpvsTimeouts.UNCHANGED, IpvsTimeouts.UNCHANGED));
            case TCP_FIN_TIMEOUT -> write(new IpvsTimeouts(IpvsTimeouts.UNCHANGED, value, IpvsTimeouts.UNCHANGED));
            case UDP_TIMEOUT -> write(new IpvsTimeouts(IpvsTimeouts.UNCHANGED, IpvsTimeouts.UNCHANGED, value));
            default -> writeSysctl(setting, value);
        }
    }

    private void write(IpvsTimeouts timeouts) throws SettingRefusedException {
        try {
            ipvs.set(timeouts);
        } catch (NetlinkException | IpvsUnavailableException refused) {
            throw new SettingRefusedException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private void writeSysctl(KernelSetting setting, int value) throws SettingRefusedException {
        Path directory = writable.orElseThrow(() ->
                new SettingRefusedException("the agents may not write it: set it on the host, or install the chart with"
                        + " agent.writableKernelSettings=true"));
        try {
            String[] numbers = numbers(setting);
            numbers[0] = String.valueOf(value);
            Files.writeString(directory.resolve(setting.path()), String.join(" ", numbers) + "\n");
        } catch (IOException refused) {
            throw new SettingRefusedException(refused.toString(), refused);
        }
    }
}
