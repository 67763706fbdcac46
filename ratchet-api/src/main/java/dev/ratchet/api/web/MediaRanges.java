package dev.ratchet.api.web;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Understands {@code Accept} (RFC 9110, section 12.5.1). */
final class MediaRanges {
    private static final int MAX_RANGES = 50;

    private MediaRanges() {}

    /** Whether one of the media types can be given. */
    static boolean accept(@Nullable String header, List<String> types) {
        if (header == null || header.isBlank() || header.contains("*/*;q=1") || header.equals("*/*")) {
            return true;
        }
        return types.stream().anyMatch(type -> quality(header, type) > 0);
    }

    /** Whether {@code first} is asked for by its name, and no less than {@code second}. */
    static boolean prefers(@Nullable String header, String first, String second) {
        if (header == null || !header.toLowerCase(Locale.ROOT).contains(first)) {
            return false;
        }
        double quality = quality(header, first);
        return quality > 0 && quality >= namedQuality(header, second);
    }

    private static double namedQuality(String header, String type) {
        return header.toLowerCase(Locale.ROOT).contains(type) ? quality(header, type) : 0;
    }

    /** The quality of the most specific range that covers the type. */
    private static double quality(String header, String type) {
        double quality = 0;
        int best = -1;
        for (String part : header.split(",", MAX_RANGES)) {
            String[] pieces = part.split(";");
            String range = pieces[0].strip().toLowerCase(Locale.ROOT);
            int specific = specificity(range, type);
            if (specific > best) {
                best = specific;
                quality = weight(pieces);
            }
        }
        return quality;
    }

    private static int specificity(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) {
            return 1;
        }
        return range.equals("*/*") || range.equals("*") ? 0 : -1;
    }

    private static double weight(String[] pieces) {
        for (int i = 1; i < pieces.length; i++) {
            String piece = pieces[i].strip().toLowerCase(Locale.ROOT);
            if (piece.startsWith("q=")) {
                try {
                    return Math.clamp(Double.parseDouble(piece.substring(2)), 0.0, 1.0);
                } catch (NumberFormatException e) {
                    return 0; // a weight nobody can read makes the range mean nothing
                }
            }
        }
        return 1;
    }
}
