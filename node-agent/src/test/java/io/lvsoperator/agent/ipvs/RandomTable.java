package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Virtual servers and destinations of all kinds, foreign ones too; the same for the same seed. */
final class RandomTable {
    private static final List<Scheduler> SCHEDULERS = List.of(Scheduler.values());

    private final Random random;

    RandomTable(long seed) {
        this.random = new Random(seed);
    }

    VirtualServer server() {
        var key = key();
        return new VirtualServer(
                key,
                new VirtualServerConfig(
                        SCHEDULERS.get(random.nextInt(SCHEDULERS.size())).kernelName(),
                        new ServiceFlags(random.nextInt(0x40)),
                        random.nextLong(1L << Integer.SIZE),
                        netmask(key.family()),
                        random.nextInt(4) == 0 ? Optional.of("sip") : Optional.empty()));
    }

    private VirtualServerKey key() {
        return random.nextInt(4) == 0
                ? new VirtualServerKey.FirewallMark(family(), random.nextInt() | 1)
                : new VirtualServerKey.AddressAndPort(
                        new Protocol(random.nextInt(256)), address(family()), random.nextInt(0x10000));
    }

    private PersistenceNetmask netmask(AddressFamily family) {
        return family == AddressFamily.IPV4
                ? new PersistenceNetmask(family, random.nextInt())
                : PersistenceNetmask.ofPrefix(family, 1 + random.nextInt(128));
    }

    Destination destination() {
        return new Destination(
                new DestinationKey(address(family()), random.nextInt(0x10000)),
                new DestinationConfig(
                        new ForwardingMethod(random.nextInt(8)),
                        random.nextInt(),
                        random.nextLong(1L << Integer.SIZE),
                        random.nextLong(1L << Integer.SIZE),
                        random.nextBoolean()
                                ? Tunnel.NONE
                                : new Tunnel(random.nextInt(3), random.nextInt(0x10000), random.nextInt(8))));
    }

    AddressFamily family() {
        return random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private IpAddress address(AddressFamily family) {
        var bytes = new byte[family.addressLength()];
        random.nextBytes(bytes);
        return IpAddress.of(bytes);
    }
}
