package dev.ratchet.core.schedule;

import dev.ratchet.core.id.ScheduleId;
import java.time.Duration;
import java.time.Instant;

/** Spreads schedules that fire at the same time, by a delay that every node computes alike. */
public final class Jitter {
    private Jitter() {}

    /**
     * The delay of one fire: uniform over the whole milliseconds of {@code [0, max]}, always the same for the same
     * schedule and planned instant, and unrelated between others. Mixed with the finaliser of SplitMix64 (Steele, Lea
     * and Flood, 2014).
     *
     * @param max not negative
     */
    public static Duration of(ScheduleId scheduleId, Instant planned, Duration max) {
        long bound = max.toMillis();
        if (bound < 0) {
            throw new IllegalArgumentException("max must not be negative, was " + max);
        }
        long mixed = mix(scheduleId.value().getMostSignificantBits());
        mixed = mix(mixed ^ scheduleId.value().getLeastSignificantBits());
        mixed = mix(mixed ^ planned.toEpochMilli());
        return Duration.ofMillis(Math.unsignedMultiplyHigh(mixed, bound + 1));
    }

    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
