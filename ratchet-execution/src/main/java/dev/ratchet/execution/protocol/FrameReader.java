package dev.ratchet.execution.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the primitives of a frame, trusting no length it finds. */
final class FrameReader {
    private static final int MAX_LIST = 1 << 20;

    private final ByteBuffer frame;

    FrameReader(ByteBuffer frame) {
        this.frame = frame;
    }

    int readByte() throws ProtocolException {
        require(1);
        return frame.get();
    }

    boolean readBoolean() throws ProtocolException {
        return readByte() != 0;
    }

    int readInt() throws ProtocolException {
        require(4);
        return frame.getInt();
    }

    long readLong() throws ProtocolException {
        require(8);
        return frame.getLong();
    }

    double readDouble() throws ProtocolException {
        return Double.longBitsToDouble(readLong());
    }

    /** Unsigned LEB128, at most ten bytes. */
    long readVarLong() throws ProtocolException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new ProtocolException("variable-length number of more than ten bytes");
    }

    byte[] readBytes() throws ProtocolException {
        int length = readInt();
        require(length);
        byte[] bytes = new byte[length];
        frame.get(bytes);
        return bytes;
    }

    String readString() throws ProtocolException {
        int length = readInt();
        require(length);
        ByteBuffer slice = frame.slice(frame.position(), length);
        frame.position(frame.position() + length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(slice)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("text that is not UTF-8");
        }
    }

    @Nullable
    String readOptionalString() throws ProtocolException {
        return readBoolean() ? readString() : null;
    }

    Map<String, String> readStrings() throws ProtocolException {
        int size = readSize(8);
        Map<String, String> strings = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            strings.put(readString(), readString());
        }
        return strings;
    }

    List<Message.Field> readFields() throws ProtocolException {
        int size = readSize(8);
        List<Message.Field> fields = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            fields.add(new Message.Field(readString(), readString()));
        }
        return fields;
    }

    /** A number of elements of which each takes at least {@code minBytesEach}. */
    int readSize(int minBytesEach) throws ProtocolException {
        int size = readInt();
        if (size < 0 || size > MAX_LIST || (long) size * minBytesEach > frame.remaining()) {
            throw new ProtocolException("list of " + size + " elements in the " + frame.remaining() + " bytes left");
        }
        return size;
    }

    void requireEnd() throws ProtocolException {
        if (frame.hasRemaining()) {
            throw new ProtocolException(frame.remaining() + " bytes after the end of a message");
        }
    }

    private void require(int bytes) throws ProtocolException {
        if (bytes < 0 || bytes > frame.remaining()) {
            throw new ProtocolException("frame ends early: " + bytes + " bytes wanted, " + frame.remaining() + " left");
        }
    }
}
