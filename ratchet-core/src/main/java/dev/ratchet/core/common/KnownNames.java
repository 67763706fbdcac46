package dev.ratchet.core.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Helps whoever mistyped a name: finds the known one that was probably meant. */
public final class KnownNames {
    private static final int MAX_LENGTH = 64;

    private KnownNames() {}

    /**
     * The known name closest to {@code given}, if it is close: at most a third of its letters differ, by the
     * Levenshtein distance (insert, delete, replace) without regard to case.
     */
    public static Optional<String> nearest(String given, Collection<String> known) {
        if (given.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String wanted = given.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt((String name) -> distance(wanted, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code unknown key 'x'; did you mean 'y'?}, or the list of what is accepted where nothing is close. */
    public static String unknown(String kind, String given, Collection<String> known) {
        String shown = given.length() > MAX_LENGTH ? given.substring(0, MAX_LENGTH) + "…" : given;
        return nearest(given, known)
                .map(name -> "unknown " + kind + " '" + shown + "'; did you mean '" + name + "'?")
                .orElseGet(() -> "unknown " + kind + " '" + shown + "'; accepted: "
                        + String.join(", ", known.stream().sorted().toList()));
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
