package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Notices changes of a file, or of the files below a folder, by looking at times and sizes. A look every quarter of a
 * second is cheap for a task's few files and works on every file system, which the notification services do not.
 */
final class FolderWatch implements AutoCloseable {
    private static final long EVERY_MILLIS = 250;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_FILES = 10_000;

    private record Seen(long modified, long size) {}

    private final Path root;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Map<Path, Seen> last;

    private FolderWatch(Path root) {
        this.root = root;
        this.last = look();
    }

    /** Watches {@code root} from now on. */
    static FolderWatch of(Path root) {
        return new FolderWatch(root);
    }

    /** Waits for the next change; false when stopped. */
    boolean awaitChange() {
        try {
            while (!stopped.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                Map<Path, Seen> now = look();
                if (!now.equals(last)) {
                    last = now;
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Ends the waiting, now and later. */
    void stop() {
        stopped.countDown();
    }

    @Override
    public void close() {
        stop();
    }

    private Map<Path, Seen> look() {
        Map<Path, Seen> seen = new HashMap<>();
        try (Stream<Path> files = Files.walk(root, MAX_DEPTH)) {
            files.limit(MAX_FILES).forEach(file -> {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        seen.put(file, new Seen(attributes.lastModifiedTime().toMillis(), attributes.size()));
                    }
                } catch (IOException e) {
                    // Gone between listing and looking: the next look settles it.
                    seen.put(file, new Seen(-1, -1));
                }
            });
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException | UncheckedIOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, root + " cannot be watched: " + e.getMessage(), e);
        }
        return seen;
    }
}
