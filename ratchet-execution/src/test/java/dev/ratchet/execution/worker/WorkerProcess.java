package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real worker process and the least of a parent that can talk to it. */
final class WorkerProcess implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef";
    private static final int LIMIT_SECONDS = 20;

    private final Path directory;
    private final Process process;
    private final SocketChannel socket;
    private final FrameChannel channel;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final Message.Hello hello;
    private final Message.Ready ready;

    /** Starts a worker on the tests' class path and waits until it is ready. */
    WorkerProcess(String... options) throws Exception {
        directory = Files.createTempDirectory("worker");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx96m",
                    "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow"));
            command.addAll(List.of(options));
            command.addAll(List.of(
                    "-cp", System.getProperty("java.class.path"), WorkerMain.class.getName(), address.toString()));
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.redirectInput(ProcessBuilder.Redirect.PIPE);
            builder.environment().clear();
            process = builder.start();
            process.getOutputStream().write((TOKEN + "\n").getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            var _ = process.onExit().thenRun(() -> wakeAccept(address));
            socket = server.accept();
        }
        channel = new FrameChannel(socket);
        Thread.ofPlatform().daemon().name("test-parent").start(this::read);
        hello = receive(Message.Hello.class);
        send(new Message.Start(64));
        ready = receive(Message.Ready.class);
    }

    /** A process that dies before it connects would otherwise leave the test waiting. */
    private static void wakeAccept(UnixDomainSocketAddress address) {
        try (SocketChannel wake = SocketChannel.open(address)) {
            wake.finishConnect();
        } catch (IOException e) {
            // Nobody is waiting any more.
            return;
        }
    }

    private void read() {
        try {
            for (Message message = channel.receive(); message != null; message = channel.receive()) {
                received.add(message);
            }
        } catch (IOException e) {
            // The test sees that nothing more arrives.
            return;
        }
    }

    Message.Hello hello() {
        return hello;
    }

    Message.Ready ready() {
        return ready;
    }

    Process process() {
        return process;
    }

    SocketChannel socket() {
        return socket;
    }

    void send(Message message) throws IOException {
        channel.send(message);
    }

    /** The next message, which must be of the given kind. */
    <M extends Message> M receive(Class<M> kind) throws Exception {
        Message message = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new TimeoutException("no " + kind.getSimpleName() + " in " + LIMIT_SECONDS + " s");
        }
        return kind.cast(message);
    }

    void load(String hash, String source) throws IOException {
        send(new Message.LoadCode(hash, "main.js", false, Map.of("main.js", source)));
    }

    void execute(long runId, String hash, String input) throws IOException {
        send(request(runId, hash, input));
    }

    static Message.Execute request(long runId, String hash, String input) {
        return new Message.Execute(
                runId,
                hash,
                input,
                new Message.Context("execution-" + runId, "task", "name", "1.0.0", null, 1),
                "seed",
                new Message.Clock.Live(17_000_000_000_000L),
                Map.of(),
                10 << 20,
                1 << 20,
                false);
    }

    /** Loads a script, runs it and returns how it ended. */
    Message.Ending run(long runId, String source) throws Exception {
        load("run" + runId, source);
        execute(runId, "run" + runId, "{}");
        Message.Ended ended = receive(Message.Ended.class);
        send(new Message.UnloadCode("run" + runId));
        return ended.ending();
    }

    int awaitExit() throws Exception {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("the process did not end in " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(directory.resolve("socket"));
        Files.delete(directory);
    }
}
