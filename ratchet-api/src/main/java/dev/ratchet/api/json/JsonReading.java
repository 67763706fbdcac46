package dev.ratchet.api.json;

import dev.ratchet.api.json.JsonValue.Kind;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON (RFC 8259) from outside without building trees: the values of one level at a time, each with its own text.
 * Names that occur twice in an object are refused on every level, and so are documents nested deeper than {@link
 * #MAX_DEPTH}. How large a document may be is for whoever receives it to decide.
 */
public final class JsonReading {
    /** Deepest nesting of arrays and objects. */
    public static final int MAX_DEPTH = 100;

    /** Most characters of one number. */
    public static final int MAX_NUMBER_LENGTH = 1_000;

    /** Most characters of one property name. */
    public static final int MAX_NAME_LENGTH = 10_000;

    private static final String BOUNDS = "is too deep, or has a number or name that is too long; accepted: at most "
            + MAX_DEPTH + " levels, " + MAX_NUMBER_LENGTH + " characters of a number and " + MAX_NAME_LENGTH
            + " of a name";

    /** Strings have passed a strict decoder, so that halves of surrogate pairs can only be escaped. */
    private static final Pattern HALF_ESCAPED = Pattern.compile("\\\\u[dD][89a-fA-F]");

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(constraints(MAX_DEPTH, MAX_NUMBER_LENGTH, MAX_NAME_LENGTH))
            .build();

    /** For documents that have been checked, or were written here. */
    private static final JsonFactory TRUSTING = JsonFactory.builder()
            .streamReadConstraints(constraints(10_000, Integer.MAX_VALUE, Integer.MAX_VALUE))
            .build();

    private JsonReading() {}

    private static StreamReadConstraints constraints(int depth, int numberLength, int nameLength) {
        return StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxNumberLength(numberLength)
                .maxNameLength(nameLength)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
    }

    /**
     * Checks a whole document.
     *
     * @param source what to call it in problems
     * @throws RatchetException BAD_REQUEST when it is not JSON, with line and column; VALIDATION_ERROR when a string is
     *     no text, with its pointer
     */
    public static JsonValue document(String source, String text) {
        char[] chars = text.toCharArray();
        try (JsonParser parser = STRICT.createParser(ObjectReadContext.empty(), chars, 0, chars.length)) {
            JsonValue value = whole(source, parser, chars);
            if (HALF_ESCAPED.matcher(text).find()) {
                requireCharacters(source, chars);
            }
            return value;
        }
    }

    private static JsonValue whole(String source, JsonParser parser, char[] chars) {
        try {
            if (parser.nextToken() == null) {
                throw malformed(source, "1:1", "is empty; accepted: a JSON document");
            }
            JsonValue value = value(parser, chars, "");
            if (parser.nextToken() != null) {
                throw malformed(
                        source, position(parser.currentTokenLocation()), "goes on after the end of the document");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw malformed(source, position(parser.currentLocation()), BOUNDS);
        } catch (JacksonException e) {
            throw malformed(source, position(e.getLocation()), JsonFaults.plain(e));
        }
    }

    /** UTF-8 can hold no half of a surrogate pair, so that nothing behind could store, sign or pass it on. */
    private static void requireCharacters(String source, char[] chars) {
        try (JsonParser parser = TRUSTING.createParser(ObjectReadContext.empty(), chars, 0, chars.length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
                if (text && parser.getString().codePoints().anyMatch(JsonReading::isHalf)) {
                    String message = "holds half of a surrogate pair; accepted: whole characters, and U+FFFD in the"
                            + " place of what is lost";
                    // The name is what cannot be shown, so the object around it is pointed at.
                    String pointer = (token == JsonToken.PROPERTY_NAME
                                    ? parser.streamReadContext().pathAsPointer().head()
                                    : parser.streamReadContext().pathAsPointer())
                            .toString();
                    throw new RatchetException(
                            ErrorCode.VALIDATION_ERROR,
                            "the " + source + " cannot be used: "
                                    + (token == JsonToken.PROPERTY_NAME ? "the name of a member " : "a string ")
                                    + message,
                            List.of(new Problem(source, pointer, message)));
                }
            }
        }
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Takes apart a document that was written here. */
    public static JsonValue own(String text) {
        char[] chars = text.toCharArray();
        try (JsonParser parser = TRUSTING.createParser(ObjectReadContext.empty(), chars, 0, chars.length)) {
            parser.nextToken();
            return value(parser, chars, "");
        }
    }

    /** The members of an object in order. */
    public static SequencedMap<String, JsonValue> members(JsonValue object) {
        if (object.kind() != Kind.OBJECT) {
            throw new IllegalArgumentException("not an object: " + object.kind());
        }
        SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
        char[] chars = object.raw().toCharArray();
        try (JsonParser parser = TRUSTING.createParser(ObjectReadContext.empty(), chars, 0, chars.length)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser, chars, object.pointer() + "/" + escaped(name)));
            }
        }
        return members;
    }

    /** The elements of an array in order. */
    public static List<JsonValue> elements(JsonValue array) {
        if (array.kind() != Kind.ARRAY) {
            throw new IllegalArgumentException("not an array: " + array.kind());
        }
        List<JsonValue> elements = new ArrayList<>();
        char[] chars = array.raw().toCharArray();
        try (JsonParser parser = TRUSTING.createParser(ObjectReadContext.empty(), chars, 0, chars.length)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser, chars, array.pointer() + "/" + elements.size()));
            }
        }
        return elements;
    }

    /** The value the parser has come to; leaves the parser at its end. */
    private static JsonValue value(JsonParser parser, char[] chars, String pointer) {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        return switch (parser.currentToken()) {
            case START_OBJECT -> structure(Kind.OBJECT, parser, chars, start, pointer);
            case START_ARRAY -> structure(Kind.ARRAY, parser, chars, start, pointer);
            case VALUE_STRING -> {
                String string = parser.getString();
                int end = (int) parser.currentLocation().getCharOffset();
                yield new JsonValue(Kind.STRING, new String(chars, start, end - start), string, pointer);
            }
            case VALUE_NUMBER_INT -> new JsonValue(Kind.INTEGER, parser.getString(), "", pointer);
            case VALUE_NUMBER_FLOAT -> new JsonValue(Kind.DECIMAL, parser.getString(), "", pointer);
            case VALUE_TRUE -> new JsonValue(Kind.TRUE, "true", "", pointer);
            case VALUE_FALSE -> new JsonValue(Kind.FALSE, "false", "", pointer);
            case VALUE_NULL -> new JsonValue(Kind.NULL, "null", "", pointer);
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("no value but " + parser.currentToken());
        };
    }

    private static JsonValue structure(Kind kind, JsonParser parser, char[] chars, int start, String pointer) {
        parser.skipChildren();
        int end = (int) parser.currentLocation().getCharOffset();
        return new JsonValue(kind, new String(chars, start, end - start), "", pointer);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String position(@Nullable TokenStreamLocation location) {
        if (location == null) {
            return "1:1"; // a bound was passed and the parser does not say where
        }
        return Math.max(1, location.getLineNr()) + ":" + Math.max(1, location.getColumnNr());
    }

    private static RatchetException malformed(String source, String position, String message) {
        return new RatchetException(
                ErrorCode.BAD_REQUEST,
                "the " + source + " is not JSON that can be read: line " + position.replace(":", ", column ") + ": "
                        + message,
                List.of(new Problem(source, position, message)));
    }
}
