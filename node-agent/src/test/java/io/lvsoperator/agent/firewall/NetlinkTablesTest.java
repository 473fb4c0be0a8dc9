package io.lvsoperator.agent.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvsoperator.agent.nativeaccess.Errno;
import io.lvsoperator.agent.nativeaccess.NativeException;
import io.lvsoperator.agent.netlink.LatestAnswer;
import io.lvsoperator.agent.netlink.MessageDecoder;
import io.lvsoperator.agent.netlink.Netlink;
import io.lvsoperator.agent.netlink.NetlinkError;
import io.lvsoperator.agent.netlink.NetlinkException;
import io.lvsoperator.agent.netlink.NetlinkRequest;
import io.lvsoperator.agent.netlink.NoAnswerException;
import io.lvsoperator.agent.netlink.RefusedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetlinkTablesTest {

    @Test
    void aKernelWithoutTheNetfilterProtocolHasNoNfTables() throws Exception {
        var socket = new NativeException("socket", Errno.EPROTONOSUPPORT.number());

        assertThat(new NetlinkTables(failing(new NoAnswerException("ask", socket))).generation())
                .isEmpty();
    }

    @Test
    void aKernelWithoutTheSubsystemHasNoNfTables() throws Exception {
        var refused = new RefusedException(new NetlinkError("ask", Errno.EINVAL.number(), ""));

        assertThat(new NetlinkTables(failing(refused)).generation()).isEmpty();
    }

    @Test
    void aSocketThatFailsOtherwiseTellsNothing() {
        var silence = new NoAnswerException("ask", new NativeException("socket", Errno.EMFILE.number()));

        assertThatThrownBy(() -> new NetlinkTables(failing(silence)).generation())
                .isSameAs(silence);
    }

    private static Netlink failing(NetlinkException failure) {
        return new Netlink() {
            @Override
            public void execute(NetlinkRequest request) throws NetlinkException {
                throw failure;
            }

            @Override
            public List<Optional<NetlinkError>> executeAll(List<NetlinkRequest> requests) throws NetlinkException {
                throw failure;
            }

            @Override
            public void executeTogether(List<NetlinkRequest> requests) throws NetlinkException {
                throw failure;
            }

            @Override
            public <T> T query(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
                throw failure;
            }

            @Override
            public <T> List<T> dump(NetlinkRequest request, MessageDecoder<T> decoder) throws NetlinkException {
                throw failure;
            }

            @Override
            public <T> List<T> dump(NetlinkRequest request, LatestAnswer<T> latest) throws NetlinkException {
                throw failure;
            }

            @Override
            public void close() {}
        };
    }
}
