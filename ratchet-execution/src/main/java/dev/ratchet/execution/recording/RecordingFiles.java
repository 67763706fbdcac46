package dev.ratchet.execution.recording;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Recordings on disk: a directory with {@value #RECORDING}, the recording itself, and {@value #HAR}, its fetches for
 * developer tools. Both appear complete or not at all, {@value #RECORDING} last. {@link JournalFile} adds what is known
 * of the fetches while the run is still under way.
 */
public final class RecordingFiles {
    /** The recording. */
    public static final String RECORDING = "recording.json";

    /** The fetches as an HTTP Archive 1.2. */
    public static final String HAR = "requests.har";

    /** Largest {@value #RECORDING} that is read. */
    public static final long MAX_BYTES = 512L * 1024 * 1024;

    private static final int MAX_NAMED = 5;

    private RecordingFiles() {}

    /**
     * Takes a directory for a run that is about to be recorded, before anything of it has happened: {@code directory}
     * itself when that is new or empty, otherwise a new directory in it, named by the execution's identifier. It then
     * holds an empty {@value JournalFile#NAME}.
     *
     * @return the directory taken, for {@link JournalFile} and {@link #writeInto}
     * @throws RatchetException with {@link ErrorCode#IO_ERROR} when it cannot be written
     */
    public static Path claim(Path directory, UUID executionId) {
        try {
            Files.createDirectories(directory);
            if (claimed(directory)) {
                return directory;
            }
            Path own = directory.resolve(executionId.toString());
            Files.createDirectory(own);
            Files.createFile(own.resolve(JournalFile.NAME));
            return own;
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot write the recording: " + describe(e), e);
        }
    }

    /**
     * Writes a recording into a directory that was taken by {@link #claim}.
     *
     * @throws RatchetException with {@link ErrorCode#IO_ERROR} when it cannot be written
     */
    public static void writeInto(Path claimed, Recording recording) {
        try {
            store(claimed, recording);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot write the recording: " + describe(e), e);
        }
    }

    /**
     * Writes the recording of a run that kept no journal.
     *
     * @return where it was written, chosen as by {@link #claim}
     * @throws RatchetException with {@link ErrorCode#IO_ERROR} when it cannot be written
     */
    public static Path write(Path directory, Recording recording) {
        Path claimed = claim(directory, recording.context().executionId());
        writeInto(claimed, recording);
        try {
            Files.delete(claimed.resolve(JournalFile.NAME));
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot write the recording: " + describe(e), e);
        }
        return claimed;
    }

    /**
     * Replaces the recording in a directory that holds one.
     *
     * @param path as for {@link #read}
     */
    public static void replace(Path path, Recording recording) {
        try {
            store(locate(path).resolveSibling(""), recording);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot write the recording: " + describe(e), e);
        }
    }

    /**
     * Reads a recording.
     *
     * @param path the directory that holds {@value #RECORDING}, or that file
     * @throws RatchetException with {@link ErrorCode#NOT_FOUND} when there is none, {@link ErrorCode#VALIDATION_ERROR}
     *     and a problem with line and column or a JSON pointer when it is not a recording of this format, and
     *     {@link ErrorCode#IO_ERROR} when it cannot be read
     */
    public static Recording read(Path path) {
        Path file = locate(path);
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new RatchetException(
                        ErrorCode.VALIDATION_ERROR,
                        file + ": has " + size + " bytes; recordings of at most " + MAX_BYTES + " bytes are read");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return RecordingJson.fromTree(file.toString(), Json.parse(file.toString(), text));
        } catch (CharacterCodingException e) {
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, file + ": is not UTF-8 text", e);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot read the recording: " + describe(e), e);
        }
    }

    private static Path locate(Path path) {
        if (Files.isRegularFile(path)) {
            return path;
        }
        Path file = path.resolve(RECORDING);
        if (Files.isRegularFile(file)) {
            return file;
        }
        if (!Files.isDirectory(path)) {
            throw new RatchetException(
                    ErrorCode.NOT_FOUND, path + ": no such directory; it is made by run-once --record DIR");
        }
        List<Path> inside = recordingsIn(path);
        throw new RatchetException(
                ErrorCode.NOT_FOUND,
                path + ": holds no " + RECORDING
                        + (inside.isEmpty()
                                ? "; recordings are made by run-once --record DIR"
                                : "; name one of the recordings in it: "
                                        + String.join(
                                                ", ",
                                                inside.stream()
                                                        .map(Path::toString)
                                                        .toList())));
    }

    private static List<Path> recordingsIn(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve(RECORDING)))
                    .sorted()
                    .limit(MAX_NAMED)
                    .toList();
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "cannot read the recording: " + describe(e), e);
        }
    }

    /** Whether {@code directory} was empty and is now this writer's, whoever else is writing into it. */
    private static boolean claimed(Path directory) throws IOException {
        Path claim = directory.resolve(JournalFile.NAME);
        try {
            Files.createFile(claim);
        } catch (FileAlreadyExistsException _) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.allMatch(claim::equals)) {
                return true;
            }
        }
        Files.delete(claim);
        return false;
    }

    private static void store(Path directory, Recording recording) throws IOException {
        store(directory, HAR, Json.writePretty(HarJson.toTree(recording)));
        store(directory, RECORDING, Json.writePretty(RecordingJson.toTree(recording)));
    }

    private static void store(Path directory, String name, String text) throws IOException {
        Path temporary = Files.createTempFile(directory, "." + name, ".tmp");
        try {
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            Files.move(
                    temporary,
                    directory.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String describe(IOException e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
