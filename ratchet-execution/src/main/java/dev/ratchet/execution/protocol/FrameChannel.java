package dev.ratchet.execution.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages over a connected stream socket, each as a frame of a four-byte length and that many bytes. Any thread may
 * send; one thread receives. Senders are served in order, so a message waits for at most one frame per waiting sender.
 */
public final class FrameChannel implements AutoCloseable {
    /** Largest frame either side accepts, in bytes: the largest output or package, with room for what is around it. */
    public static final int MAX_FRAME_BYTES = 72 * 1024 * 1024;

    /** The system copies each transfer through memory outside the heap, of which a worker has little. */
    private static final int MAX_TRANSFER_BYTES = 256 * 1024;

    private static final int READ_BUFFER_BYTES = 128 * 1024;

    private final SocketChannel socket;
    private final ReentrantLock sending = new ReentrantLock(true);
    private final FrameWriter writer = new FrameWriter();
    private ByteBuffer received = ByteBuffer.allocate(READ_BUFFER_BYTES).limit(0);

    /** Takes over {@code socket}, which must be connected and blocking. */
    public FrameChannel(SocketChannel socket) {
        this.socket = socket;
    }

    /**
     * Sends one message and returns when the system has taken it.
     *
     * @throws IOException when the peer is gone
     */
    public void send(Message message) throws IOException {
        sending.lock();
        try {
            writer.begin();
            MessageCodec.write(message, writer);
            ByteBuffer frame = writer.end();
            if (frame.remaining() - Integer.BYTES > MAX_FRAME_BYTES) {
                throw new ProtocolException("message of " + frame.remaining() + " bytes");
            }
            int end = frame.limit();
            while (frame.position() < end) {
                frame.limit(Math.min(end, frame.position() + MAX_TRANSFER_BYTES));
                socket.write(frame);
            }
        } finally {
            sending.unlock();
        }
    }

    /**
     * Waits for the next message.
     *
     * @return null when the peer has closed the connection between two messages
     * @throws ProtocolException when what arrives is no message
     */
    public @Nullable Message receive() throws IOException {
        if (!fill(Integer.BYTES)) {
            return null;
        }
        int length = received.getInt();
        if (length < 1 || length > MAX_FRAME_BYTES) {
            throw new ProtocolException("frame of " + length + " bytes");
        }
        if (!fill(length)) {
            throw new ProtocolException("connection closed within a message");
        }
        ByteBuffer frame = received.slice(received.position(), length);
        received.position(received.position() + length);
        return MessageCodec.read(frame);
    }

    /** Makes {@code bytes} bytes available; false when the peer closed first. */
    private boolean fill(int bytes) throws IOException {
        if (received.remaining() >= bytes) {
            return true;
        }
        if (bytes > received.capacity()) {
            // A large frame grows as its bytes arrive: an announced length alone allocates nothing.
            received = ByteBuffer.allocate(Math.min(bytes, Math.max(received.capacity() * 2, READ_BUFFER_BYTES)))
                    .put(received)
                    .flip();
        } else {
            if (received.capacity() > READ_BUFFER_BYTES
                    && bytes <= READ_BUFFER_BYTES
                    && received.remaining() < READ_BUFFER_BYTES) {
                received = ByteBuffer.allocate(READ_BUFFER_BYTES).put(received).flip();
            }
            received.compact().flip();
        }
        while (received.remaining() < bytes) {
            if (received.limit() == received.capacity()) {
                long larger = Math.min(bytes, received.capacity() * 2L);
                received = ByteBuffer.allocate((int) larger).put(received).flip();
            }
            int end = received.limit();
            received.limit(Math.min(received.capacity(), end + MAX_TRANSFER_BYTES));
            int start = received.position();
            received.position(end);
            int count = socket.read(received);
            int filled = received.position();
            received.limit(filled).position(start);
            if (count < 0) {
                if (received.hasRemaining()) {
                    throw new ProtocolException("connection closed within a message");
                }
                return false;
            }
        }
        return true;
    }

    /** Closes the connection; a blocked sender or receiver fails. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
