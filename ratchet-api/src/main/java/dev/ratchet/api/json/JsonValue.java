package dev.ratchet.api.json;

import dev.ratchet.core.common.JsonText;
import java.util.Objects;

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

    /** Whether it is {@code null}. */
    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /** The value as a document. */
    public JsonText document() {
        return new JsonText(raw);
    }
}
