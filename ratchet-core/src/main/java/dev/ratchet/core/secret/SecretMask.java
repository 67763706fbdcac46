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

    /**
     * What else than letters and digits stays as it is: by RFC 3986, by encodeURIComponent, by encodeURI, and by the
     * WHATWG URL standard in fragments, queries, paths and credentials.
     */
    private static final List<String> KEPT_BY_PERCENT_ENCODINGS = List.of(
            "-._~",
            "-_.!~*'()",
            "-_.!~*'();/?:@&=+$,#",
            "!#$%&'()*+,-./:;=?@[\\]^_{|}~",
            "!$%&()*+,-./:;=?@[\\]^_`{|}~",
            "!$%&'()*+,-./:;=?@[\\]^_`{|}~",
            "!$%&'()*+,-./:;=@[\\]_|~",
            "!$%&'()*+,-._~");

    private record Replacement(String text, String by) {}

    private final List<Replacement> replacements;

    SecretMask(Map<String, String> secrets) {
        List<Replacement> found = new ArrayList<>();
        secrets.forEach((name, value) -> {
            String placeholder = placeholder(name);
            if (!value.equals(placeholder)) {
                encodings(value).forEach(encoding -> found.add(new Replacement(encoding, placeholder)));
            }
        });
        // Longest first: a secret that contains another must not be left half replaced.
        found.sort(Comparator.comparingInt((Replacement r) -> r.text().length())
                .reversed()
                .thenComparing(Replacement::text));
        this.replacements = List.copyOf(found);
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
        return masked;
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
        for (String kept : KEPT_BY_PERCENT_ENCODINGS) {
            encodings.add(percentEncoded(bytes, kept));
        }
        String controls = controlsEscaped(value);
        encodings.add(controls);
        encodings.add(controls.replace("\"", "\\\""));
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

    private static String percentEncoded(byte[] bytes, String kept) {
        StringBuilder encoded = new StringBuilder(bytes.length * 3);
        for (byte b : bytes) {
            boolean letterOrDigit = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
            if (letterOrDigit || (b > 0 && kept.indexOf((char) b) >= 0)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
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
