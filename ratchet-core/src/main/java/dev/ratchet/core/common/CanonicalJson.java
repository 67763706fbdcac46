package dev.ratchet.core.common;

import java.io.IOException;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The one form of all JSON documents that mean the same: RFC 8785 (JCS). White space, key order and number notation are
 * gone; numbers are IEEE 754 doubles, as a task sees them.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /**
     * The canonical form of a document in UTF-8.
     *
     * @throws IllegalArgumentException when it has none, such as for a number no double can hold
     */
    public static byte[] of(JsonText document) {
        try {
            return new JsonCanonicalizer(document.value()).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalArgumentException("no canonical form (RFC 8785): " + e.getMessage(), e);
        }
    }
}
