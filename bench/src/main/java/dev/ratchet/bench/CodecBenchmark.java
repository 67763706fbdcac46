package dev.ratchet.bench;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the protocol alone costs: a run's two messages over a real socket, written, read, answered and read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
    @Param({"20", "100000"})
    public int inputCharacters;

    private @Nullable FrameChannel channel;
    private @Nullable FrameChannel peer;
    private @Nullable Path directory;
    private Message.@Nullable Execute execute;

    /** Connects the two ends. */
    @Setup
    public void connect() throws IOException {
        Path made = Files.createTempDirectory("ratchet-bench");
        directory = made;
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(made.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            channel = new FrameChannel(SocketChannel.open(address));
            FrameChannel answering = new FrameChannel(server.accept());
            peer = answering;
            Thread.ofPlatform().daemon().start(() -> answer(answering));
        }
        execute = new Message.Execute(
                1,
                "0".repeat(64),
                "\"" + "x".repeat(inputCharacters) + "\"",
                new Message.Context("execution", "task", "bench", "1.0.0", null, 1),
                "bench",
                new Message.Clock.Live(0),
                Map.of(),
                1 << 20,
                1 << 20,
                false);
    }

    private static void answer(FrameChannel channel) {
        try {
            while (channel.receive() instanceof Message.Execute run) {
                channel.send(new Message.Ended(run.runId(), new Message.Ending.Returned(run.input()), 0, 0, null));
            }
        } catch (IOException e) {
            // The benchmark has closed its end.
            return;
        }
    }

    /** There and back. */
    @Benchmark
    public @Nullable Message roundTrip() throws IOException {
        FrameChannel own = channel;
        Message.Execute message = execute;
        if (own == null || message == null) {
            throw new IllegalStateException("not set up");
        }
        own.send(message);
        return own.receive();
    }

    /** Lets go of the socket. */
    @TearDown
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        if (peer != null) {
            peer.close();
        }
        if (directory != null) {
            Files.deleteIfExists(directory.resolve("socket"));
            Files.deleteIfExists(directory);
        }
    }
}
