package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one cron expression and collects what is wrong with it, field by field. */
final class CronParser {
    private static final int FEWEST_FIELDS = 5;
    private static final int MOST_FIELDS = 7;
    private static final int MOST_DAYS_BEFORE_LAST = 30;

    private static final Map<String, String> SHORTCUTS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final Pattern BLANK = Pattern.compile("\\s+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
    private static final Pattern FROM_END = Pattern.compile("L(?:-([0-9]{1,2}))?");
    private static final Pattern NEAREST = Pattern.compile("([0-9]{1,2})W");
    private static final Pattern NEAREST_FROM_END = Pattern.compile("L(?:-([0-9]{1,2}))?W");
    private static final Pattern LAST_OF_WEEK = Pattern.compile("([0-9]|[A-Z]{3})L");
    private static final Pattern NTH = Pattern.compile("([^#]*)#([^#]*)");

    private final String text;
    private final List<Problem> problems = new ArrayList<>();

    private int fromEnd;
    private int nearest;
    private int nearestFromEnd;
    private long nth;
    private int lastOfWeek;

    CronParser(String text) {
        if (text.length() > CronExpression.MAX_LENGTH) {
            throw refusal("cron '" + text.substring(0, 32) + "…' has " + text.length()
                    + " characters; accepted: at most " + CronExpression.MAX_LENGTH);
        }
        this.text = BLANK.matcher(text.strip()).replaceAll(" ");
    }

    CronExpression parse() {
        String[] written = expanded().split(" ", -1);
        if (written.length < FEWEST_FIELDS || written.length > MOST_FIELDS) {
            throw refusal("cron '" + text + "' has " + (text.isEmpty() ? 0 : written.length)
                    + " fields; accepted: 5 (minute, hour, day of month, month, day of week), 6 (second in front), 7"
                    + " (year at the end as well), or one of "
                    + String.join(", ", SHORTCUTS.keySet().stream().sorted().toList()));
        }
        List<String> fields = new ArrayList<>(Arrays.asList(written));
        int column = 1;
        if (fields.size() == FEWEST_FIELDS) {
            fields.addFirst("0");
            column -= 2;
        }
        if (fields.size() < MOST_FIELDS) {
            fields.add("*");
        }
        BitSet seconds = read(CronField.SECOND, fields, column);
        BitSet minutes = read(CronField.MINUTE, fields, column);
        BitSet hours = read(CronField.HOUR, fields, column);
        BitSet daysOfMonth = read(CronField.DAY_OF_MONTH, fields, column);
        BitSet months = read(CronField.MONTH, fields, column);
        BitSet daysOfWeek = read(CronField.DAY_OF_WEEK, fields, column);
        BitSet years = read(CronField.YEAR, fields, column);
        if (!problems.isEmpty()) {
            List<String> messages = problems.stream().map(Problem::message).toList();
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR, "cron '" + text + "': " + String.join("; ", messages), problems);
        }
        CronDays days = new CronDays(
                (int) bits(daysOfMonth),
                fromEnd,
                nearest,
                nearestFromEnd,
                (int) bits(daysOfWeek),
                nth,
                lastOfWeek,
                restricted(written(CronField.DAY_OF_MONTH, fields))
                        && restricted(written(CronField.DAY_OF_WEEK, fields)));
        return new CronExpression(
                text,
                bits(seconds),
                bits(minutes),
                (int) bits(hours),
                (int) bits(months),
                days,
                written(CronField.YEAR, fields).equals("*") ? CronYears.every() : CronYears.of(years));
    }

    private static String written(CronField field, List<String> fields) {
        return fields.get(field.position);
    }

    private String expanded() {
        if (!text.startsWith("@")) {
            return text;
        }
        String expansion = SHORTCUTS.get(text.toLowerCase(Locale.ROOT));
        if (expansion == null) {
            throw refusal(KnownNames.unknown("cron shortcut", text, SHORTCUTS.keySet()));
        }
        return expansion;
    }

    /** A field that admits every day, in whatever rhythm, leaves the choice to the other one. */
    private static boolean restricted(String dayField) {
        return !dayField.contains("*") && !dayField.equals("?");
    }

    /** Reads one of the seven fields; {@code firstColumn} is where the first of them would begin in the text. */
    private BitSet read(CronField field, List<String> fields, int firstColumn) {
        String written = written(field, fields);
        var values = new BitSet();
        if (written.equals("?") && isDay(field)) {
            values.set(field.min, field.max + 1);
            return values;
        }
        for (String part : written.split(",", -1)) {
            try {
                readPart(field, part.toUpperCase(Locale.ROOT), values);
            } catch (BadPartException e) {
                int column = firstColumn;
                for (String earlier : fields.subList(0, field.position)) {
                    column += earlier.length() + 1;
                }
                problems.add(new Problem(
                        "cron",
                        "1:" + column,
                        field.label + ": '" + part + "' " + e.getMessage() + "; accepted: " + field.accepted()));
                break;
            }
        }
        return values;
    }

