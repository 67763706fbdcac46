package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of a run in a worker process: what it says goes to the parent as frames, and what the parent says
 * about it waits here. The thread that reads frames only puts messages in; bodies are put together on the run's thread.
 */
final class RunInbox implements RunHost {
    private final long runId;
    private final FrameSender sender;
    private final LinkedBlockingQueue<Message> queue = new LinkedBlockingQueue<>();
    private final Map<Integer, Body> bodies = new HashMap<>();
    private volatile boolean stopped;

    RunInbox(long runId, FrameSender sender) {
        this.runId = runId;
        this.sender = sender;
    }

    /** Takes in a message of the parent, on any thread. */
    void offer(Message message) {
        queue.add(message);
    }

    /** Makes the run's thread leave, on any thread. */
    void stop() {
        stopped = true;
        queue.add(new Message.Terminate(runId));
    }

    boolean isStopped() {
        return stopped;
    }

    @Override
    public void fetchOpen(int id, FetchInit init) {
        byte[] body = init.body();
        List<Message.Field> fields = init.headers().stream()
                .map(header -> new Message.Field(header.name(), header.value()))
                .toList();
        send(new Message.FetchOpen(
                runId,
                id,
                init.method(),
                init.url(),
                fields,
                init.redirect().name().toLowerCase(Locale.ROOT),
                body == null ? -1 : body.length));
        for (int sent = 0; body != null && sent < body.length; sent += Message.MAX_CHUNK_BYTES) {
            byte[] chunk = new byte[Math.min(Message.MAX_CHUNK_BYTES, body.length - sent)];
            System.arraycopy(body, sent, chunk, 0, chunk.length);
            send(new Message.FetchChunk(runId, id, chunk));
        }
    }

    @Override
    public void fetchAborted(int id) {
        bodies.remove(id);
        send(new Message.FetchAborted(runId, id));
    }

    @Override
    public void log(int level, long epochMillis, String message) {
        send(new Message.Log(runId, level, epochMillis, message));
    }

    @Override
    public void progress(double fraction, String message) {
        send(new Message.Progress(runId, fraction, message));
    }

    private void send(Message message) {
        requireRunning();
        try {
            sender.send(message);
        } catch (IOException e) {
            // The thread that reads frames sees the same and ends the process.
            throw new RunStopped();
        }
    }

    private void requireRunning() {
        if (stopped) {
            throw new RunStopped();
        }
    }

    @Override
    public @Nullable RunEvent next(long nanos) {
        long deadline = nanos == 0 || nanos == FOREVER ? 0 : System.nanoTime() + nanos;
        while (true) {
            requireRunning();
            Message message = take(nanos, deadline);
            requireRunning();
            if (message == null) {
                return null;
            }
            RunEvent event = event(message);
            if (event != null) {
                return event;
            }
        }
    }

    private @Nullable Message take(long nanos, long deadline) {
        Message ready = queue.poll();
        if (ready != null || nanos == 0) {
            return ready;
        }
        try {
            return nanos == FOREVER ? queue.take() : queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Interrupts come from the engine when it closes a context by force.
            Thread.currentThread().interrupt();
            throw new RunStopped();
        }
    }

    /** What a message amounts to, null while a body is incomplete. */
    private @Nullable RunEvent event(Message message) {
        return switch (message) {
            case Message.Abort abort -> new RunEvent.AbortRequested(abort.reason(), abort.message());
            case Message.FetchFailed failed ->
                new RunEvent.Answered(
                        failed.fetchId(),
                        new FetchAnswer.Failed(failed.reason(), failed.message()),
                        failed.delayMillis());
            case Message.FetchHead head -> {
                Body body = new Body(head);
                if (body.isComplete()) {
                    yield body.answer();
                }
                bodies.put(head.fetchId(), body);
                yield null;
            }
            case Message.FetchChunk chunk -> {
                Body body = bodies.get(chunk.fetchId());
                if (body == null) {
                    yield null;
                }
                body.append(chunk.bytes());
                if (!body.isComplete()) {
                    yield null;
                }
                bodies.remove(chunk.fetchId());
                yield body.answer();
            }
            default -> null;
        };
    }

    /** A response of which not everything has arrived. */
    private static final class Body {
        private final Message.FetchHead head;
        private final byte[] bytes;
        private int filled;

        Body(Message.FetchHead head) {
            this.head = head;
            this.bytes = new byte[Math.max(0, head.bodyBytes())];
        }

        void append(byte[] chunk) {
            int count = Math.min(chunk.length, bytes.length - filled);
            System.arraycopy(chunk, 0, bytes, filled, count);
            filled += count;
        }

        boolean isComplete() {
            return filled == bytes.length;
        }

        RunEvent answer() {
            if (head.status() < 200 || head.status() > 599) {
                return new RunEvent.Answered(
                        head.fetchId(),
                        new FetchAnswer.Failed("PROTOCOL", "status " + head.status() + " is no final HTTP status"),
                        head.delayMillis());
            }
            List<HeaderField> headers = head.headers().stream()
                    .map(field -> new HeaderField(field.name(), field.value()))
                    .toList();
            return new RunEvent.Answered(
                    head.fetchId(),
                    new FetchAnswer.Received(
                            head.status(), head.statusText(), head.url(), head.redirected(), headers, bytes),
                    head.delayMillis());
        }
    }
}
