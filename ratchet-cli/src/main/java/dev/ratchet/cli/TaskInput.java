package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The input of a task, from one of the places a command line can give it. */
final class TaskInput {
    /** Largest input accepted, in bytes. */
    static final int MAX_BYTES = 10 * 1024 * 1024;

    /** A class of its own, so that commands which read no input, such as {@code --help}, load no JSON library. */
    private static final class Strict {
        static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    @Option(names = "--input-json", paramLabel = "JSON", description = "The input as JSON (default: {}).")
    private @Nullable String json;

    @Option(
            names = "--input-file",
            paramLabel = "FILE",
            description = "A file that holds the input as JSON; - reads standard input.")
    private @Nullable String file;

    /** Whether the input comes from standard input, which may take any time. */
    boolean isStandardInput() {
        return json == null && "-".equals(file);
    }

    /**
     * The input as JSON.
     *
     * @throws RatchetException when it cannot be read or is no JSON, with line and column
     */
    JsonText read(InputStream standardInput) {
        String source = json != null
                ? "--input-json"
                : file == null ? "--input-json" : file.equals("-") ? "standard input" : file;
        String text = json != null ? json : file == null ? "{}" : read(file, source, standardInput);
        if (text.length() > MAX_BYTES) {
            throw tooLarge(source);
        }
        try {
            if (text.isBlank()) {
                throw new RatchetException(ErrorCode.BAD_REQUEST, source + " is empty; accepted: one JSON value");
            }
            Strict.JSON.readTree(text);
            return new JsonText(text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String position = at == null ? "" : at.getLineNr() + ":" + at.getColumnNr();
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the input is not JSON",
                    List.of(new Problem(source, position, e.getOriginalMessage())));
        }
    }

    private static String read(String file, String source, InputStream standardInput) {
        try (InputStream in = file.equals("-") ? standardInput : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge(source);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, source + " is not UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new RatchetException(ErrorCode.NOT_FOUND, "there is no input file " + file, e);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, source + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static RatchetException tooLarge(String source) {
        return new RatchetException(
                ErrorCode.BAD_REQUEST, source + " is larger than " + MAX_BYTES + " bytes, the largest input accepted");
    }
}
