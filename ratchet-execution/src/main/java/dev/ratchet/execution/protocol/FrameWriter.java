package dev.ratchet.execution.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one frame in a buffer that grows as needed and shrinks again after an unusually large frame. */
final class FrameWriter {
    private static final int USUAL_BYTES = 80 * 1024;

    private ByteBuffer buffer = ByteBuffer.allocate(4096);

    /** Starts a frame, leaving room for its length. */
    void begin() {
        if (buffer.capacity() > USUAL_BYTES) {
            buffer = ByteBuffer.allocate(USUAL_BYTES);
        }
        buffer.clear();
        buffer.putInt(0);
    }

    /** Fills in the length and returns the frame, valid until the next {@link #begin()}. */
    ByteBuffer end() {
        buffer.putInt(0, buffer.position() - Integer.BYTES);
        return buffer.flip();
    }

    void writeByte(int value) {
        room(1).put((byte) value);
    }

    void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    void writeInt(int value) {
        room(4).putInt(value);
    }

    void writeLong(long value) {
        room(8).putLong(value);
    }

    void writeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    void writeVarLong(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    void writeBytes(byte[] bytes) {
        writeInt(bytes.length);
        room(bytes.length).put(bytes);
    }

    /** Lone surrogates become U+FFFD, as JSON text and headers cannot carry them anyway. */
    void writeString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeBytes(bytes);
    }

    void writeOptionalString(@Nullable String text) {
        writeBoolean(text != null);
        if (text != null) {
            writeString(text);
        }
    }

    void writeStrings(Map<String, String> strings) {
        writeInt(strings.size());
        strings.forEach((name, value) -> {
            writeString(name);
            writeString(value);
        });
    }

    void writeFields(List<Message.Field> fields) {
        writeInt(fields.size());
        fields.forEach(field -> {
            writeString(field.name());
            writeString(field.value());
        });
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            long wanted = Math.max((long) buffer.position() + bytes, buffer.capacity() * 2L);
            ByteBuffer larger = ByteBuffer.allocate(Math.toIntExact(wanted));
            larger.put(buffer.flip());
            buffer = larger;
        }
        return buffer;
    }
}
