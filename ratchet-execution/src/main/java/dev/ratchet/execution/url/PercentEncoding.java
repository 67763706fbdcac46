package dev.ratchet.execution.url;

import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding with the sets of the <a href="https://url.spec.whatwg.org/#percent-encoded-bytes">URL Standard</a>.
 * Each set holds what must be encoded of ASCII; everything above U+007E always is.
 */
enum PercentEncoding {
    C0_CONTROL(""),
    FRAGMENT(" \"<>`"),
    QUERY(" \"#<>"),
    SPECIAL_QUERY(" \"#<>'"),
    PATH(" \"#<>?^`{}"),
    USERINFO(" \"#<>?^`{}/:;=@[\\]|"),
    FORM(" \"#<>?^`{}/:;=@[\\]|$%&+,!'()~");

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /** A bit for each ASCII character: 0 to 63 in the first, 64 to 127 in the second. */
    private final long low;

    private final long high;

    PercentEncoding(String members) {
        long first = 0xffff_ffffL;
        long second = 1L << (0x7f - 64);
        for (int i = 0; i < members.length(); i++) {
            int c = members.charAt(i);
            if (c < 64) {
                first |= 1L << c;
            } else {
                second |= 1L << (c - 64);
            }
        }
        low = first;
        high = second;
    }

    private boolean encodes(int ascii) {
        return ((ascii < 64 ? low >>> ascii : high >>> (ascii - 64)) & 1) != 0;
    }

    /** Appends a code point, encoded if it is in the set; a lone surrogate becomes U+FFFD. */
    void append(int codePoint, StringBuilder out) {
        if (codePoint < 128) {
            if (encodes(codePoint)) {
                appendByte(codePoint, out);
            } else {
                out.append((char) codePoint);
            }
        } else if (codePoint < 0x800) {
            appendByte(0xc0 | (codePoint >> 6), out);
            appendByte(0x80 | (codePoint & 0x3f), out);
        } else if (codePoint < 0x10000) {
            int c = Character.isSurrogate((char) codePoint) ? 0xfffd : codePoint;
            appendByte(0xe0 | (c >> 12), out);
            appendByte(0x80 | ((c >> 6) & 0x3f), out);
            appendByte(0x80 | (c & 0x3f), out);
        } else {
            appendByte(0xf0 | (codePoint >> 18), out);
            appendByte(0x80 | ((codePoint >> 12) & 0x3f), out);
            appendByte(0x80 | ((codePoint >> 6) & 0x3f), out);
            appendByte(0x80 | (codePoint & 0x3f), out);
        }
    }

    /** The text with every code point of the set encoded. */
    String encode(CharSequence text) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> append(c, out));
        return out.toString();
    }

    private static void appendByte(int value, StringBuilder out) {
        out.append('%').append(HEX[(value >> 4) & 15]).append(HEX[value & 15]);
    }

    /** Decodes {@code %XX} and reads the result as UTF-8, malformed parts as U+FFFD; a byte order mark stays. */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && i + 2 < in.length && hex(in[i + 1]) >= 0 && hex(in[i + 2]) >= 0) {
                out[length++] = (byte) ((hex(in[i + 1]) << 4) | hex(in[i + 2]));
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /** The value of an ASCII hexadecimal digit, or -1. */
    static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}
