package dev.ratchet.execution.recording;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON trees of recordings and tests: bounded in depth and length, without duplicate keys, and with numbers kept
 * digit by digit, so that writing a document again changes none of its values. Thread-safe.
 */
public final class Json {
    /** Deepest nesting that is read or written; deeper documents are refused with a problem. */
    public static final int MAX_DEPTH = 1_000;

    private static final int MAX_STRING_CHARS = 128 * 1024 * 1024;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING_CHARS)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH + 16)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * Parses a document.
     *
     * @param source what to call it in the problem
     * @throws RatchetException with one problem at {@code line:column} when it is not JSON, has a key twice or is
     *     nested deeper than {@link #MAX_DEPTH}
     */
    public static JsonNode parse(String source, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String position = at == null || at.getLineNr() < 1 ? "" : at.getLineNr() + ":" + at.getColumnNr();
            Problem problem = new Problem(source, position, "not readable as JSON: " + firstLine(e));
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, problem.toString(), List.of(problem));
        }
    }

    /** Parses a document that is known to be JSON. */
    public static JsonNode parse(String source, JsonText text) {
        return parse(source, text.value());
    }

    /** A new object. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** A new array. */
    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** The node in one line. */
    public static String write(JsonNode node) {
        return escapeLoneSurrogates(MAPPER.writeValueAsString(node));
    }

    /** The node over several lines, with a line feed at the end. */
    public static String writePretty(JsonNode node) {
        return escapeLoneSurrogates(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node)) + "\n";
    }

    /** {@code text} as a JSON string, quotes included. */
    public static String quote(String text) {
        return write(NODES.stringNode(text));
    }

    /** One step down from {@code pointer} (RFC 6901). */
    public static String pointer(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    /** One step down from {@code pointer} into an array. */
    public static String pointer(String pointer, int index) {
        return pointer + "/" + index;
    }

    /** JavaScript strings may hold halves of surrogate pairs; UTF-8 cannot, an escape can. */
    private static String escapeLoneSurrogates(String json) {
        StringBuilder escaped = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    && i + 1 < json.length()
                    && Character.isLowSurrogate(json.charAt(i + 1));
            if (paired || !Character.isSurrogate(c)) {
                if (escaped != null) {
                    escaped.append(c);
                    if (paired) {
                        escaped.append(json.charAt(i + 1));
                    }
                }
                i += paired ? 1 : 0;
                continue;
            }
            if (escaped == null) {
                escaped = new StringBuilder(json.length() + 16).append(json, 0, i);
            }
            escaped.append(String.format("\\u%04x", (int) c));
        }
        return escaped == null ? json : escaped.toString();
    }

    private static String firstLine(JacksonException e) {
        String message = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
        return message.lines().findFirst().orElse("unknown fault");
    }
}
