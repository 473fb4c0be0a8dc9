package io.lvsoperator.e2e.controlplane;

/** The control plane could not be built or started, or has died; the message carries its last words. */
public final class ControlPlaneException extends RuntimeException {
    ControlPlaneException(String message) {
        super(message);
    }

    ControlPlaneException(String message, Throwable cause) {
        super(message, cause);
    }
}
