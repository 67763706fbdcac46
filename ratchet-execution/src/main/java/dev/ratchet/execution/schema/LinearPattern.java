package dev.ratchet.execution.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A schema's {@code pattern} run by RE2/J, whose matching time is linear in the text. Patterns are ECMAScript's as far
 * as RE2 has the same: no look-around and no back-references. {@code \}{@code uXXXX} is translated.
 */
final class LinearPattern implements RegularExpression {
    /** Longest accepted pattern, in characters. */
    static final int MAX_LENGTH = 4_000;

    /** Largest accepted program: characters and classes of the pattern with {@code {n,m}} written out. */
    static final int MAX_PROGRAM = 10_000;

    private final String source;
    private final Pattern pattern;
    private final int programSize;

    private LinearPattern(String source, Pattern pattern, int programSize) {
        this.source = source;
        this.pattern = pattern;
        this.programSize = programSize;
    }

    /**
     * Compiles an ECMAScript pattern.
     *
     * @throws IllegalArgumentException saying why it cannot be run in linear time
     */
    static LinearPattern compile(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("is " + source.length() + " characters long; accepted: " + MAX_LENGTH);
        }
        String translated = translate(source);
        long size = programSize(translated);
        if (size > MAX_PROGRAM) {
            throw new IllegalArgumentException(
                    "its repetitions written out come to " + size + " steps; accepted: " + MAX_PROGRAM);
        }
        try {
            return new LinearPattern(source, Pattern.compile(translated), (int) size);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    private static String reason(PatternSyntaxException e) {
        String text = e.getPattern();
        String detail = e.getDescription() + (text.isEmpty() ? "" : ": " + text);
        return "is not in RE2 syntax, which has no look-around and no back-references (" + detail + ")";
    }

    @Override
    public boolean matches(String value) {
        if (MatchBudget.CURRENT.isBound()) {
            MatchBudget.CURRENT.get().spend(source, programSize, value.length());
        }
        return pattern.matcher(value).find();
    }

    /** ECMAScript's code unit escapes, which RE2 writes as {@code \x{…}}. */
    private static String translate(String source) {
        StringBuilder translated = new StringBuilder(source.length());
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c != '\\' || i + 1 == source.length()) {
                translated.append(c);
                continue;
            }
            char escaped = source.charAt(++i);
            if (escaped == 'u' && isHex(source, i + 1, 4)) {
                translated.append("\\x{").append(source, i + 1, i + 5).append('}');
                i += 4;
            } else if (escaped == 'u' && i + 1 < source.length() && source.charAt(i + 1) == '{') {
                translated.append("\\x");
            } else {
                translated.append('\\').append(escaped);
            }
        }
        return translated.toString();
    }

    private static boolean isHex(String text, int from, int count) {
        if (from + count > text.length()) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Upper bound of the number of program steps: every atom counts one, and a counted repetition multiplies what it
     * repeats. Malformed patterns get some number; the compiler refuses them afterwards.
     */
    private static long programSize(String pattern) {
        Deque<Long> outer = new ArrayDeque<>();
        long total = 1;
        long atom = 0;
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            switch (c) {
                case '(' -> {
                    outer.push(total + atom);
                    total = 1;
                    atom = 0;
                    i++;
                }
                case ')' -> {
                    long group = total + atom;
                    total = outer.isEmpty() ? 0 : outer.pop();
                    atom = group;
                    i++;
                }
                case '[' -> {
                    total += atom;
                    atom = 1;
                    i = endOfClass(pattern, i);
                }
                case '{' -> {
                    int end = pattern.indexOf('}', i);
                    long count = end < 0 ? 0 : repetitions(pattern.substring(i + 1, end));
                    if (count > 0) {
                        atom = saturatingMultiply(Math.max(atom, 1), count);
                        i = end + 1;
                    } else {
                        total += atom;
                        atom = 1;
                        i++;
                    }
                }
                case '\\' -> {
                    total += atom;
                    atom = 1;
                    i += 2;
                    if (i < pattern.length() && pattern.charAt(i) == '{' && "xpP".indexOf(pattern.charAt(i - 1)) >= 0) {
                        int end = pattern.indexOf('}', i);
                        i = end < 0 ? pattern.length() : end + 1;
                    }
                }
                default -> {
                    total += atom;
                    atom = 1;
                    i++;
                }
            }
        }
        total += atom;
        while (!outer.isEmpty()) {
            total += outer.pop();
        }
        return total;
    }

    private static int endOfClass(String pattern, int start) {
        int i = start + 1;
        if (i < pattern.length() && pattern.charAt(i) == '^') {
            i++;
        }
        if (i < pattern.length() && pattern.charAt(i) == ']') {
            i++;
        }
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            i += pattern.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /** The larger bound of {@code n}, {@code n,} or {@code n,m}; 0 when the text is none of these. */
    private static long repetitions(String bounds) {
        String[] parts = bounds.split(",", -1);
        if (parts.length > 2) {
            return 0;
        }
        long largest = 0;
        for (String part : parts) {
            if (part.length() > 6 || !part.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
                return 0;
            }
            if (!part.isEmpty()) {
                largest = Math.max(largest, Long.parseLong(part));
            }
        }
        return parts[0].isEmpty() ? 0 : Math.max(largest, 1) + (parts.length == 2 && parts[1].isEmpty() ? 1 : 0);
    }

    private static long saturatingMultiply(long a, long b) {
        return a > Integer.MAX_VALUE / b ? Integer.MAX_VALUE : a * b;
    }
}
