package dev.ratchet.core.common;

import java.nio.charset.StandardCharsets;

/**
 * A JSON document as text. Core carries JSON without looking inside; whoever creates one has parsed it or produced it
 * with a JSON writer, so a consumer may assume that it is well-formed (RFC 8259).
 *
 * @param value the document; never blank
 */
public record JsonText(String value) {
    /** The document {@code null}. */
    public static final JsonText NULL = new JsonText("null");

    /** The empty object. */
    public static final JsonText EMPTY_OBJECT = new JsonText("{}");

    public JsonText {
        if (value.isBlank()) {
            throw new IllegalArgumentException("JSON text must not be blank");
        }
    }

    /** Size in UTF-8 bytes. */
    public int sizeInBytes() {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return value;
    }
}
