package dev.ratchet.core.schedule;

/** The fields of a cron expression, in the order of the longest form. */
enum CronField {
    SECOND(0, "second", 0, 59, ""),
    MINUTE(1, "minute", 0, 59, ""),
    HOUR(2, "hour", 0, 23, ""),
    DAY_OF_MONTH(3, "day of month", 1, 31, ""),
    MONTH(4, "month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    DAY_OF_WEEK(5, "day of week", 0, 6, "SUN MON TUE WED THU FRI SAT"),
    YEAR(6, "year", CronExpression.FIRST_YEAR, CronExpression.LAST_NAMED_YEAR, "");

    private static final int NAME_LENGTH = 3;

    /** Where it stands in the longest form, from 0. */
    final int position;

    /** How error messages call it. */
    final String label;

    final int min;
    final int max;
    /** Names of the values from {@link #min} on, parted by spaces; empty where there are none. */
    private final String names;

    CronField(int position, String label, int min, int max, String names) {
        this.position = position;
        this.label = label;
        this.min = min;
        this.max = max;
        this.names = names;
    }

    /** How many values there are. */
    int size() {
        return max - min + 1;
    }

    /** The largest number that may be written: Sunday is 7 as well as 0. */
    int largestWritten() {
        return this == DAY_OF_WEEK ? 7 : max;
    }

    /** The value of a name in upper case, or -1. */
    int named(String name) {
        int index = name.length() == NAME_LENGTH ? names.indexOf(name) : -1;
        return index >= 0 && index % (NAME_LENGTH + 1) == 0 ? min + index / (NAME_LENGTH + 1) : -1;
    }

    /** What may be written in the field, for error messages. */
    String accepted() {
        String usual = min + "-" + largestWritten()
                + (names.isEmpty() ? "" : " or " + names.replace(' ', ','))
                + ", *, ranges (a-b), steps (*/n, a-b/n), lists (a,b)";
        return switch (this) {
            case DAY_OF_MONTH -> usual + ", ?, L (last day), L-n, nW (weekday nearest to day n), LW";
            case DAY_OF_WEEK -> usual + ", ?, dL (last such day of the month), d#n (its n-th such day, n 1-5)";
            case SECOND, MINUTE, HOUR, MONTH, YEAR -> usual;
        };
    }
}
