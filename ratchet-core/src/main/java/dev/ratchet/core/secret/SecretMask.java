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
        encodings.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
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
