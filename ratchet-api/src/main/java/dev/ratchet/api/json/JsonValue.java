package dev.ratchet.api.json;

import dev.ratchet.core.common.JsonText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One value of a JSON document, with the text it was written in: numbers keep their digits and objects their order.
 *
 * @param kind what it is
 * @param raw its text, without surrounding white space
 * @param string the characters of a {@link Kind#STRING}; empty otherwise
 * @param pointer where in the document it stands, RFC 6901
 */
public record JsonValue(Kind kind, String raw, String string, String pointer) {
    /** What a value is. */
    public enum Kind {
        OBJECT("an object"),
        ARRAY("an array"),
        STRING("a string"),
        INTEGER("a whole number"),
        DECIMAL("a number"),
        TRUE("true"),
        FALSE("false"),
        NULL("null");

        private final String shown;

        Kind(String shown) {
            this.shown = shown;
        }

        /** As it is called in messages. */
        public String shown() {
            return shown;
        }
    }

    public JsonValue {
        Objects.requireNonNull(kind, "kind");
    }

    /** A string by itself. */
    public static JsonValue of(String string) {
        return new JsonValue(Kind.STRING, "", string, "");
    }

    /** Whether it is {@code null}. */
    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /** Whether it is the same value, however both are written. */
    public boolean isSameAs(JsonValue other) {
        return switch (kind) {
            case OBJECT -> {
                var own = JsonReading.members(this);
                var others = other.kind == Kind.OBJECT ? JsonReading.members(other) : null;
                yield others != null
                        && own.keySet().equals(others.keySet())
                        && own.entrySet().stream().allMatch(entry -> {
                            JsonValue match = others.get(entry.getKey());
                            return match != null && entry.getValue().isSameAs(match);
                        });
            }
            case ARRAY -> {
                List<JsonValue> own = JsonReading.elements(this);
                List<JsonValue> others = other.kind == Kind.ARRAY ? JsonReading.elements(other) : null;
                yield others != null
                        && own.size() == others.size()
                        && IntStream.range(0, own.size())
                                .allMatch(i -> own.get(i).isSameAs(others.get(i)));
            }
            case INTEGER, DECIMAL -> other.isNumber() && isSameNumberAs(other);
            case STRING -> other.kind == Kind.STRING && string.equals(other.string);
            case TRUE, FALSE, NULL -> other.kind == kind;
        };
    }

    private boolean isNumber() {
        return kind == Kind.INTEGER || kind == Kind.DECIMAL;
    }

    private boolean isSameNumberAs(JsonValue other) {
        if (raw.equals(other.raw)) {
            return true;
        }
        try {
            return new BigDecimal(raw).compareTo(new BigDecimal(other.raw)) == 0;
        } catch (NumberFormatException e) {
            // An exponent beyond all bounds: such numbers are the same only where they are written alike.
            return false;
        }
    }

    /** The value as a document. */
    public JsonText document() {
        return new JsonText(raw);
    }
}
