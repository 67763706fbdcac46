package dev.ratchet.execution;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Workers that are threads of the test and do as it says, over a real socket. */
final class FakeWorkers implements WorkerLauncher {
    /** Exit code of a killed process. */
    static final int KILLED = 137;

    /** What a worker does once it is ready. */
    interface Behaviour {
        void serve(Fake worker) throws Exception;
    }

    /** What a worker does with one order to run. */
    interface OnExecute {
        void run(Fake worker, Message.Execute execute) throws Exception;
    }

    final List<Fake> launched = new CopyOnWriteArrayList<>();
    private final AtomicInteger pids = new AtomicInteger(0x7000_0000);
    private volatile Behaviour behaviour;
    private volatile @Nullable IOException failure;

    FakeWorkers(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** Workers that treat each order alike, ignoring everything else but pings. */
    static FakeWorkers executing(OnExecute onExecute) {
        return new FakeWorkers(serving(onExecute));
    }

    static Behaviour serving(OnExecute onExecute) {
        return worker -> {
            for (Message message = worker.receive(); message != null; message = worker.receive()) {
                if (message instanceof Message.Execute execute) {
                    onExecute.run(worker, execute);
                }
            }
        };
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    void failToLaunch(@Nullable IOException with) {
        failure = with;
    }

    @Override
    public WorkerProcess launch(Shape shape, Path socket, String token) throws IOException {
        IOException fail = failure;
        if (fail != null) {
            throw fail;
        }
        Fake fake = new Fake(shape, pids.incrementAndGet(), behaviour);
        launched.add(fake);
        Thread.ofVirtual().start(() -> fake.live(socket, token));
        return fake;
    }

    /** One of them. */
    static final class Fake implements WorkerProcess {
        final Shape shape;
        final List<Message> received = new CopyOnWriteArrayList<>();
        private final long pid;
        private final Behaviour behaviour;
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private volatile String output = "";
        private volatile @Nullable SocketChannel socket;
        private volatile @Nullable FrameChannel channel;

        Fake(Shape shape, long pid, Behaviour behaviour) {
            this.shape = shape;
            this.pid = pid;
            this.behaviour = behaviour;
        }

        private void live(Path path, String token) {
            try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                socket = connected;
                FrameChannel framed = new FrameChannel(connected);
                channel = framed;
                framed.send(new Message.Hello(Message.PROTOCOL_VERSION, pid, token));
                if (!(framed.receive() instanceof Message.Start)) {
                    throw new IOException("no Start");
                }
                framed.send(new Message.Ready("fake 1", shape.profile() == WorkerProfile.JIT, 1000));
                behaviour.serve(this);
                exit.complete(0);
            } catch (Exception e) {
                if (exit.complete(1)) {
                    output = e.toString();
                }
            }
        }

        /** The next message, pings answered. */
        @Nullable
        Message receive() throws IOException {
            FrameChannel from = Objects.requireNonNull(channel);
            while (true) {
                Message message = from.receive();
                if (message == null) {
                    return null;
                }
                received.add(message);
                if (message instanceof Message.Ping(long number)) {
                    from.send(new Message.Pong(number));
                } else if (message instanceof Message.Shutdown) {
                    return null;
                } else {
                    return message;
                }
            }
        }

        /** Drops messages up to the next of a kind. */
        <T extends Message> T await(Class<T> kind) throws IOException {
            for (Message message = receive(); message != null; message = receive()) {
                if (kind.isInstance(message)) {
                    return kind.cast(message);
                }
            }
            throw new IOException("connection closed before " + kind.getSimpleName());
        }

        void send(Message message) throws IOException {
            Objects.requireNonNull(channel).send(message);
        }

        void ended(long runId, Message.Ending ending) throws IOException {
            send(new Message.Ended(runId, ending, 1_000, 0, null));
        }

        /** Returns nothing, and tells that it took {@code cpu} of processor time. */
        void worked(long runId, Duration cpu) throws IOException {
            send(new Message.Ended(runId, new Message.Ending.Returned("null"), cpu.toNanos(), 0, null));
        }

        void returned(long runId, String json) throws IOException {
            ended(runId, new Message.Ending.Returned(json));
        }

        SocketChannel socket() {
            return Objects.requireNonNull(socket);
        }

        /** Ends as if by itself. */
        void die(int code, String lastWords) throws IOException {
            output = lastWords;
            exit.complete(code);
            socket().close();
        }

        boolean isDead() {
            return exit.isDone();
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public void kill() {
            exit.complete(KILLED);
            SocketChannel open = socket;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public OptionalInt awaitExit(Duration atMost) throws InterruptedException {
            try {
                return OptionalInt.of(exit.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return OptionalInt.empty();
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onExit(Runnable action) {
            var _ = exit.thenRun(action);
        }

        @Override
        public String lastOutput() {
            return output;
        }
    }
}
