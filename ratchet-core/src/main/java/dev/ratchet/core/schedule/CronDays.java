package dev.ratchet.core.schedule;

import java.time.YearMonth;

/**
 * The two day fields together: which days of a given month match. Sets of days are bit sets with day n at bit n.
 *
 * @param ofMonth days by number
 * @param fromEnd bit n stands for the day n days before the last one ({@code L} is bit 0, {@code L-3} is bit 3)
 * @param nearest bit n stands for the weekday nearest to day n ({@code nW})
 * @param nearestFromEnd bit n stands for the weekday nearest to the day n days before the last one ({@code LW} is bit 0)
 * @param ofWeek days of the week, Sunday at bit 0
 * @param nth bit {@code 5 * d + n - 1} stands for the n-th day of the week d of the month ({@code d#n})
 * @param lastOfWeek bit d stands for the last day of the week d of the month ({@code dL})
 * @param either whether matching one of the two fields is enough
 */
record CronDays(
        int ofMonth,
        int fromEnd,
        int nearest,
        int nearestFromEnd,
        int ofWeek,
        long nth,
        int lastOfWeek,
        boolean either) {

    static final int DAYS_PER_WEEK = 7;
    /** No day of the week comes more often in a month. */
    static final int MOST_PER_MONTH = 5;

    private static final int SATURDAY = 6;
    /** Days 1, 8, 15, 22 and 29. */
    private static final int WEEKLY = 1 << 1 | 1 << 8 | 1 << 15 | 1 << 22 | 1 << 29;

    /** The matching days of the month; never bit 0, never a day the month has not. */
    int in(YearMonth month) {
        int length = month.lengthOfMonth();
        int firstDayOfWeek = month.atDay(1).getDayOfWeek().getValue() % DAYS_PER_WEEK;
        int byMonth = daysOfMonth(length, firstDayOfWeek);
        int byWeek = daysOfWeek(length, firstDayOfWeek);
        int matching = either ? byMonth | byWeek : byMonth & byWeek;
        return matching & allDays(length);
    }

    private int daysOfMonth(int length, int firstDayOfWeek) {
        int result = ofMonth;
        if ((fromEnd | nearest | nearestFromEnd) == 0) {
            return result;
        }
        for (int day = 1; day <= length; day++) {
            int before = length - day;
            if ((fromEnd >>> before & 1) != 0) {
                result |= 1 << day;
            }
            if ((nearest >>> day & 1) != 0 || (nearestFromEnd >>> before & 1) != 0) {
                result |= 1 << nearestWeekday(day, length, firstDayOfWeek);
            }
        }
        return result;
    }

    /** The weekday nearest to {@code day}, without leaving the month. */
    private static int nearestWeekday(int day, int length, int firstDayOfWeek) {
        int dayOfWeek = (firstDayOfWeek + day - 1) % DAYS_PER_WEEK;
        if (dayOfWeek == SATURDAY) {
            return day > 1 ? day - 1 : day + 2;
        }
        if (dayOfWeek == 0) {
            return day < length ? day + 1 : day - 2;
        }
        return day;
    }

    private int daysOfWeek(int length, int firstDayOfWeek) {
        int result = 0;
        for (int dayOfWeek = 0; dayOfWeek < DAYS_PER_WEEK; dayOfWeek++) {
            int offset = (dayOfWeek - firstDayOfWeek + DAYS_PER_WEEK) % DAYS_PER_WEEK;
            if ((ofWeek >>> dayOfWeek & 1) != 0) {
                result |= WEEKLY << offset;
            }
            if ((lastOfWeek >>> dayOfWeek & 1) != 0) {
                result |= Integer.highestOneBit(WEEKLY << offset & allDays(length));
            }
            int ordinals = (int) (nth >>> (MOST_PER_MONTH * dayOfWeek)) & ((1 << MOST_PER_MONTH) - 1);
            for (int ordinal = 0; ordinals >>> ordinal != 0; ordinal++) {
                if ((ordinals >>> ordinal & 1) != 0) {
                    int day = 1 + offset + DAYS_PER_WEEK * ordinal;
                    result |= day <= length ? 1 << day : 0;
                }
            }
        }
        return result;
    }

    private static int allDays(int length) {
        return (int) ((1L << (length + 1)) - 2);
    }
}
