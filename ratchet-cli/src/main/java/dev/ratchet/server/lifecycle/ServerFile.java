package dev.ratchet.server.lifecycle;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file by which local clients find the server: {@code server.json} of its data directory. It is there while the
 * server accepts requests, and may outlive a server that was killed.
 *
 * @param url base of every route, without a slash at its end
 * @param pid process of the server
 * @param startedAt when it began to accept requests
 * @param version of the program
 */
public record ServerFile(String url, long pid, Instant startedAt, String version) {
    /** Name within the data directory. */
    public static final String NAME = "server.json";

    private static final int MAX_BYTES = 64 * 1024;

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    public ServerFile {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(version, "version");
    }

    /**
     * What stands in a data directory; empty when there is none.
     *
     * @throws RatchetException when the file cannot be read or is not what a server writes
     */
    public static Optional<ServerFile> read(Path dataDirectory) {
        Path file = dataDirectory.resolve(NAME);
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode fields = JsonMapper.shared().readTree(in.readNBytes(MAX_BYTES));
            return Optional.of(new ServerFile(
                    fields.required("url").stringValue(),
                    fields.required("pid").longValue(),
                    Instant.parse(fields.required("startedAt").stringValue()),
                    fields.required("version").stringValue()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, file + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException | DateTimeException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, file + " is not what a server writes; remove it", e);
        }
    }

    /** Replaces the file at once, readable by its owner only. */
    void write(Path dataDirectory) throws IOException {
        ObjectNode fields = JsonMapper.shared().createObjectNode();
        fields.put("url", url);
        fields.put("pid", pid);
        fields.put("startedAt", startedAt.toString());
        fields.put("version", version);
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(fields);
        Path draft = dataDirectory.resolve(NAME + "." + pid);
        Files.deleteIfExists(draft);
        try {
            try (FileChannel out = FileChannel.open(
                    draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    out.write(left);
                }
            }
            Files.move(
                    draft,
                    dataDirectory.resolve(NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Removes the file, if there is one. */
    static void remove(Path dataDirectory) throws IOException {
        Files.deleteIfExists(dataDirectory.resolve(NAME));
    }

    private static FileAttribute<?>[] ownerOnly() {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
