package dev.ratchet.core.common;

import java.io.IOException;
import java.util.Arrays;
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
        String text = document.value().strip();
        try {
            if (text.startsWith("{") || text.startsWith("[")) {
                return new JsonCanonicalizer(text).getEncodedUTF8();
            }
            // The library takes objects and arrays only.
            byte[] array = new JsonCanonicalizer("[" + text + "]").getEncodedUTF8();
            return Arrays.copyOfRange(array, 1, array.length - 1);
        } catch (IOException e) {
            throw new IllegalArgumentException("no canonical form (RFC 8785): " + e.getMessage(), e);
        }
    }
}
