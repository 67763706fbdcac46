package dev.ratchet.execution.delivery;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.WeekFields;
import java.util.Locale;

/**
 * A time format in the notation of strftime, with the additions for fractions of a second that the Rust library chrono
 * made ({@code %.3f} with the dot, {@code %3f} without). Names of months and days are English.
 */
final class StrftimePattern {
    private static final int MAX_LENGTH = 100;
    private static final String ACCEPTED = "%Y %y %m %d %e %j %H %I %M %S %p %b %B %a %A %u %F %T %D %R %s %z %:z %Z"
            + " %V %G %f %.f %3f %.3f %6f %.6f %9f %.9f %%";

    private final DateTimeFormatter formatter;

    private StrftimePattern(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException saying what is wrong and what is accepted
     */
    static StrftimePattern parse(String pattern) {
        if (pattern.isEmpty() || pattern.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a time format has 1 to " + MAX_LENGTH + " characters");
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        int at = 0;
        while (at < pattern.length()) {
            int percent = pattern.indexOf('%', at);
            int end = percent < 0 ? pattern.length() : percent;
            if (end > at) {
                builder.appendLiteral(pattern.substring(at, end));
            }
            at = percent < 0 ? end : directive(pattern, percent + 1, builder);
        }
        return new StrftimePattern(builder.toFormatter(Locale.ENGLISH));
    }

    String format(ZonedDateTime time) {
        return formatter.format(time);
    }

    /** Appends the directive whose text begins at {@code from}, and returns where it ends. */
    private static int directive(String pattern, int from, DateTimeFormatterBuilder builder) {
        int at = from;
        boolean dot = at < pattern.length() && pattern.charAt(at) == '.';
        at += dot ? 1 : 0;
        int digits = at < pattern.length() ? Character.digit(pattern.charAt(at), 10) : -1;
        if (digits >= 0) {
            at++;
        }
        if (dot || digits >= 0) {
            boolean known = digits < 0 || digits == 3 || digits == 6 || digits == 9;
            if (!known || at >= pattern.length() || pattern.charAt(at) != 'f') {
                throw unknown(pattern, from);
            }
            int width = digits < 0 ? 9 : digits;
            builder.appendFraction(ChronoField.NANO_OF_SECOND, digits < 0 ? 0 : width, width, dot);
            return at + 1;
        }
        if (pattern.startsWith(":z", from)) {
            builder.appendOffset("+HH:MM", "+00:00");
            return from + 2;
        }
        if (from >= pattern.length()) {
            throw unknown(pattern, from);
        }
        append(pattern, from, builder);
        return from + 1;
    }

    private static void append(String pattern, int at, DateTimeFormatterBuilder builder) {
        switch (pattern.charAt(at)) {
            case 'Y' -> builder.appendValue(ChronoField.YEAR, 4);
            case 'y' -> builder.appendPattern("uu");
            case 'm' -> builder.appendValue(ChronoField.MONTH_OF_YEAR, 2);
            case 'd' -> builder.appendValue(ChronoField.DAY_OF_MONTH, 2);
            case 'e' -> builder.padNext(2).appendValue(ChronoField.DAY_OF_MONTH);
            case 'j' -> builder.appendValue(ChronoField.DAY_OF_YEAR, 3);
            case 'H' -> builder.appendValue(ChronoField.HOUR_OF_DAY, 2);
            case 'I' -> builder.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
            case 'M' -> builder.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
            case 'S' -> builder.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
            case 'p' -> builder.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
            case 'b' -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'a' -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'u' -> builder.appendValue(ChronoField.DAY_OF_WEEK);
            case 'F' -> builder.appendPattern("uuuu-MM-dd");
            case 'T' -> builder.appendPattern("HH:mm:ss");
            case 'D' -> builder.appendPattern("MM/dd/uu");
            case 'R' -> builder.appendPattern("HH:mm");
            case 's' -> builder.appendValue(ChronoField.INSTANT_SECONDS);
            case 'z' -> builder.appendOffset("+HHMM", "+0000");
            case 'Z' -> builder.appendPattern("zzz");
            case 'V' -> builder.appendValue(WeekFields.ISO.weekOfWeekBasedYear(), 2);
            case 'G' -> builder.appendValue(IsoFields.WEEK_BASED_YEAR, 4);
            case 'f' -> builder.appendValue(ChronoField.NANO_OF_SECOND, 9);
            case '%' -> builder.appendLiteral('%');
            default -> throw unknown(pattern, at);
        }
    }

    private static IllegalArgumentException unknown(String pattern, int at) {
        return new IllegalArgumentException("the time format '" + pattern + "' has an unknown directive at character "
                + at + "; accepted: " + ACCEPTED);
    }
}
