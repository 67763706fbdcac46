package dev.ratchet.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * The one fact of a ZIP archive's central directory that {@link java.util.zip} does not tell: which entries are
 * symbolic links. Structure after PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.3.16.
 */
final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int MAX_COMMENT = 0xffff;
    private static final int MADE_BY_UNIX = 3;
    private static final int TYPE_MASK = 0xf000;
    private static final int TYPE_LINK = 0xa000;

    private ZipDirectory() {}

    /** Names of the entries that are links. */
    static Set<String> links(Path archive) throws IOException {
        ByteBuffer bytes;
        try (InputStream in = Files.newInputStream(archive)) {
            bytes = ByteBuffer.wrap(in.readNBytes(PackageBounds.MAX_ARCHIVE_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        int end = endRecord(bytes);
        int count = Short.toUnsignedInt(bytes.getShort(end + 10));
        int at = bytes.getInt(end + 16);
        Set<String> links = new HashSet<>();
        for (int i = 0; i < count; i++) {
            if (at < 0 || at > end - ENTRY_SIZE || bytes.getInt(at) != ENTRY_SIGNATURE) {
                throw new ZipException("its directory is damaged");
            }
            int nameLength = Short.toUnsignedInt(bytes.getShort(at + 28));
            int length = ENTRY_SIZE
                    + nameLength
                    + Short.toUnsignedInt(bytes.getShort(at + 30))
                    + Short.toUnsignedInt(bytes.getShort(at + 32));
            if (at + length > end) {
                throw new ZipException("its directory is damaged");
            }
            boolean unix = bytes.get(at + 5) == MADE_BY_UNIX;
            int mode = bytes.getInt(at + 38) >>> 16;
            if (unix && (mode & TYPE_MASK) == TYPE_LINK) {
                byte[] name = new byte[nameLength];
                bytes.get(at + ENTRY_SIZE, name);
                links.add(new String(name, StandardCharsets.UTF_8));
            }
            at += length;
        }
        return links;
    }

    private static int endRecord(ByteBuffer bytes) throws ZipException {
        int first = Math.max(0, bytes.limit() - END_SIZE - MAX_COMMENT);
        for (int at = bytes.limit() - END_SIZE; at >= first; at--) {
            if (bytes.getInt(at) == END_SIGNATURE) {
                return at;
            }
        }
        throw new ZipException("it has no directory");
    }
}
