package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FrameSenderTest {
    @TempDir
    private Path directory;

    @Test
    void sendWhenTheThreadIsInterruptedSendsAndLeavesTheConnectionOpen() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            try (FrameChannel worker = new FrameChannel(SocketChannel.open(address));
                    FrameChannel parent = new FrameChannel(server.accept())) {
                FrameSender sender = new FrameSender(worker);

                Thread.currentThread().interrupt();
                sender.send(new Message.Pong(1));

                assertThat(Thread.interrupted()).isTrue();
                sender.send(new Message.Pong(2));
                assertThat(parent.receive()).isEqualTo(new Message.Pong(1));
                assertThat(parent.receive()).isEqualTo(new Message.Pong(2));
            }
        }
    }

    @Test
    void sendWhenTheConnectionIsClosedFailsEachTime() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            FrameChannel worker = new FrameChannel(SocketChannel.open(address));
            FrameSender sender = new FrameSender(worker);
            worker.close();

            assertThatIOException().isThrownBy(() -> sender.send(new Message.Pong(1)));
            assertThatIOException().isThrownBy(() -> sender.send(new Message.Pong(2)));
        }
    }
}
