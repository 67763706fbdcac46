package dev.ratchet.core.schedule;

import java.util.BitSet;

/** The year field. Immutable: the set is copied and never handed out. */
final class CronYears {
    private final boolean every;
    private final BitSet years;

    private CronYears(boolean every, BitSet years) {
        this.every = every;
        this.years = (BitSet) years.clone();
    }

    static CronYears every() {
        return new CronYears(true, new BitSet());
    }

    static CronYears of(BitSet years) {
        return new CronYears(false, years);
    }

    boolean contains(int year) {
        return every || years.get(year);
    }

    /** The first year of the field not before {@code year}; {@link Integer#MAX_VALUE} when there is none. */
    int atOrAfter(int year) {
        if (every) {
            return year;
        }
        int next = years.nextSetBit(year);
        return next < 0 ? Integer.MAX_VALUE : next;
    }
}
