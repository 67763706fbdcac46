package dev.ratchet.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Takes the bytes of one HTTP/1.1 answer as they come and knows when it is complete (RFC 9112, section 6.3). */
final class AnswerBuffer {
    private static final int MOST = 64 * 1024 * 1024;
    private static final int UNKNOWN = -1;

    private byte[] bytes = new byte[16 * 1024];
    private int count;
    private int bodyStart = UNKNOWN;
    private int length;
    private boolean chunked;
    private boolean last;
    private int nextChunk;

    /** Makes room for the next answer. */
    void clear() {
        count = 0;
        bodyStart = UNKNOWN;
        length = 0;
        chunked = false;
        last = false;
    }

    /** Where the next bytes go; {@link #added} says how many came. */
    ByteBuffer room() {
        if (count == bytes.length) {
            if (count >= MOST) {
                throw new IllegalStateException("an answer of more than " + MOST + " bytes");
            }
            bytes = Arrays.copyOf(bytes, count * 2);
        }
        return ByteBuffer.wrap(bytes, count, bytes.length - count);
    }

    void added(int more) {
        count += more;
    }

    boolean isComplete() {
        if (bodyStart == UNKNOWN && !readHead()) {
            return false;
        }
        return chunked ? hasLastChunk() : count - bodyStart >= length;
    }

    /** Whether the server closes the connection after this answer. */
    boolean isLast() {
        return last;
    }

    int status() {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
    }

    /** The body, without the frames of its chunks. */
    byte[] body() {
        if (!chunked) {
            return Arrays.copyOfRange(bytes, bodyStart, bodyStart + length);
        }
        byte[] whole = new byte[count - bodyStart];
        int filled = 0;
        int at = bodyStart;
        for (int size = chunkSize(at); size > 0; size = chunkSize(at)) {
            int start = lineEnd(at) + 2;
            System.arraycopy(bytes, start, whole, filled, size);
            filled += size;
            at = start + size + 2;
        }
        return Arrays.copyOf(whole, filled);
    }

    /** Whether the text stands anywhere in the answer. */
    boolean contains(byte[] text) {
        int last = count - text.length;
        for (int i = Math.max(0, bodyStart); i <= last; i++) {
            if (bytes[i] == text[0] && Arrays.equals(bytes, i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    /** What came, for messages about answers that were not expected. */
    @Override
    public String toString() {
        return new String(bytes, 0, Math.min(count, 2_000), StandardCharsets.UTF_8);
    }

    private boolean readHead() {
        for (int i = 0; i + 3 < count; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                bodyStart = i + 4;
                nextChunk = bodyStart;
                readFraming(new String(bytes, 0, i, StandardCharsets.ISO_8859_1));
                return true;
            }
        }
        return false;
    }

    private void readFraming(String head) {
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("content-length")) {
                length = Integer.parseInt(value);
            } else if (name.equals("transfer-encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (name.equals("connection")) {
                last = value.equalsIgnoreCase("close");
            }
        }
    }

    private boolean hasLastChunk() {
        while (true) {
            int end = lineEnd(nextChunk);
            if (end < 0) {
                return false;
            }
            int size = chunkSize(nextChunk);
            int after = end + 2 + size + 2;
            if (count < after) {
                return false;
            }
            if (size == 0) {
                return true;
            }
            nextChunk = after;
        }
    }

    private int chunkSize(int at) {
        String line = new String(bytes, at, lineEnd(at) - at, StandardCharsets.ISO_8859_1);
        int extension = line.indexOf(';');
        return Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
    }

    private int lineEnd(int from) {
        for (int i = from; i + 1 < count; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return UNKNOWN;
    }
}
