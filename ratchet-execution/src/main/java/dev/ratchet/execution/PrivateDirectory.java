package dev.ratchet.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one pool's sockets, for the owner only. A lock of the operating system on a file in it ends with the
 * process, however that ends, and so tells a folder in use from one that was left behind; the next pool removes those.
 */
final class PrivateDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PrivateDirectory.class);

    private static final String PREFIX = "ratchet-";
    private static final String LOCK = "in-use";

    /** Those of this process: asking for a lock that it holds itself, and closing the file, would give the lock up. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private PrivateDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one in the temporary directory, and removes what processes have left there that are no more.
     *
     * @throws RatchetException when it cannot be made
     */
    static PrivateDirectory make() {
        try {
            Path made = Files.createTempDirectory(PREFIX);
            OWN.add(made);
            // Locked before it has its name, so that nobody finds it without an owner.
            Path unnamed = made.resolve(LOCK + ".new");
            FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            Files.move(unnamed, made.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
            sweep(made);
            return new PrivateDirectory(made, lock);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.WORKER_UNAVAILABLE,
                    "no private directory for the workers' sockets could be made in the temporary directory: "
                            + e.getMessage(),
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** What cannot be looked at or removed is somebody else's affair; it is said and left. */
    private static void sweep(Path own) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(own.resolveSibling("."), PREFIX + "*")) {
            UserPrincipal owner = Files.getOwner(own);
            for (Path each : found) {
                Path folder = own.resolveSibling(each.getFileName());
                if (!OWN.contains(folder) && Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
                    sweep(folder, owner);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.atWarn().setCause(e).log("the temporary directory cannot be searched for what dead servers left");
        }
    }

    private static void sweep(Path folder, UserPrincipal owner) {
        try {
            if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                return;
            }
            try (FileChannel file = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                    FileLock free = tryLock(file)) {
                if (free != null) {
                    remove(folder);
                    log.atInfo().addKeyValue("directory", folder).log("removed what a dead server left");
                }
            }
        } catch (NoSuchFileException e) {
            log.atDebug().addKeyValue("directory", folder).log("another one was faster to remove it");
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("directory", folder)
                    .setCause(e)
                    .log("what a dead server left could not be removed");
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The lock last: as long as it is there, what is left of the folder is found again. */
    private static void remove(Path folder) throws IOException {
        Path lock = folder.resolve(LOCK);
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(lock)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (directory.equals(folder)) {
                    Files.deleteIfExists(lock);
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try {
            try {
                remove(path);
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("directory", path).setCause(e).log("a private directory could not be removed");
        } finally {
            OWN.remove(path);
        }
    }
}
