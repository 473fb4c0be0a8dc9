package io.lvsoperator.agent.kernel;

import io.lvsoperator.agent.settings.KernelSetting;
import io.lvsoperator.agent.settings.KernelSettings;
import io.lvsoperator.agent.settings.SettingRefusedException;
import java.util.EnumMap;
import java.util.Map;

/** Kernel settings in memory, all of them 0 at first. */
public final class FakeSettings implements KernelSettings {
    private final Map<KernelSetting, Integer> values = new EnumMap<>(KernelSetting.class);
    private boolean readOnly;

    public FakeSettings() {
        for (KernelSetting setting : KernelSetting.values()) {
            values.put(setting, 0);
        }
    }

    /** Somebody sets it. */
    public FakeSettings with(KernelSetting setting, int value) {
        values.put(setting, value);
        return this;
    }

    /** From now on nothing can be set. */
    public void becomeReadOnly() {
        readOnly = true;
    }

    @Override
    public Map<KernelSetting, Integer> read() {
        return Map.copyOf(values);
    }

    @Override
    public void write(KernelSetting setting, int value) throws SettingRefusedException {
        if (readOnly) {
            throw new SettingRefusedException("read-only file system");
        }
        values.put(setting, value);
    }
}