    private static boolean isDay(CronField field) {
        return field == CronField.DAY_OF_MONTH || field == CronField.DAY_OF_WEEK;
    }

    private void readPart(CronField field, String part, BitSet values) throws BadPartException {
        boolean special =
                switch (field) {
                    case DAY_OF_MONTH -> readSpecialDayOfMonth(part);
                    case DAY_OF_WEEK -> readSpecialDayOfWeek(part);
                    case SECOND, MINUTE, HOUR, MONTH, YEAR -> false;
                };
        if (!special) {
            readPlain(field, part, values);
        }
    }

    private boolean readSpecialDayOfMonth(String part) throws BadPartException {
        Matcher matcher = FROM_END.matcher(part);
        if (matcher.matches()) {
            fromEnd |= 1 << daysBeforeLast(matcher);
            return true;
        }
        matcher = NEAREST_FROM_END.matcher(part);
        if (matcher.matches()) {
            nearestFromEnd |= 1 << daysBeforeLast(matcher);
            return true;
        }
        matcher = NEAREST.matcher(part);
        if (matcher.matches()) {
            nearest |= 1 << value(CronField.DAY_OF_MONTH, matcher.group(1));
            return true;
        }
        return false;
    }

    private static int daysBeforeLast(Matcher matcher) throws BadPartException {
        if (matcher.group(1) == null) {
            return 0;
        }
        int days = Integer.parseInt(matcher.group(1));
        if (days < 1 || days > MOST_DAYS_BEFORE_LAST) {
            throw new BadPartException("is not 1 to " + MOST_DAYS_BEFORE_LAST + " days before the last day");
        }
        return days;
    }

    private boolean readSpecialDayOfWeek(String part) throws BadPartException {
        if (part.equals("L")) {
            throw new BadPartException("does not say which day of the week (6L or SATL is the last Saturday)");
        }
        Matcher matcher = LAST_OF_WEEK.matcher(part);
        if (matcher.matches()) {
            lastOfWeek |= 1 << dayOfWeek(matcher.group(1));
            return true;
        }
        matcher = NTH.matcher(part);
        if (matcher.matches()) {
            int ordinal = number(matcher.group(2));
            if (ordinal < 1 || ordinal > CronDays.MOST_PER_MONTH) {
                throw new BadPartException("has no number from 1 to " + CronDays.MOST_PER_MONTH + " after #");
            }
            nth |= 1L << (CronDays.MOST_PER_MONTH * dayOfWeek(matcher.group(1)) + ordinal - 1);
            return true;
        }
        return false;
    }

    private static int dayOfWeek(String text) throws BadPartException {
        return value(CronField.DAY_OF_WEEK, text) % CronDays.DAYS_PER_WEEK;
    }

    /** Reads {@code *}, {@code a}, {@code a-b}, each with {@code /n} or without; ranges may run over the end. */
    private static void readPlain(CronField field, String part, BitSet values) throws BadPartException {
        int slash = part.indexOf('/');
        String base = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : step(field, part.substring(slash + 1));
        int dash = base.indexOf('-');
        int first;
        int last;
        if (base.equals("*")) {
            first = field.min;
            last = field.max;
        } else if (dash >= 0) {
            first = value(field, base.substring(0, dash));
            last = value(field, base.substring(dash + 1));
            if (last < first) {
                if (field == CronField.YEAR) {
                    throw new BadPartException("ends before it begins");
                }
                last += field.size();
            }
        } else {
            first = wrapped(field, value(field, base));
            last = slash < 0 ? first : field.max;
        }
        for (int value = first; value <= last; value += step) {
            values.set(wrapped(field, value));
        }
    }

    /** Sunday written as 7 is 0, and what lies beyond the end starts over. */
    private static int wrapped(CronField field, int value) {
        return field.min + (value - field.min) % field.size();
    }

    private static int step(CronField field, String text) throws BadPartException {
        int step = number(text);
        if (step < 1 || step > field.size()) {
            throw new BadPartException("has no step from 1 to " + field.size());
        }
        return step;
    }

    private static int value(CronField field, String text) throws BadPartException {
        int named = field.named(text);
        if (named >= 0) {
            return named;
        }
        int number = number(text);
        if (number < 0) {
            throw new BadPartException("cannot be read");
        }
        if (number < field.min || number > field.largestWritten()) {
            throw new BadPartException("is not within " + field.min + "-" + field.largestWritten());
        }
        return number;
    }

    /** The number, or -1 for text that is none of at most four digits. */
    private static int number(String text) {
        return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    /** The set of small numbers as bits. */
    private static long bits(BitSet values) {
        return values.isEmpty() ? 0 : values.toLongArray()[0];
    }

    private static RatchetException refusal(String message) {
        return new RatchetException(ErrorCode.VALIDATION_ERROR, message);
    }

    /** A part of a field that breaks a rule; the message continues a sentence that begins with the part. */
    private static final class BadPartException extends Exception {
        private static final long serialVersionUID = 1L;

        BadPartException(String message) {
            super(message);
        }
    }
}
