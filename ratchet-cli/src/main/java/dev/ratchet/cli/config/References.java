package dev.ratchet.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows what stands in place of a secret: {@code file:PATH}, {@code env:NAME} or {@code secret:NAME}.
 *
 * @param environment the variables
 * @param directory the folder of the named secrets; null for none
 */
record References(Map<String, String> environment, @Nullable Path directory) {
    private static final int MAX_BYTES = 64 * 1024;

    /** A secret and what it was read from; the latter is empty when it stood there itself. */
    record Found(String value, String target) {}

    /** The secret that {@code text} stands for. */
    Reading<Found> follow(String text) {
        if (text.startsWith("file:")) {
            return file(text.substring("file:".length()));
        }
        if (text.startsWith("env:")) {
            String name = text.substring("env:".length());
            String value = environment.get(name);
            return value == null || value.isEmpty()
                    ? Reading.bad("there is no environment variable " + Type.shown(name))
                    : Reading.good(new Found(value, name));
        }
        if (text.startsWith("secret:")) {
            String name = text.substring("secret:".length());
            return NamedSecrets.one(name, environment, this)
                    .orElseGet(() -> Reading.bad("there is no secret " + Type.shown(name)
                            + "; accepted: the name of a file in secrets.directory, or of a variable "
                            + NamedSecrets.PREFIX + "NAME"));
        }
        return Reading.good(new Found(text, ""));
    }

    /** The content of a file without the line end at its end. */
    static Reading<Found> file(String name) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                return Reading.bad("the file " + name + " is larger than " + MAX_BYTES + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\r?\\n\\z", "");
            return text.isEmpty() ? Reading.bad("the file " + name + " is empty") : Reading.good(new Found(text, name));
        } catch (NoSuchFileException e) {
            return Reading.bad("there is no file " + name);
        } catch (CharacterCodingException e) {
            return Reading.bad("the file " + name + " is no UTF-8 text");
        } catch (InvalidPathException | IOException e) {
            return Reading.bad("the file " + name + " cannot be read: "
                    + Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()));
        }
    }
}
