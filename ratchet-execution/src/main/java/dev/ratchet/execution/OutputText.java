package dev.ratchet.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.secret.SecretMask;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Checks and masks the JSON that a worker hands back: it claims to have written it, which proves nothing. */
final class OutputText {
    /** Deepest nesting that the rest of the system reads. */
    static final int MAX_NESTING = 500;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(2_000)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .build())
            .build();

    /** What the check found. */
    sealed interface Checked {
        /** JSON, secrets masked. */
        record Sound(JsonText json) implements Checked {}

        /** JSON that nobody downstream could read. */
        record TooDeep(String message) implements Checked {}

        /** Anything else. */
        record Malformed(String message) implements Checked {}
    }

    private OutputText() {}

    /** Loads the classes a check needs. */
    static void prepare() {
        Checked checked = check("{\"a\":[1,\"b\"]}", SecretMask.NONE);
        if (!(checked instanceof Checked.Sound)) {
            throw new IllegalStateException("the JSON reader is out of order: " + checked);
        }
    }

    static Checked check(String json, SecretMask mask) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (mask.isEmpty()) {
                readDocument(parser, null, mask);
                return new Checked.Sound(new JsonText(json));
            }
            // Masking values instead of the text keeps it JSON even where a secret looks like a piece of syntax.
            StringWriter masked = new StringWriter(json.length());
            try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), masked)) {
                readDocument(parser, generator, mask);
            }
            return new Checked.Sound(new JsonText(masked.toString()));
        } catch (StreamConstraintsException e) {
            return new Checked.TooDeep("output cannot be read back: " + e.getOriginalMessage());
        } catch (JacksonException e) {
            return new Checked.Malformed(e.getOriginalMessage());
        }
    }

    /** Number of bytes of {@code text} in UTF-8; it holds no lone surrogates. */
    static long utf8Length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                length += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                length += 2;
            } else {
                length += 3;
            }
        }
        return length;
    }

    private static void readDocument(JsonParser parser, @Nullable JsonGenerator to, SecretMask mask) {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new StreamReadException(parser, "empty text");
        }
        int depth = 0;
        while (token != null) {
            if (to == null) {
                check(parser, token);
            } else {
                copy(parser, token, to, mask);
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
            token = parser.nextToken();
            if (depth == 0 && token != null) {
                throw new StreamReadException(parser, "more than one value");
            }
        }
    }

    /** Scalars are only decoded, and so checked, when their text is asked for. */
    private static void check(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            parser.getStringLength();
        }
    }

    private static void copy(JsonParser parser, JsonToken token, JsonGenerator to, SecretMask mask) {
        switch (token) {
            case START_OBJECT -> to.writeStartObject();
            case END_OBJECT -> to.writeEndObject();
            case START_ARRAY -> to.writeStartArray();
            case END_ARRAY -> to.writeEndArray();
            case PROPERTY_NAME -> to.writeName(mask.mask(parser.currentName()));
            case VALUE_STRING -> to.writeString(mask.mask(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = parser.getString();
                String masked = mask.mask(number);
                if (masked.equals(number)) {
                    to.writeNumber(number);
                } else {
                    to.writeString(masked);
                }
            }
            case VALUE_TRUE -> to.writeBoolean(true);
            case VALUE_FALSE -> to.writeBoolean(false);
            case VALUE_NULL -> to.writeNull();
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no JSON text gives a token " + token);
        }
    }
}
