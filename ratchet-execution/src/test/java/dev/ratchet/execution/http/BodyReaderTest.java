package dev.ratchet.execution.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.execution.http.BodyReader.BodyTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private static final byte[] TEXT = "hello hello hello".getBytes(UTF_8);

    @Test
    void readWhenPlainGivesBytes() throws IOException {
        assertThat(read(TEXT, List.of(), TEXT.length)).isEqualTo(TEXT);
    }

    @Test
    void readWhenOneByteOverCapRefuses() {
        assertThatThrownBy(() -> read(TEXT, List.of(), TEXT.length - 1)).isInstanceOf(BodyTooLargeException.class);
        assertThatThrownBy(() -> read(gzip(TEXT), List.of("gzip"), TEXT.length - 1))
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void readWhenEncodedDecodes() throws IOException {
        assertThat(read(gzip(TEXT), List.of("gzip"), TEXT.length)).isEqualTo(TEXT);
        assertThat(read(deflate(TEXT, false), List.of("deflate"), 100)).isEqualTo(TEXT);
        assertThat(read(deflate(TEXT, true), List.of("deflate"), 100)).isEqualTo(TEXT);
        assertThat(read(gzip(deflate(TEXT, false)), List.of("gzip", "deflate"), 100))
                .isEqualTo(TEXT);
    }

    @Test
    void readWhenEmptyAndSaidToBeEncodedIsEmpty() throws IOException {
        assertThat(read(new byte[0], List.of("gzip"), 10)).isEmpty();
    }

    @Test
    void readWhenGzipHasTwoMembersGivesBoth() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip(TEXT));
        both.write(gzip(TEXT));

        assertThat(read(both.toByteArray(), List.of("gzip"), 100)).hasSize(2 * TEXT.length);
    }

    @Test
    void readWhenCutShortRefuses() throws IOException {
        byte[] encoded = gzip(new byte[5000]);

        assertThatThrownBy(() -> read(Arrays.copyOf(encoded, encoded.length - 9), List.of("gzip"), 10_000))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read("not gzip".getBytes(UTF_8), List.of("gzip"), 10_000))
                .isInstanceOf(ZipException.class);
    }

    @Test
    void readWhenBombStopsAtCapNotAtEnd() throws IOException {
        byte[] bomb = gzip(new byte[64 * 1024 * 1024]);
        AtomicLong taken = new AtomicLong();

        assertThatThrownBy(() -> BodyReader.read(counting(bomb, taken), List.of("gzip"), 100_000))
                .isInstanceOf(BodyTooLargeException.class);
        assertThat(taken.get()).isLessThan(bomb.length);
    }

    @Test
    void readWhenEncodingCarriesEndlessNothingStops() throws IOException {
        byte[] empty = gzip(new byte[0]);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) {
            members.write(empty);
        }

        assertThatThrownBy(() -> read(members.toByteArray(), List.of("gzip"), 1000))
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void codingsWhenKnownAreInOrderOfUndoing() {
        assertThat(BodyReader.codings("deflate, GZIP")).contains(List.of("gzip", "deflate"));
        assertThat(BodyReader.codings("identity")).contains(List.of());
        assertThat(BodyReader.codings("")).contains(List.of());
    }

    @Test
    void codingsWhenUnknownOrManyIsEmpty() {
        assertThat(BodyReader.codings("br")).isEmpty();
        assertThat(BodyReader.codings("gzip, br")).isEmpty();
        assertThat(BodyReader.codings("gzip, gzip, gzip")).isEmpty();
    }

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(encoded)) {
            out.write(plain);
        }
        return encoded.toByteArray();
    }

    static byte[] deflate(byte[] plain, boolean raw) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try (OutputStream out = new DeflaterOutputStream(encoded, deflater)) {
            out.write(plain);
        } finally {
            deflater.end();
        }
        return encoded.toByteArray();
    }

    private static byte[] read(byte[] wire, List<String> codings, long max) throws IOException {
        return BodyReader.read(new ByteArrayInputStream(wire), codings, max);
    }

    private static InputStream counting(byte[] wire, AtomicLong taken) {
        return new ByteArrayInputStream(wire) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                int count = super.read(target, offset, length);
                taken.addAndGet(Math.max(0, count));
                return count;
            }
        };
    }
}
