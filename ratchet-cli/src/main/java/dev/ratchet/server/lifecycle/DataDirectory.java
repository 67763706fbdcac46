package dev.ratchet.server.lifecycle;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data directory, held by one process at a time. The lock is the operating system's on {@code server.lock}, so it is
 * gone with the process, however that ends; the number in the file only serves messages.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "server.lock";
    private static final int MAX_PID_BYTES = 32;

    private final Path directory;
    private final FileChannel channel;

    private DataDirectory(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Makes the directory if it is missing, and holds it until {@link #close()}.
     *
     * @param pid process that is to be named to whoever comes second
     * @throws RatchetException when another process holds it, or it cannot be made or written to
     */
    public static DataDirectory hold(Path directory, long pid) {
        Path absolute = directory.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(absolute);
            channel = FileChannel.open(
                    absolute.resolve(LOCK),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = owner(channel);
                channel.close();
                throw new RatchetException(
                        ErrorCode.IO_ERROR,
                        "the data directory " + absolute + " is in use by another server"
                                + (owner.isEmpty() ? "" : " (process " + owner + ")")
                                + "; stop that one, or choose another with --data-dir");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            // What a server that was killed has left would point clients at nobody.
            ServerFile.remove(absolute);
            return new DataDirectory(absolute, channel);
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw new RatchetException(
                    ErrorCode.IO_ERROR,
                    "the data directory " + absolute + " cannot be used ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); it must be a folder this user can write to",
                    e);
        }
    }

    /** The directory, absolute. */
    public Path path() {
        return directory;
    }

    /**
     * Tells local clients where the server is.
     *
     * @throws RatchetException when the file cannot be written
     */
    public void announce(ServerFile file) {
        try {
            Objects.requireNonNull(file, "file").write(directory);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR,
                    directory.resolve(ServerFile.NAME) + " cannot be written: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Takes the announcement back, if there is one.
     *
     * @throws RatchetException when the file cannot be removed
     */
    public void withdraw() {
        try {
            ServerFile.remove(directory);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR,
                    directory.resolve(ServerFile.NAME) + " cannot be removed: " + e.getMessage(),
                    e);
        }
    }

    /** Lets go of the directory. Closing twice is the same as once. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the lock of " + directory + " cannot be let go: " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process, as in tests; for the caller that makes no difference.
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(text, 0);
        String owner = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return owner.chars().allMatch(c -> c >= '0' && c <= '9') ? owner : "";
    }

    private static void closeQuietly(@Nullable FileChannel channel, IOException cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
