package dev.ratchet.execution.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameChannelTest {
    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private SocketChannel here;
    private SocketChannel there;

    @BeforeEach
    void connect() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            here = SocketChannel.open(address);
            there = server.accept();
        }
    }

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        here.close();
        there.close();
    }

    @Test
    void receiveWhenFramesAreSmallAndLargeInTurnKeepsThemApart() throws Exception {
        FrameChannel sender = new FrameChannel(here);
        FrameChannel receiver = new FrameChannel(there);
        String large = "x".repeat(5_000_000);

        Future<?> sent = threads.submit(() -> {
            for (int i = 0; i < 20; i++) {
                sender.send(new Message.Ping(i));
                sender.send(new Message.UnloadCode(i % 5 == 0 ? large : "small" + i));
            }
            here.shutdownOutput();
            return null;
        });

        for (int i = 0; i < 20; i++) {
            assertThat(receiver.receive()).isEqualTo(new Message.Ping(i));
            assertThat(receiver.receive()).isEqualTo(new Message.UnloadCode(i % 5 == 0 ? large : "small" + i));
        }
        assertThat(receiver.receive()).isNull();
        sent.get();
    }

    @Test
    void receiveWhenLengthIsAbsurdRefuses() throws Exception {
        here.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> new FrameChannel(there).receive())
                .withMessageContaining("2147483647");
    }

    @Test
    void receiveWhenPeerClosesWithinAFrameRefuses() throws Exception {
        here.write(ByteBuffer.allocate(8).putInt(100).putInt(0).flip());
        here.close();

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> new FrameChannel(there).receive())
                .withMessageContaining("closed within");
    }
}
