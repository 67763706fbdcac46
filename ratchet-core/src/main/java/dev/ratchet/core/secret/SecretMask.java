package dev.ratchet.core.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Replaces secret values in text that leaves an execution: logs, errors, outputs, recordings. Besides the value itself
 * its common encodings are replaced (percent-encoded, JSON-escaped, hexadecimal, and Base64 at each of the three
 * alignments, which covers {@code Basic} credentials). Immutable.
 *
 * <p>This guards against accidents, not against a task that sets out to disguise a value it was given.
 */
public final class SecretMask {
    /** A mask that changes nothing. */
    public static final SecretMask NONE = new SecretMask(Map.of());

    private record Replacement(String text, String by) {}

    private final List<Replacement> replacements;
    private final List<Replacement> values;

    SecretMask(Map<String, String> secrets) {
        List<Replacement> found = new ArrayList<>();
        List<Replacement> plain = new ArrayList<>();
        secrets.forEach((name, value) -> {
            String placeholder = placeholder(name);
            if (!value.equals(placeholder)) {
                plain.add(new Replacement(value, placeholder));
                encodings(value).forEach(encoding -> found.add(new Replacement(encoding, placeholder)));
            }
        });
        // Longest first: a secret that contains another must not be left half replaced.
        Comparator<Replacement> longestFirst = Comparator.comparingInt(
                        (Replacement r) -> r.text().length())
                .reversed()
                .thenComparing(Replacement::text);
        found.sort(longestFirst);
        plain.sort(longestFirst);
        this.replacements = List.copyOf(found);
        this.values = List.copyOf(plain);
    }

    /** What stands in masked text for the secret {@code name}. */
    public static String placeholder(String name) {
        return "[secret:" + name + "]";
    }

    /** {@code text} with every known form of every secret replaced by its placeholder. */
    public String mask(String text) {
        String masked = text;
        for (Replacement replacement : replacements) {
            if (masked.contains(replacement.text())) {
                masked = masked.replace(replacement.text(), replacement.by());
            }
        }
        return values.isEmpty() || masked.indexOf('%') < 0 ? masked : maskPercentEncoded(masked);
    }

    /** Whether there is nothing to mask. */
    public boolean isEmpty() {
        return replacements.isEmpty();
    }

    private static List<String> encodings(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        List<String> encodings = new ArrayList<>();
        encodings.add(value);
        String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
        encodings.add(form);
        encodings.add(form.replace("+", "%20"));
        String controls = controlsEscaped(value);
        encodings.add(controls);
        encodings.add(controls.replace("\"", "\\\""));
        // JSON within JSON.
        encodings.add(controlsEscaped(controls.replace("\"", "\\\"")).replace("\"", "\\\""));
        encodings.add(controls.replace("'", "\\'"));
        encodings.add(controls.replace("`", "\\`"));
        encodings.add(HexFormat.of().withUpperCase().formatHex(bytes));
        encodings.add(HexFormat.of().formatHex(bytes));
        for (int offset = 0; offset < 3; offset++) {
            String aligned = alignedBase64(bytes, offset);
            encodings.add(aligned);
            encodings.add(aligned.replace('+', '-').replace('/', '_'));
        }
        return encodings.stream()
                .filter(encoding -> encoding.length() >= Secrets.MIN_LENGTH)
                .distinct()
                .toList();
    }

    /**
     * Masks what is percent-encoded, in whatever way: which characters stay as they are differs between form encoding,
     * encodeURIComponent and the parts of a URL, and one may be applied to the result of another.
     */
    private String maskPercentEncoded(String text) {
        StringBuilder result = new StringBuilder(text.length());
        int end = 0;
        while (end < text.length()) {
            int start = end;
            while (end < text.length() && !endsPercentEncoding(text.charAt(end))) {
                end++;
            }
            String token = text.substring(start, end);
            result.append(token.indexOf('%') < 0 ? token : maskToken(maskToken(token, false), true));
            if (end < text.length()) {
                result.append(text.charAt(end++));
            }
        }
        return result.toString();
    }

    /** Every percent-encoding encodes these. */
    private static boolean endsPercentEncoding(char c) {
        return c <= ' ' || c == '"' || c == '<' || c == '>';
    }

    private String maskToken(String token, boolean plusIsSpace) {
        String masked = token;
        for (Replacement secret : values) {
            PercentDecoded decoded = PercentDecoded.of(masked, plusIsSpace);
            int at = decoded.text().indexOf(secret.text());
            if (at < 0) {
                continue;
            }
            StringBuilder result = new StringBuilder(masked.length());
            int copied = 0;
            while (at >= 0) {
                int end = at + secret.text().length();
                result.append(masked, copied, decoded.starts()[at]).append(secret.by());
                copied = decoded.starts()[end];
                at = decoded.text().indexOf(secret.text(), end);
            }
            masked = result.append(masked, copied, masked.length()).toString();
        }
        return masked;
    }

    /**
     * Text without its percent-encoding.
     *
     * @param starts where in the encoded text each character begins, and at last where the text ends
     */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this class, never compared
    private record PercentDecoded(String text, int[] starts) {
        static PercentDecoded of(String encoded, boolean plusIsSpace) {
            StringBuilder text = new StringBuilder(encoded.length());
            int[] starts = new int[encoded.length() + 1];
            int i = 0;
            while (i < encoded.length()) {
                char c = encoded.charAt(i);
                int lead = octet(encoded, i);
                if (lead < 0) {
                    starts[text.length()] = i++;
                    text.append(c == '+' && plusIsSpace ? ' ' : c);
                    continue;
                }
                int length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
                byte[] bytes = new byte[length];
                int read = 0;
                while (read < length && octet(encoded, i + 3 * read) >= 0) {
                    bytes[read] = (byte) octet(encoded, i + 3 * read);
                    read++;
                }
                String character = new String(bytes, 0, read, StandardCharsets.UTF_8);
                for (int k = 0; k < character.length(); k++) {
                    starts[text.length() + k] = i;
                }
                text.append(character);
                i += 3 * read;
            }
            starts[text.length()] = encoded.length();
            return new PercentDecoded(text.toString(), starts);
        }

        /** The byte that {@code %XX} at this place stands for, -1 where there is none. */
        private static int octet(String text, int at) {
            if (at + 2 >= text.length() || text.charAt(at) != '%') {
                return -1;
            }
            int high = Character.digit(text.charAt(at + 1), 16);
            int low = Character.digit(text.charAt(at + 2), 16);
            return high < 0 || low < 0 ? -1 : high << 4 | low;
        }
    }

    /** As in string literals of JSON and JavaScript, quotes aside. */
    private static String controlsEscaped(String value) {
        StringBuilder escaped = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ') {
                        escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    /** The part of the Base64 text that depends on {@code bytes} alone when they start at {@code offset} modulo 3. */
    private static String alignedBase64(byte[] bytes, int offset) {
        byte[] padded = new byte[offset + bytes.length];
        System.arraycopy(bytes, 0, padded, offset, bytes.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
        int from = (offset * 8 + 5) / 6;
        int to = padded.length * 8 / 6;
        return from < to ? encoded.substring(from, to) : "";
    }
}
