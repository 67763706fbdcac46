package dev.ratchet.execution.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Reads a response body into memory, decoding it on the way and never holding more than allowed: the cap counts decoded
 * bytes as they come, so a compressed body that swells is stopped where it crosses the line. The bytes on the wire are
 * capped too, since an encoding can also carry endless nothing.
 */
final class BodyReader {
    /** Thrown at the cap. */
    static final class BodyTooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        BodyTooLargeException() {
            super("body exceeds the limit");
        }
    }

    /** Headers and block ends of an encoding: what its output may be smaller than its input by. */
    private static final int ENCODING_OVERHEAD = 64 * 1024;

    /** What fits into an array, however large a cap may be set. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

    private static final int MAX_CODINGS = 2;
    private static final int CHUNK = 16 * 1024;

    private BodyReader() {}

    /**
     * The codings to undo, last applied first.
     *
     * @param contentEncoding values of all {@code Content-Encoding} fields, joined by commas
     * @return empty when there is one that is not known here: the body is then left as it came
     */
    static Optional<List<String>> codings(String contentEncoding) {
        List<String> codings = new ArrayList<>();
        for (String token : contentEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
            switch (token.strip()) {
                case "", "identity" -> {}
                case "gzip", "x-gzip" -> codings.addFirst("gzip");
                case "deflate" -> codings.addFirst("deflate");
                default -> {
                    return Optional.empty();
                }
            }
        }
        return codings.size() > MAX_CODINGS ? Optional.empty() : Optional.of(codings);
    }

    /**
     * Reads to the end of {@code wire}.
     *
     * @param codings as {@link #codings} gives them
     * @param max most decoded bytes
     * @throws BodyTooLargeException at the cap
     */
    static byte[] read(InputStream wire, List<String> codings, long max) throws IOException {
        long cap = Math.min(max, MAX_ARRAY);
        long wireMax = codings.isEmpty() ? cap : cap + ENCODING_OVERHEAD;
        InputStream counted = new CappedInputStream(wire, wireMax);
        InputStream decoded = counted;
        List<Inflater> inflaters = new ArrayList<>(MAX_CODINGS);
        try {
            for (String coding : codings) {
                decoded = decoder(coding, decoded, inflaters);
            }
            byte[] body = drain(decoded, cap);
            // What follows the encoded data is no part of the body, but of the message.
            counted.transferTo(OutputStream.nullOutputStream());
            return body;
        } finally {
            for (Inflater inflater : inflaters) {
                inflater.end();
            }
        }
    }

    private static byte[] drain(InputStream in, long max) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK);
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            if (body.size() + (long) count > max) {
                throw new BodyTooLargeException();
            }
            body.write(chunk, 0, count);
        }
        return body.toByteArray();
    }

    private static InputStream decoder(String coding, InputStream encoded, List<Inflater> inflaters)
            throws IOException {
        PushbackInputStream in = new PushbackInputStream(encoded, 2);
        byte[] start = in.readNBytes(2);
        if (start.length == 0) {
            return in;
        }
        in.unread(start);
        if (coding.equals("gzip")) {
            return new OwnedGzip(in, inflaters);
        }
        // "deflate" is zlib by RFC 9110 and raw deflate by some servers; a zlib header is recognisable.
        boolean zlib =
                start.length == 2 && (start[0] & 0x0f) == 8 && ((start[0] & 0xff) << 8 | (start[1] & 0xff)) % 31 == 0;
        Inflater inflater = new Inflater(!zlib);
        inflaters.add(inflater);
        return new InflaterInputStream(in, inflater, CHUNK);
    }

    /** Hands its inflater over, whose native memory would otherwise wait for the collector. */
    private static final class OwnedGzip extends GZIPInputStream {
        OwnedGzip(InputStream in, List<Inflater> inflaters) throws IOException {
            super(in, CHUNK);
            inflaters.add(inf);
        }
    }

    private static final class CappedInputStream extends InputStream {
        private final InputStream in;
        private long left;

        CappedInputStream(InputStream in, long max) {
            this.in = in;
            this.left = max;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = in.read(target, offset, length);
            if (count > left) {
                throw new BodyTooLargeException();
            }
            left -= Math.max(count, 0);
            return count;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }
    }
}
