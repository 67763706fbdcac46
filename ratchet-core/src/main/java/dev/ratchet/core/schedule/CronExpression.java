package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A set of local times, written as a cron expression of five fields (minute, hour, day of month, month, day of week),
 * six (a second in front) or seven (a year at the end as well), or as {@code @daily} and its like. Days of the week are
 * 0 to 7 from Sunday to Sunday in every form. Where day of month and day of week are both restricted, a day has to
 * match one of them; a field with a {@code *} in it, such as {@code *}{@code /2}, counts as unrestricted there, and the
 * day has to match both, as crontab(5) has it. The whole syntax is in {@code docs/schedules.md}.
 *
 * <pre>{@code
 * CronExpression weekdays = CronExpression.parse("30 9 * * MON-FRI");
 * Optional<LocalDateTime> next = weekdays.next(LocalDateTime.of(2026, 1, 2, 12, 0)); // 2026-01-05T09:30
 * }</pre>
 *
 * <p>Knows no time zone: {@link Timing.Cron} maps these local times on instants. Immutable; two are equal when their
 * texts are.
 */
public final class CronExpression {
    /** The longest text that is read, in characters. */
    public static final int MAX_LENGTH = 256;

    /** No time before this year matches. */
    public static final int FIRST_YEAR = 1970;

    /** The last year that can be named in the year field. */
    public static final int LAST_NAMED_YEAR = 2199;

    /** No time after this year matches; the last year whose dates have four digits. */
    static final int LAST_YEAR = 9999;

    /** After this many years the calendar repeats, days of the week included: what did not match by then never will. */
    private static final int CALENDAR_CYCLE_YEARS = 400;

    private static final int SECONDS_PER_MINUTE = 60;
    private static final int MINUTES_PER_HOUR = 60;

    private final String text;
    private final long seconds;
    private final long minutes;
    private final int hours;
    private final int months;
    private final CronDays days;
    private final CronYears years;
    private final LocalTime firstTime;

    CronExpression(String text, long seconds, long minutes, int hours, int months, CronDays days, CronYears years) {
        this.text = text;
        this.seconds = seconds;
        this.minutes = minutes;
        this.hours = hours;
        this.months = months;
        this.days = days;
        this.years = years;
        this.firstTime = LocalTime.of(
                Integer.numberOfTrailingZeros(hours),
                Long.numberOfTrailingZeros(minutes),
                Long.numberOfTrailingZeros(seconds));
    }

    /**
     * Reads an expression. Case does not matter, nor how much blank space separates the fields.
     *
     * @throws RatchetException {@link ErrorCode#VALIDATION_ERROR} with one problem per faulty field, and for an
     *     expression that no date ever matches, such as 30 February
     */
    public static CronExpression parse(String text) {
        CronExpression parsed = new CronParser(text).parse();
        if (parsed.nextDate(LocalDate.of(FIRST_YEAR, 1, 1)) == null) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "cron '" + parsed.text + "' never fires: no month and year it names has such a day; accepted: days"
                            + " that exist, such as 28 in February");
        }
        return parsed;
    }

    /**
     * The first matching time strictly after {@code after}; always a whole second. Takes bounded time: at most one walk
     * through the months of {@value #CALENDAR_CYCLE_YEARS} years.
     *
     * @return empty when no further time matches, because the named years are over
     */
    public Optional<LocalDateTime> next(LocalDateTime after) {
        return Optional.ofNullable(nextOrNull(after));
    }

    /** As {@link #next(LocalDateTime)}, without the wrapper, for the search through a time zone. */
    @Nullable
    LocalDateTime nextOrNull(LocalDateTime after) {
        if (after.getYear() < FIRST_YEAR) {
            return firstTimeOf(nextDate(LocalDate.of(FIRST_YEAR, 1, 1)));
        }
        if (after.getYear() > LAST_YEAR) {
            return null;
        }
        LocalDate date = after.toLocalDate();
        if (matches(date)) {
            LocalTime time = nextTime(after.getHour(), after.getMinute(), after.getSecond() + 1);
            if (time != null) {
                return date.atTime(time);
            }
        }
        return firstTimeOf(nextDate(date.plusDays(1)));
    }

    private @Nullable LocalDateTime firstTimeOf(@Nullable LocalDate date) {
        return date == null ? null : date.atTime(firstTime);
    }

    private boolean matches(LocalDate date) {
        int year = date.getYear();
        int month = date.getMonthValue();
        return contains(months, month)
                && years.contains(year)
                && contains(days.in(YearMonth.of(year, month)), date.getDayOfMonth());
    }

    /** The first matching date not before {@code from}, or null. */
    private @Nullable LocalDate nextDate(LocalDate from) {
        int lastYear = Math.min(from.getYear() + CALENDAR_CYCLE_YEARS, LAST_YEAR);
        int month = from.getMonthValue();
        int day = from.getDayOfMonth();
        for (int year = from.getYear(); year <= lastYear; year++) {
            int matchingYear = years.atOrAfter(year);
            if (matchingYear > year) {
                if (matchingYear > lastYear) {
                    return null;
                }
                year = matchingYear;
                month = 1;
                day = 1;
            }
            int left = from(months, month);
            while (left != 0) {
                int candidate = Integer.numberOfTrailingZeros(left);
                YearMonth yearMonth = YearMonth.of(year, candidate);
                int matching = from(days.in(yearMonth), candidate == month ? day : 1);
                if (matching != 0) {
                    return yearMonth.atDay(Integer.numberOfTrailingZeros(matching));
                }
                left &= left - 1;
            }
            month = 1;
            day = 1;
        }
        return null;
    }

    /** The first matching time of day not before the given one, whose second may be 60, or null. */
    private @Nullable LocalTime nextTime(int hour, int minute, int second) {
        int fromMinute = minute;
        if (contains(hours, hour)) {
            if (second < SECONDS_PER_MINUTE && ((minutes >>> minute) & 1) != 0 && (seconds >>> second) != 0) {
                return LocalTime.of(hour, minute, second + Long.numberOfTrailingZeros(seconds >>> second));
            }
            fromMinute++;
            if (fromMinute < MINUTES_PER_HOUR && (minutes >>> fromMinute) != 0) {
                return LocalTime.of(
                        hour, fromMinute + Long.numberOfTrailingZeros(minutes >>> fromMinute), firstTime.getSecond());
            }
        }
        int later = from(hours, hour + 1);
        return later == 0 ? null : firstTime.withHour(Integer.numberOfTrailingZeros(later));
    }

    private static boolean contains(int set, int value) {
        return ((set >>> value) & 1) != 0;
    }

    /** The members of the set that are {@code least} or more; {@code least} is at most 31. */
    private static int from(int set, int least) {
        return set & (-1 << least);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text it was read from, in upper case where letters matter, with single spaces between the fields. */
    @Override
    public String toString() {
        return text;
    }
}
