package dev.ratchet.execution;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A worker that is polite until it is given work, and then writes garbage and clings to life. */
final class GarbageProcess {
    private GarbageProcess() {}

    public static void main(String... arguments) throws Exception {
        String token = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])))) {
            FrameChannel channel = new FrameChannel(socket);
            channel.send(new Message.Hello(
                    Message.PROTOCOL_VERSION, ProcessHandle.current().pid(), token));
            channel.receive();
            channel.send(new Message.Ready("garbage", false, 1));
            while (!(channel.receive() instanceof Message.Execute)) {
                // Whatever comes before.
            }
            System.err.println("about to misbehave");
            socket.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            new CountDownLatch(1).await();
        }
    }
}
