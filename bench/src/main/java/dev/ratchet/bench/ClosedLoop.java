package dev.ratchet.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Many connections from one thread, each of which sends its next request when the answer to the last is there. One thread
 * and no parsing beyond the frame of an answer, because client and server share the processors.
 */
final class ClosedLoop {
    private static final long SILENCE_MILLIS = 60_000;

    private final URI server;
    private final byte[] request;
    private final int status;
    private final byte[] expected;

    /**
     * What was reached.
     *
     * @param latencies of every answer that came in time
     * @param processorShare of one processor that the client used
     */
    record Result(Samples latencies, double seconds, double processorShare) {
        double rate() {
            return latencies.count() / seconds;
        }
    }

    private static final class Slot {
        final AnswerBuffer answer = new AnswerBuffer();
        ByteBuffer left = ByteBuffer.allocate(0);
        long sent;
    }

    /**
     * @param status of a right answer
     * @param expected what stands in a right answer
     */
    ClosedLoop(URI server, byte[] request, int status, byte[] expected) {
        this.server = server;
        this.request = request.clone();
        this.status = status;
        this.expected = expected.clone();
    }

    /**
     * Keeps {@code connections} busy for {@code time}.
     *
     * @throws IllegalStateException when an answer is not the right one
     */
    Result run(int connections, Duration time) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                connect(selector, new Slot());
            }
            try {
                return run(selector, time.toNanos());
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private SelectionKey connect(Selector selector, Slot slot) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_READ, slot);
    }

    private Result run(Selector selector, long nanos) throws IOException {
        Samples latencies = new Samples();
        long processor = processorNanos();
        long begun = System.nanoTime();
        for (SelectionKey key : selector.keys()) {
            send(key);
        }
        while (System.nanoTime() - begun < nanos) {
            if (selector.select(SILENCE_MILLIS) == 0) {
                throw new IllegalStateException("no answer within " + SILENCE_MILLIS + " ms");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                advance(key, latencies);
            }
            selector.selectedKeys().clear();
        }
        long took = System.nanoTime() - begun;
        return new Result(latencies, took / 1e9, (double) (processorNanos() - processor) / took);
    }

    private void advance(SelectionKey key, Samples latencies) throws IOException {
        Slot slot = (Slot) key.attachment();
        if (key.isWritable() && slot.left.hasRemaining()) {
            write(key, slot);
        }
        if (!key.isReadable()) {
            return;
        }
        int read = ((SocketChannel) key.channel()).read(slot.answer.room());
        if (read < 0) {
            throw new EOFException("the server closed a connection");
        }
        slot.answer.added(read);
        if (slot.answer.isComplete()) {
            latencies.add(System.nanoTime() - slot.sent);
            if (slot.answer.status() != status || !slot.answer.contains(expected)) {
                throw new IllegalStateException("a wrong answer: " + slot.answer);
            }
            SelectionKey next = key;
            if (slot.answer.isLast()) {
                key.channel().close();
                next = connect(key.selector(), slot);
            }
            send(next);
        }
    }

    private void send(SelectionKey key) throws IOException {
        Slot slot = (Slot) key.attachment();
        slot.answer.clear();
        slot.left = ByteBuffer.wrap(request);
        slot.sent = System.nanoTime();
        write(key, slot);
    }

    private static void write(SelectionKey key, Slot slot) throws IOException {
        ((SocketChannel) key.channel()).write(slot.left);
        key.interestOps(slot.left.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private static long processorNanos() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
