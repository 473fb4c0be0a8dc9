package io.lvsoperator.operator.reconcile;

/** The Secret for the agents is not as the fleets need it, and cannot be made so. */
final class FleetSecretsNotWrittenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FleetSecretsNotWrittenException(String reason) {
        super(reason);
    }
}
