package dev.ratchet.core.common;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Helps whoever mistyped a name: finds the known one that was probably meant. */
public final class KnownNames {
    private static final int MAX_LENGTH = 64;

    private KnownNames() {}

    /**
     * The known name closest to {@code given}, if it is close enough to be meant: at most a third of its letters differ.
     * Compares without regard to case, {@code _} and {@code -}.
     */
    public static Optional<String> nearest(String given, Collection<String> known) {
        if (given.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String best = null;
        int bestDistance = Math.max(2, given.length() / 3) + 1;
        for (String candidate : known.stream().sorted().toList()) {
            int distance = distance(folded(given), folded(candidate));
            if (distance < bestDistance && distance < candidate.length()) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code unknown key 'x'; did you mean 'y'?}, or the list of what is accepted where nothing is close. */
    public static String unknown(String kind, String given, Collection<String> known) {
        String shown = given.length() > MAX_LENGTH ? given.substring(0, MAX_LENGTH) + "…" : given;
        return nearest(given, known)
                .map(name -> "unknown " + kind + " '" + shown + "'; did you mean '" + name + "'?")
                .orElseGet(() -> "unknown " + kind + " '" + shown + "'; accepted: "
                        + String.join(", ", known.stream().sorted().toList()));
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Edit distance with insertions, deletions and replacements (Wagner and Fischer, 1974). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
