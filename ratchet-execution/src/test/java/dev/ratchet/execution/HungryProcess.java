package dev.ratchet.execution;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A worker that returns the input of its runs, unless that is {@value #GROW}: then it takes memory outside its heap, of
 * which the virtual machine keeps no count, and says nothing more of the run.
 */
final class HungryProcess {
    static final String GROW = "\"grow\"";

    /** All it takes: enough to be found out by, and no harm to the machine if it is not. */
    static final long APPETITE_BYTES = 256L << 20;

    private static final long BITE_BYTES = 8L << 20;

    private HungryProcess() {}

    public static void main(String... arguments) throws Exception {
        String token = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])));
                Arena arena = Arena.ofConfined()) {
            FrameChannel channel = new FrameChannel(socket);
            channel.send(new Message.Hello(
                    Message.PROTOCOL_VERSION, ProcessHandle.current().pid(), token));
            channel.receive();
            channel.send(new Message.Ready("hungry", false, 1));
            for (Message message = channel.receive(); message != null; message = channel.receive()) {
                if (message instanceof Message.Ping(long number)) {
                    channel.send(new Message.Pong(number));
                } else if (message instanceof Message.Execute execute) {
                    if (execute.input().equals(GROW)) {
                        for (long taken = 0; taken < APPETITE_BYTES; taken += BITE_BYTES) {
                            // Written to, for memory that nobody has touched is not resident.
                            arena.allocate(BITE_BYTES).fill((byte) 1);
                        }
                    } else {
                        channel.send(new Message.Ended(
                                execute.runId(), new Message.Ending.Returned(execute.input()), 0, 0, null));
                    }
                } else if (message instanceof Message.Shutdown) {
                    return;
                }
            }
        }
    }
}
