package dev.ratchet.execution.testing;

import java.util.Locale;

/**
 * Chooses tests by name, or by file and name as in {@code tests/basic.json > adds}; letter case does not matter.
 *
 * @param pattern with {@code *}: must fit the whole of either; without: must occur in one of them; empty chooses all
 */
public record TestFilter(String pattern) {
    /** Every test. */
    public static final TestFilter ALL = new TestFilter("");

    /** Whether the test is chosen. */
    public boolean chooses(TestCase test) {
        String wanted = pattern.toLowerCase(Locale.ROOT);
        String name = test.name().toLowerCase(Locale.ROOT);
        String path = test.file().toLowerCase(Locale.ROOT) + " > " + name;
        return wanted.contains("*")
                ? UrlPattern.globMatches(wanted, name) || UrlPattern.globMatches(wanted, path)
                : path.contains(wanted);
    }
}
