package io.lvsoperator.agent.state;

import static io.lvsoperator.agent.kernel.Assignments.at;
import static io.lvsoperator.agent.kernel.Assignments.director;
import static io.lvsoperator.agent.kernel.Assignments.dr;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvsoperator.agent.desired.Assignment;
import io.lvsoperator.agent.ipvs.Protocol;
import io.lvsoperator.agent.ipvs.SyncDaemon;
import io.lvsoperator.agent.ipvs.SyncRole;
import io.lvsoperator.agent.ipvs.VirtualServerKey;
import io.lvsoperator.agent.link.DeviceSetting;
import io.lvsoperator.agent.nativeaccess.AddressFamily;
import io.lvsoperator.agent.nativeaccess.IpAddress;
import io.lvsoperator.agent.plan.Ledger;
import io.lvsoperator.agent.secrets.FleetSecrets;
import io.lvsoperator.agent.settings.KernelSetting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void aLedgerIsReadAsItWasWritten() throws Exception {
        Ledger ledger = new Ledger(
                Set.of(
                        new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("192.0.2.100"), 80),
                        new VirtualServerKey.AddressAndPort(Protocol.TCP, IpAddress.parse("2001:db8::100"), 80),
                        new VirtualServerKey.FirewallMark(AddressFamily.IPV6, 7)),
                Set.of(IpAddress.parse("192.0.2.101")),
                Map.of("eth0", Map.of(DeviceSetting.ARP_IGNORE, 0, DeviceSetting.ARP_ANNOUNCE, 2)),
                Map.of(KernelSetting.CONNTRACK, 0),
                Map.of(
                        SyncRole.BACKUP,
                        new Ledger.StartedSync(
                                new SyncDaemon(SyncRole.BACKUP, "eth0", 51, IpAddress.parse("224.0.0.81")), 2)));

        new StateDirectory(directory).save(ledger);

        assertThat(new StateDirectory(directory).loadLedger()).isEqualTo(ledger);
    }

    @Test
    void anAssignmentIsReadAsItWasWritten() throws Exception {
        Assignment assignment = director(dr("192.0.2.100", at("192.0.2.21", 1), at("2001:db8::21", 2)));

        new StateDirectory(directory).save(assignment);

        assertThat(new StateDirectory(directory).loadAssignment("d1")).contains(assignment);
    }

    @Test
    void aNewNodeKnowsNothing() throws Exception {
        StateDirectory state = new StateDirectory(directory.resolve("new"));

        assertThat(state.loadAssignment("d1")).isEmpty();
        assertThat(state.loadLedger()).isEqualTo(Ledger.EMPTY);
    }

    @Test
    void aFileThatCannotBeReadIsSetAsideAndNotTakenForAnEmptyOne() throws Exception {
        Files.writeString(directory.resolve("ledger.json"), "{\"services\": [{\"address\": \"no");

        Ledger ledger = new StateDirectory(directory).loadLedger();

        assertThat(ledger).isEqualTo(Ledger.EMPTY);
        assertThat(directory.resolve("ledger.json.unreadable")).exists();
        assertThat(directory.resolve("ledger.json")).doesNotExist();
    }

    /** Each was valid enough to get past the reader once, and to stop every start of the agent then. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"generation\":1,\"fleets\":{}}",
                "{\"generation\":1,\"roles\":{},\"fleets\":{\"edge\":{\"resourceVersion\":\"1\",\"slices\":[{\"name\":{},\"spec\":{}}]}}}",
                "{\"generation\":1,\"roles\":{},\"fleets\":{\"edge\":{\"resourceVersion\":\"1\",\"slices\":[{\"name\":{\"namespace\":\"n\",\"name\":\"s\"}}]}}}",
                "{\"generation\":1,\"roles\":{\"directs\":[{\"fleet\":\"edge\"}]},\"fleets\":{}}",
                "\0\0\0{\0\0\0\0}\uffff\uffff", // begins like UTF-32
            })
    void anAssignmentThatLacksSomethingIsSetAside(String content) throws Exception {
        Files.writeString(directory.resolve("assignment.json"), content);

        assertThat(new StateDirectory(directory).loadAssignment("d1")).isEmpty();

        assertThat(directory.resolve("assignment.json.unreadable")).exists();
    }

    @Test
    void aLedgerOfAnOlderAgentIsRead() throws Exception {
        Files.writeString(
                directory.resolve("ledger.json"),
                "{\"services\":[],\"firewallMarks\":[],\"loopbackVips\":[\"192.0.2.101\"],\"savedSettings\":{}}");

        Ledger ledger = new StateDirectory(directory).loadLedger();

        assertThat(ledger).isEqualTo(new Ledger(Set.of(), Set.of(IpAddress.parse("192.0.2.101")), Map.of(), Map.of()));
    }

    @Test
    void secretsAreReadAsTheyWereWrittenAndAreForTheOwnerAlone() throws Exception {
        FleetSecrets secrets = new FleetSecrets(Map.of("edge.heartbeat", "a2V5"));
        Files.writeString(directory.resolve("secrets.json.new"), "left behind, open to all");

        new StateDirectory(directory).save(secrets);

        assertThat(new StateDirectory(directory).loadSecrets()).isEqualTo(secrets);
        assertThat(Files.getPosixFilePermissions(directory.resolve("secrets.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void nodesThatDirectNothingKeepNoFileOfSecrets() throws Exception {
        StateDirectory state = new StateDirectory(directory);
        state.save(new FleetSecrets(Map.of("edge.heartbeat", "a2V5")));

        state.save(FleetSecrets.NONE);

        assertThat(directory).isEmptyDirectory();
        assertThat(state.loadSecrets()).isEqualTo(FleetSecrets.NONE);
    }

    @Test
    void aHalfWrittenNewFileLeavesTheOldOneInForce() throws Exception {
        Ledger ledger = new Ledger(Set.of(), Set.of(IpAddress.parse("192.0.2.101")), Map.of(), Map.of());
        StateDirectory state = new StateDirectory(directory);
        state.save(ledger);
        Files.writeString(directory.resolve("ledger.json.new"), "{\"serv");

        assertThat(new StateDirectory(directory).loadLedger()).isEqualTo(ledger);
    }
}
