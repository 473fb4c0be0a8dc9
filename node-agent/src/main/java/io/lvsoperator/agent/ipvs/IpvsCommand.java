package io.lvsoperator.agent.ipvs;

/** One change of the kernel's table. */
public sealed interface IpvsCommand {
    /** The virtual server that it changes, or a destination of which it changes. */
    default VirtualServerKey changes() {
        return switch (this) {
            case AddService(var server) -> server.key();
            case SetService(var server) -> server.key();
            case DeleteService(var key) -> key;
            case AddDestination(var service, var _) -> service;
            case SetDestination(var service, var _) -> service;
            case DeleteDestination(var service, var _) -> service;
        };
    }

    /** EEXIST when it is there; ENOENT when the kernel lacks the scheduler or persistence engine. */
    record AddService(VirtualServer server) implements IpvsCommand {
        @Override
        public String toString() {
            return "add " + server.key();
        }
    }

    /** Changes scheduler, flags, persistence in place, connections go on. ESRCH when it is not there. */
    record SetService(VirtualServer server) implements IpvsCommand {
        @Override
        public String toString() {
            return "set " + server.key();
        }
    }

    /** Deletes it with all destinations. ESRCH when it is not there. */
    record DeleteService(VirtualServerKey key) implements IpvsCommand {
        @Override
        public String toString() {
            return "delete " + key;
        }
    }

    /** EEXIST when it is there; ESRCH when the virtual server is not; ERANGE for a negative weight. */
    record AddDestination(VirtualServerKey service, Destination destination) implements IpvsCommand {
        @Override
        public String toString() {
            return "add destination " + destination.key() + " of " + service;
        }
    }

    /** ENOENT when it is not there; ESRCH when the virtual server is not. */
    record SetDestination(VirtualServerKey service, Destination destination) implements IpvsCommand {
        @Override
        public String toString() {
            return "set destination " + destination.key() + " of " + service;
        }
    }

    /** ENOENT when it is not there; ESRCH when the virtual server is not. */
    record DeleteDestination(VirtualServerKey service, DestinationKey key) implements IpvsCommand {
        @Override
        public String toString() {
            return "delete destination " + key + " of " + service;
        }
    }
}
