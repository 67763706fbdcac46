package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * The worker process. Its argument is the path of the parent's unix domain socket, and the first line of its standard
 * input the token that proves that the parent started it; the parent keeps that input open as long as it lives:
 *
 * <pre>{@code
 * java -cp … dev.ratchet.execution.worker.WorkerMain /private/directory/socket
 * }</pre>
 *
 * <p>With {@code --train} instead of a path it goes through everything a worker does, with itself as the parent, and
 * ends; the archive of later starts is made from such a run.
 *
 * <p>It ends with a code of {@link ExitCode}, and by itself as soon as the parent is gone. Nothing is written to
 * standard output, and to standard error only why it failed.
 */
public final class WorkerMain {
    private static final int MAX_TOKEN_BYTES = 128;
    private static final Duration LONGEST_TRAINING = Duration.ofMinutes(5);
    private static final int MAX_CAUSES = 5;
    private static final int MAX_FRAMES = 10;
    private static final int MAX_CAUSE_CHARS = 500;

    private WorkerMain() {}

    /** Runs the worker until its parent is gone. */
    public static void main(String... arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: WorkerMain <path of the parent's socket> | --train");
            Runtime.getRuntime().halt(ExitCode.USAGE);
            return;
        }
        Locale.setDefault(Locale.US);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        if (arguments[0].equals("--train")) {
            train();
        } else {
            Runtime.getRuntime().halt(work(Path.of(arguments[0])));
        }
    }

    private static int work(Path socket) {
        try {
            FutureTask<WarmUp> warm = startEngine();
            String token = readToken(System.in);
            Thread.ofPlatform().daemon().name("parent").start(() -> endWithParent(System.in));
            try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                serve(connection, token, warm);
            }
            return ExitCode.DONE;
        } catch (ProtocolException e) {
            System.err.println("the parent broke the protocol: " + e.getMessage());
            return ExitCode.PROTOCOL;
        } catch (IOException e) {
            // Usually the parent's end, which is nobody's fault; the message is for the case that it never was there.
            System.err.println("no connection to the parent: " + e.getMessage());
            return ExitCode.DONE;
        } catch (IllegalStateException e) {
            report(e);
            return ExitCode.FAILURE;
        } catch (OutOfMemoryError e) {
            return ExitCode.HEAP;
        }
    }

    /** Reads no further than the line's end: whatever follows would be lost in a buffer. */
    private static String readToken(InputStream in) throws IOException {
        byte[] line = new byte[MAX_TOKEN_BYTES];
        for (int length = 0; length < line.length; length++) {
            int next = in.read();
            if (next < 0) {
                throw new ProtocolException("standard input ended before the token's line did");
            }
            if (next == '\n') {
                return new String(line, 0, length, StandardCharsets.US_ASCII);
            }
            line[length] = (byte) next;
        }
        throw new ProtocolException("token of more than " + MAX_TOKEN_BYTES + " bytes");
    }

    /**
     * The parent holds the other end of standard input as long as it lives. While the engine starts, which may take long
     * on a busy machine, nobody reads from the socket; so that does not tell soon enough.
     */
    private static void endWithParent(InputStream in) {
        try {
            // It has nothing more to say, so this returns at the end only.
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("standard input broke: " + e.getMessage());
        }
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    /** Builds the engine on threads of its own, beside the handshake. */
    private static FutureTask<WarmUp> startEngine() {
        FutureTask<WarmUp> warm = new FutureTask<>(() -> {
            WarmUp warmUp = new WarmUp(new GraalScriptEngine(System::nanoTime, WorkerMain::fail));
            warmUp.essentials();
            return warmUp;
        });
        Thread.ofPlatform().daemon().name("engine").start(warm);
        Thread.ofPlatform().daemon().name("libraries").start(WarmUp::libraries);
        return warm;
    }

    private static WarmUp await(Future<WarmUp> warm) {
        try {
            return warm.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the engine did not start", e);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint that helps where it is heeded; nothing relies on it
    private static void serve(SocketChannel connection, String token, Future<WarmUp> warm) throws IOException {
        Thread.currentThread().setName("frames");
        Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
        FrameChannel channel = new FrameChannel(connection);
        channel.send(new Message.Hello(
                Message.PROTOCOL_VERSION, ProcessHandle.current().pid(), token));
        if (!(channel.receive() instanceof Message.Start start)) {
            throw new ProtocolException("something else than Start came first");
        }
        WarmUp warmUp = await(warm);
        ScriptEngine engine = warmUp.engine();
        channel.send(new Message.Ready(engine.description(), engine.compiles(), usedHeapBytes()));
        // The engine is not closed: that would wait for guests, and the process ends at once anyway.
        new WorkerServer(
                        channel,
                        engine,
                        start.codeCacheEntries(),
                        InstantSource.system(),
                        warmUp::more,
                        WorkerMain::fail)
                .serve();
    }

    /** Not collected before: that would delay the start and enlarge the heap, for the sake of a few megabytes. */
    private static long usedHeapBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void fail(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            Runtime.getRuntime().halt(ExitCode.HEAP);
        }
        report(failure);
        Runtime.getRuntime().halt(ExitCode.FAILURE);
    }

    /** Short enough that the parent, which keeps the last lines, keeps what it says: deep guests make long traces. */
    private static void report(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            System.err.println((i == 0 ? "" : "caused by ") + clipped(cause));
            StackTraceElement[] frames = cause.getStackTrace();
            for (int j = 0; j < frames.length && j < MAX_FRAMES; j++) {
                System.err.println("  at " + frames[j]);
            }
            cause = cause.getCause();
        }
    }

    private static String clipped(Throwable cause) {
        String text = cause.toString();
        return text.length() <= MAX_CAUSE_CHARS ? text : text.substring(0, MAX_CAUSE_CHARS) + "…";
    }

    private static void train() {
        Thread.ofPlatform().daemon().name("limit").start(() -> {
            LockSupport.parkNanos(LONGEST_TRAINING.toNanos());
            fail(new IllegalStateException("the training run did not end within " + LONGEST_TRAINING));
        });
        try {
            FutureTask<WarmUp> warm = startEngine();
            TrainingParent.train(connection -> {
                try {
                    serve(connection, "training", warm);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException | InterruptedException e) {
            fail(e);
        }
    }
}
