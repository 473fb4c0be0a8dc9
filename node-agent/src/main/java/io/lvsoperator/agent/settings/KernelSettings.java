package io.lvsoperator.agent.settings;

import java.util.Map;

/** The settings of this network namespace. */
public interface KernelSettings {
    /** Those that this kernel has and that can be read, with their values. */
    Map<KernelSetting, Integer> read();

    /** Sets one. */
    void write(KernelSetting setting, int value) throws SettingRefusedException;
}
