package io.lvsoperator.agent.nativeaccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    private static final int ROOM = 8;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    private final DatagramBatch batch = new DatagramBatch(2, ROOM);
    private NativeSocket receiver;
    private NativeSocket sender;

    @BeforeEach
    void open() throws NativeException {
        receiver = udp();
        sender = udp();
    }

    @AfterEach
    void close() throws NativeException {
        receiver.close();
        sender.close();
    }

    @Test
    void nothingWaits() throws Exception {
        assertThat(batch.receive(receiver)).isZero();
    }

    @Test
    void takesWhatWaitsAndFitsInOrder() throws Exception {
        send("one");
        send("two");
        send("three");

        assertThat(take()).containsExactly("one", "two");
        assertThat(take()).containsExactly("three");
        assertThat(batch.receive(receiver)).isZero();
    }

    @Test
    void knowsWhoSent() throws Exception {
        send("one");
        take();

        assertThat(batch.source(0)).isEqualTo(sender.localAddress());
    }

    @Test
    void saysThatADatagramDidNotFitAndForgetsItWithTheNext() throws Exception {
        send("much too long");
        assertThat(take()).containsExactly("much too");
        assertThat(batch.isTruncated(0)).isTrue();

        send("short");
        assertThat(take()).containsExactly("short");
        assertThat(batch.isTruncated(0)).isFalse();
    }

    private void send(String text) throws NativeException {
        sender.send(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                receiver.localAddress().orElseThrow());
    }

    private List<String> take() throws NativeException {
        assertThat(new Poller(receiver).await(Duration.ofSeconds(5))).isNotEmpty();
        var texts = new ArrayList<String>();
        var count = batch.receive(receiver);
        for (var i = 0; i < count; i++) {
            texts.add(text(batch.datagram(i)));
        }
        return texts;
    }

    private static String text(ByteBuffer datagram) {
        var bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static NativeSocket udp() throws NativeException {
        var socket = NativeSocket.open(SocketDomain.AF_INET, SocketType.SOCK_DGRAM, 17);
        socket.bind(new NativeAddress.Internet(LOOPBACK, 0, 0));
        return socket;
    }
}
