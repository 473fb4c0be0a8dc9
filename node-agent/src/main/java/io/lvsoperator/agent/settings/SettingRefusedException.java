package io.lvsoperator.agent.settings;

/** A setting could not be made; the message says why, in words that go into a sentence. */
public final class SettingRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public SettingRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    public SettingRefusedException(String message) {
        super(message);
    }
}
