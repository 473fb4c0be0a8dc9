package io.lvsoperator.operator.reconcile;

/** The agents' DaemonSet is not as it must be, and cannot be made so. */
final class AgentsNotDeployedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    AgentsNotDeployedException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    /** What is wrong with it and what to do, in words for the users of a fleet. */
    String reason() {
        return reason;
    }
}
