package io.lvsoperator.agent.link;

/** Something that changed about the interfaces or addresses of this network namespace. */
public sealed interface LinkEvent {
    /** A link appeared or changed, carrier and settings included. */
    record LinkChanged(Link link) implements LinkEvent {}

    record LinkRemoved(Link link) implements LinkEvent {}

    /** An address was added, renewed or changed. */
    record AddressChanged(InterfaceAddress address) implements LinkEvent {}

    record AddressRemoved(InterfaceAddress address) implements LinkEvent {}

    /** Events were lost, or could not be read: list everything again. */
    record Resync(String cause) implements LinkEvent {}
}
