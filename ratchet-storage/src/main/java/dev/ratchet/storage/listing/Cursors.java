package dev.ratchet.storage.listing;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes where a page ended as an opaque text, and reads it back. The text holds the values the last item is sorted by;
 * it opens nothing, since what it says is only ever compared with.
 */
final class Cursors {
    private static final int VERSION = 1;
    private static final int MAX_CHARACTERS = 16_384;

    private Cursors() {}

    static String write(List<SortKey> keys, List<? extends @Nullable Object> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(fingerprint(keys));
            for (int i = 0; i < keys.size(); i++) {
                Object value = values.get(i);
                out.writeBoolean(value != null);
                if (value == null) {
                    continue;
                }
                switch (keys.get(i).type()) {
                    case TEXT -> {
                        byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                        out.writeInt(text.length);
                        out.write(text);
                    }
                    case LONG -> out.writeLong((Long) value);
                    case DOUBLE -> out.writeDouble((Double) value);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /**
     * Reads a cursor.
     *
     * @return a value for each key
     * @throws RatchetException VALIDATION_ERROR when it was not written for these keys
     */
    static List<@Nullable Object> read(List<SortKey> keys, String cursor) {
        if (cursor.length() > MAX_CHARACTERS) {
            throw refused("is longer than any that was given out", null);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw refused("is none that was given out", e);
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                throw refused("is none that was given out", null);
            }
            if (in.readInt() != fingerprint(keys)) {
                throw refused("belongs to a list in another order", null);
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (SortKey key : keys) {
                values.add(in.readBoolean() ? value(key, in) : null);
            }
            if (in.read() >= 0) {
                throw refused("is none that was given out", null);
            }
            return values;
        } catch (IOException e) {
            throw refused("is none that was given out", e);
        }
    }

    private static Object value(SortKey key, DataInputStream in) throws IOException {
        return switch (key.type()) {
            case TEXT -> {
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    throw refused("is none that was given out", null);
                }
                String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                if (text.indexOf('\0') >= 0) {
                    throw refused("is none that was given out", null);
                }
                yield text;
            }
            case LONG -> in.readLong();
            case DOUBLE -> in.readDouble();
        };
    }

    private static int fingerprint(List<SortKey> keys) {
        CRC32 sum = new CRC32();
        for (SortKey key : keys) {
            sum.update((key.name() + (key.descending() ? "-" : "+")).getBytes(StandardCharsets.UTF_8));
        }
        return (int) sum.getValue();
    }

    private static RatchetException refused(String message, @Nullable Throwable cause) {
        RatchetException refusal = new RatchetException(
                ErrorCode.VALIDATION_ERROR,
                "the query cannot be used",
                List.of(Problem.of("cursor", message + "; leave it out to begin at the beginning")));
        if (cause != null) {
            refusal.addSuppressed(cause);
        }
        return refusal;
    }
}
