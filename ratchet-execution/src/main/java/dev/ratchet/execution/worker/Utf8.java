package dev.ratchet.execution.worker;

/** Sizes of text as UTF-8, without encoding it. */
final class Utf8 {
    private Utf8() {}

    /** Bytes {@code text} takes; a lone surrogate counts as the one byte it is replaced with. */
    static long length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes += extra(text, i, c);
            }
        }
        return bytes;
    }

    private static int extra(String text, int i, char c) {
        if (c < 0x800) {
            return 1;
        }
        if (!Character.isSurrogate(c)) {
            return 2;
        }
        // A pair takes four bytes for two chars.
        return Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                ? 2
                : 0;
    }
}
