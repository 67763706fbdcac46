package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.FrameChannel;
import dev.ratchet.execution.protocol.Message;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends what runs say while they run, on a thread of its own: the engine stops a run by interrupting its thread, and a
 * thread that is interrupted while it writes to a channel closes the channel, and with it the worker for all.
 */
final class FrameSender {
    private final FrameChannel channel;
    private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

    private static final class Frame {
        private final Message message;
        private final CountDownLatch sent = new CountDownLatch(1);
        private volatile @Nullable Throwable failure;

        Frame(Message message) {
            this.message = message;
        }
    }

    FrameSender(FrameChannel channel) {
        this.channel = channel;
        Thread.ofPlatform().daemon().name("frames-out").start(this::loop);
    }

    /**
     * Returns when it has been written, however often the thread is interrupted meanwhile: whoever says too much for the
     * connection has to wait.
     */
    void send(Message message) throws IOException {
        Frame frame = new Frame(message);
        frames.add(frame);
        boolean interrupted = false;
        while (true) {
            try {
                frame.sent.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (frame.failure) {
            case null -> {}
            case IOException e -> throw e;
            case Throwable e -> throw new IllegalStateException("a message could not be sent", e);
        }
    }

    private void loop() {
        while (true) {
            Frame frame;
            try {
                frame = frames.take();
            } catch (InterruptedException e) {
                // Nobody knows this thread; it ends with the process.
                continue;
            }
            try {
                channel.send(frame.message);
            } catch (IOException | RuntimeException | Error e) {
                // It belongs to whoever waits for it, and others have more to send.
                frame.failure = e;
            }
            frame.sent.countDown();
        }
    }
}
