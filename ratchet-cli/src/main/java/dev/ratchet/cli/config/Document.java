package dev.ratchet.cli.config;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A configuration file as it was read.
 *
 * @param source its name, for messages
 * @param root its content
 * @param lines the line, counted from one, of each JSON pointer that a value stands at
 */
record Document(String source, JsonNode root, Map<String, Integer> lines) {
    private static final int MAX_BYTES = 1024 * 1024;

    /** What there is without a file. */
    static final Document NONE = new Document("environment", JsonNodeFactory.instance.objectNode(), Map.of());

    /**
     * Reads a file: JSON if it is called so, else YAML.
     *
     * @throws RatchetException when it is missing, too large, or neither
     */
    static Document read(Path file) {
        String source = file.toString();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new RatchetException(ErrorCode.BAD_REQUEST, file + " is larger than " + MAX_BYTES + " bytes");
            }
            return parse(source, bytes);
        } catch (NoSuchFileException e) {
            throw new RatchetException(ErrorCode.NOT_FOUND, "there is no configuration file " + file, e);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Document parse(String source, byte[] bytes) {
        ObjectMapper mapper = source.toLowerCase(Locale.ROOT).endsWith(".json")
                ? JsonMapper.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .build()
                : YAMLMapper.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .build();
        try {
            JsonNode root = mapper.readTree(bytes);
            if (root == null || root.isMissingNode() || root.isNull()) {
                return new Document(source, JsonNodeFactory.instance.objectNode(), Map.of());
            }
            return new Document(source, root, lines(source, mapper, bytes));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String position = at == null ? "" : at.getLineNr() + ":" + at.getColumnNr();
            throw unusable(List.of(
                    new Problem(source, position, "neither YAML nor JSON: " + firstWords(e.getOriginalMessage()))));
        }
    }

    /** The tree does not know where its nodes stood, so the text is walked once more. */
    private static Map<String, Integer> lines(String source, ObjectMapper mapper, byte[] bytes) {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = mapper.createParser(bytes)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int line = parser.currentTokenLocation().getLineNr();
                if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
                    throw unusable(List.of(new Problem(
                            source,
                            String.valueOf(line),
                            "has an alias (*name), which would be read as a text; write the value out")));
                }
                if (token.isScalarValue() || token.isStructStart()) {
                    lines.putIfAbsent(parser.streamReadContext().pathAsPointer().toString(), line);
                }
            }
        }
        return lines;
    }

    static RatchetException unusable(List<Problem> problems) {
        return new RatchetException(ErrorCode.BAD_REQUEST, "the configuration cannot be used", problems);
    }

    /** The parser shows the lines at fault, indented; they may hold a secret and are left out. */
    private static String firstWords(String message) {
        return message.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .limit(3)
                .collect(Collectors.joining(" "));
    }
}
