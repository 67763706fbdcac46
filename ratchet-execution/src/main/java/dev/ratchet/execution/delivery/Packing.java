package dev.ratchet.execution.delivery;

import com.github.luben.zstd.Zstd;
import dev.ratchet.core.delivery.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Packs written results. The same bytes give the same packed bytes, so that a repeated attempt writes the same file. */
final class Packing {
    private Packing() {}

    /** @throws IOException when the machine has no native library for the compression */
    static byte[] pack(byte[] plain, Compression compression) throws IOException {
        return switch (compression) {
            case NONE -> plain;
            case GZIP -> gzip(plain);
            case ZSTD -> zstd(plain);
        };
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 4 + 64);
        // Java leaves the time in the header at zero.
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private static byte[] zstd(byte[] plain) throws IOException {
        try {
            return Zstd.compress(plain);
        } catch (LinkageError e) {
            throw new IOException(
                    "zstd has no native library for this machine, or may not unpack it into the temporary folder;"
                            + " gzip works everywhere",
                    e);
        }
    }
}
