package dev.ratchet.execution.worker;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * What the engine takes for a file system when a module imports another: the package's files under {@code /}, held in
 * memory and read-only. Nothing here looks at the machine's disks.
 */
final class PackageFileSystem implements FileSystem {
    private @Nullable PackageFiles files;
    private String entryDirectory = "/";
    private @Nullable String refusal;

    /** Sets the package; before the task's code runs. */
    void mount(PackageFiles content) {
        files = content;
        entryDirectory = "/" + content.entry().substring(0, content.entry().lastIndexOf('/') + 1);
    }

    /** The last reason given for not finding a file, null if every file was found. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** Refused later like any bare name: the engine would turn an exception from here into words about sockets. */
    @Override
    public Path parsePath(URI uri) {
        return Path.of(uri.toString());
    }

    /**
     * Relative specifiers come here only from the entry file, which has no path; those in other files are resolved
     * against the file first.
     */
    @Override
    public Path parsePath(String path) {
        return PackageFiles.isRelative(path) ? Path.of(entryDirectory).resolve(path) : Path.of(path);
    }

    @Override
    public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) throws IOException {
        if (modes.contains(AccessMode.WRITE) || modes.contains(AccessMode.EXECUTE)) {
            throw readOnly();
        }
        text(path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return new TextChannel(ByteBuffer.wrap(text(path).getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        text(path);
        return Map.of("isRegularFile", true, "isDirectory", false, "isSymbolicLink", false);
    }

    @Override
    public Path toAbsolutePath(Path path) {
        return Path.of("/").resolve(path);
    }

    @Override
    public Path toRealPath(Path path, LinkOption... options) throws IOException {
        text(path);
        return toAbsolutePath(path).normalize();
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        throw readOnly();
    }

    @Override
    public void delete(Path path) throws IOException {
        throw readOnly();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        throw new IOException("the files of a package cannot be listed");
    }

    /** A bare name such as {@code lodash} arrives as a relative path, everything else as an absolute one. */
    private String text(Path path) throws IOException {
        String name = path.normalize().toString();
        if (!path.isAbsolute()) {
            // The slashes of a URL that a path loses.
            String url = name.replaceFirst("^file:/", "file:///").replaceFirst("^([a-z]+:/)(?=[^/])", "$1/");
            throw refuse(PackageFiles.refusal("import", url, name));
        }
        String file = name.substring(1);
        String text = files == null ? null : files.text(file);
        if (text == null) {
            throw refuse("cannot import '" + file + "': there is no such file in this package");
        }
        return text;
    }

    private IOException refuse(String reason) {
        refusal = reason;
        return new IOException(reason);
    }

    private static IOException readOnly() {
        return new IOException("the files of a package cannot be changed");
    }

    /** A file's bytes. */
    private static final class TextChannel implements SeekableByteChannel {
        private final ByteBuffer bytes;
        private boolean open = true;

        TextChannel(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            requireOpen();
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(target.remaining(), bytes.remaining());
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public long position() throws IOException {
            requireOpen();
            return bytes.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            requireOpen();
            bytes.position((int) Math.min(position, bytes.limit()));
            return this;
        }

        @Override
        public long size() throws IOException {
            requireOpen();
            return bytes.limit();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }

        private void requireOpen() throws ClosedChannelException {
            if (!open) {
                throw new ClosedChannelException();
            }
        }
    }
}
