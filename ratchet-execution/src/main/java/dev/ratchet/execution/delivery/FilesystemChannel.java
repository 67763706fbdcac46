package dev.ratchet.execution.delivery;

import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.OutputDestination.Filesystem;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.execution.recording.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes files below one folder: to a temporary file beside the target, through to the disk, then under its name in one
 * step. Whoever looks sees the old file, no file or the whole new one, after a power cut too. A file that has these
 * bytes already is left as it is, so that an attempt repeated after a crash succeeds.
 *
 * <p>Folders that are symbolic links are refused even where they lead back inside. The check and the use of a folder are
 * two steps: the folder must not be writable by people who are not trusted.
 */
final class FilesystemChannel {
    private static final String BACKUP_SUFFIX = ".backup";

    /** Messages of the operating system that more room or a repair may change; Java has no types for them. */
    private static final List<String> PERMANENT = List.of("file name too long", "filename too long");

    private final Path root;

    FilesystemChannel(Path root) {
        this.root = root;
    }

    DeliveryAttempt deliver(DeliveryId id, Filesystem destination, Rendering rendering) {
        ObjectNode info = Json.object();
        try {
            byte[] bytes = rendering.body(destination.format(), destination.template(), destination.compression());
            String path = suffixed(rendering.fill("path", destination.path(), Templates.Place.PATH), destination);
            Files.createDirectories(root);
            Path realRoot = root.toRealPath();
            List<String> names = OutputPath.names(path, root, realRoot);
            info.put("path", String.join("/", names));
            Path folder = folder(realRoot, names.subList(0, names.size() - 1), destination.createDirs());
            Path target = folder.resolve(names.getLast());
            return write(id, destination, bytes, target, info);
        } catch (TemplateException e) {
            return Attempts.failed(e.text(), info);
        } catch (TooLargeException e) {
            return Attempts.failed(e.text(), info);
        } catch (IOException e) {
            return ofFault(e, info);
        }
    }

    /** What a fault of the file system means for the delivery. */
    static DeliveryAttempt ofFault(IOException fault, ObjectNode info) {
        String why = reason(fault);
        boolean permanent = fault instanceof AccessDeniedException
                || fault instanceof FileAlreadyExistsException
                || PERMANENT.stream().anyMatch(why.toLowerCase(Locale.ROOT)::contains);
        return permanent
                ? Attempts.failed("the file could not be written: " + why, info)
                : Attempts.retry("the file could not be written: " + why, info);
    }

    private static String reason(IOException fault) {
        if (fault instanceof AccessDeniedException) {
            return "access denied";
        }
        if (fault instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (fault instanceof NoSuchFileException) {
            return "a folder has gone";
        }
        // Without the absolute path that stands in the message of a FileSystemException.
        String why = fault instanceof FileSystemException known ? known.getReason() : fault.getMessage();
        return why == null ? fault.getClass().getSimpleName() : why;
    }

    private static String suffixed(String path, Filesystem destination) {
        String suffix = destination.compression().suffix();
        return path.toLowerCase(Locale.ROOT).endsWith(suffix) ? path : path + suffix;
    }

    private static Path folder(Path realRoot, List<String> names, boolean create)
            throws IOException, TemplateException {
        Path folder = realRoot;
        for (String name : names) {
            Path next = folder.resolve(name);
            Optional<BasicFileAttributes> found = attributes(next);
            if (found.isEmpty()) {
                if (!create) {
                    throw new TemplateException(
                            "the folder '" + realRoot.relativize(next) + "' does not exist and createDirs is false");
                }
                createFolder(folder, next);
            } else if (found.get().isSymbolicLink()) {
                throw new TemplateException(
                        "the folder '" + realRoot.relativize(next) + "' is a symbolic link; accepted are real folders");
            } else if (!found.get().isDirectory()) {
                throw new TemplateException("'" + realRoot.relativize(next) + "' is not a folder");
            }
            folder = next;
        }
        if (!folder.toRealPath().equals(folder)) {
            throw new TemplateException("the folder leads out of the output folder");
        }
        return folder;
    }

    private static void createFolder(Path parent, Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            sync(parent);
        } catch (FileAlreadyExistsException e) {
            // Another delivery was faster.
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    private static DeliveryAttempt write(
            DeliveryId id, Filesystem destination, byte[] bytes, Path target, ObjectNode info)
            throws IOException, TemplateException {
        Optional<BasicFileAttributes> existing = attributes(target);
        if (existing.isPresent()) {
            if (!existing.get().isRegularFile()) {
                throw new TemplateException("'" + target.getFileName()
                        + "' exists and is not a file; accepted is the name of a file or a new name");
            }
            if (holds(target, existing.get().size(), bytes)) {
                info.put("unchanged", true);
                return Attempts.delivered(bytes.length, info);
            }
            if (!destination.overwrite()) {
                return Attempts.failed("the file exists already and overwrite is false", info);
            }
        }
        Path temporary = target.resolveSibling(".ratchet-" + id.value() + ".tmp");
        try {
            writeThrough(temporary, bytes, destination.permissions());
            if (existing.isPresent() && destination.backupExisting()) {
                backUp(target, id);
                info.put("backup", target.getFileName() + BACKUP_SUFFIX);
            }
            if (destination.overwrite()) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } else {
                moveToNewName(temporary, target);
            }
            sync(target.resolveSibling("."));
        } finally {
            Files.deleteIfExists(temporary);
        }
        return Attempts.delivered(bytes.length, info);
    }

    private static boolean holds(Path file, long size, byte[] bytes) throws IOException {
        return size == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
    }

    private static void writeThrough(Path file, byte[] bytes, int permissions) throws IOException {
        // What a crashed attempt of the same delivery left.
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS)) {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                view.setPermissions(permissions(permissions));
            }
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** Keeps the old file under its name with a suffix, replacing an earlier one; the old name stays meanwhile. */
    private static void backUp(Path target, DeliveryId id) throws IOException {
        Path backup = target.resolveSibling(target.getFileName() + BACKUP_SUFFIX);
        Path temporary = target.resolveSibling(".ratchet-" + id.value() + ".bak");
        Files.deleteIfExists(temporary);
        try {
            Files.copy(target, temporary, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.READ)) {
                channel.force(true);
            }
            Files.move(temporary, backup, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** A link is refused where the name is taken, a move is not; file systems without links get the next best. */
    private static void moveToNewName(Path temporary, Path target) throws IOException {
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(temporary, target);
        }
    }

    /** Windows has no such thing, and its view of files says so. */
    private static void sync(Path folder) throws IOException {
        if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder("rwxrwxrwx");
        for (int bit = 0; bit < text.length(); bit++) {
            if ((mode >> (text.length() - 1 - bit) & 1) == 0) {
                text.setCharAt(bit, '-');
            }
        }
        return PosixFilePermissions.fromString(text.toString());
    }
}
