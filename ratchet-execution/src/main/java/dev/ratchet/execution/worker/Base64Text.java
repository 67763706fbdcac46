package dev.ratchet.execution.worker;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** {@code atob} and {@code btoa} of the HTML Standard: strings whose chars stand for bytes. */
final class Base64Text {

    private Base64Text() {}

    /** Forgiving base64 decoding of the Infra Standard, or null if the text is not base64. */
    static @Nullable String decode(String text) {
        var digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r') {
                digits.append(c);
            }
        }
        if (digits.length() % 4 == 0 && digits.length() > 0) {
            if (digits.charAt(digits.length() - 1) == '=') {
                digits.setLength(digits.length() - 1);
                if (digits.charAt(digits.length() - 1) == '=') {
                    digits.setLength(digits.length() - 1);
                }
            }
        }
        if (digits.length() % 4 == 1 || digits.indexOf("=") >= 0) {
            return null;
        }
        try {
            return new String(Base64.getDecoder().decode(digits.toString()), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Base64 with padding, or null if a char is above U+00FF. */
    static @Nullable String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return null;
            }
        }
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
