package dev.ratchet.execution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Drains a stream to its end and remembers the last of it. Thread-safe. */
final class OutputTail implements Runnable {
    /** Bytes remembered. */
    static final int CAPACITY = 8 * 1024;

    private final InputStream stream;
    private final byte[] ring = new byte[CAPACITY];
    private long total;

    OutputTail(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public void run() {
        try {
            drain();
            // What a process leaves in its pipe when it ends is moved behind the same stream, perhaps under a reader
            // that has been told of the end already.
            drain();
        } catch (IOException e) {
            byte[] note = ("\n[" + e.getMessage() + "]").getBytes(StandardCharsets.UTF_8);
            append(note, note.length);
        }
    }

    private void drain() throws IOException {
        byte[] buffer = new byte[2048];
        int count = stream.read(buffer);
        while (count >= 0) {
            append(buffer, count);
            count = stream.read(buffer);
        }
    }

    private synchronized void append(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            ring[(int) (total++ % CAPACITY)] = bytes[i];
        }
    }

    /** What is remembered, as text; malformed parts are replaced. */
    synchronized String text() {
        int length = (int) Math.min(total, CAPACITY);
        byte[] last = new byte[length];
        for (int i = 0; i < length; i++) {
            last[i] = ring[(int) ((total - length + i) % CAPACITY)];
        }
        return new String(last, StandardCharsets.UTF_8).strip();
    }
}
