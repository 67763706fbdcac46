package dev.ratchet.core.execution;

import java.util.List;
import java.util.Objects;

/**
 * What decides everything a task could otherwise not repeat: its random numbers, its clock, and the order in which
 * timers and fetches settle.
 *
 * @param seed any text; equal seeds give equal sequences from {@code Math.random} and {@code crypto}. For real runs it
 *     must hold at least 128 bits from a cryptographic source.
 * @param clock where time comes from
 */
public record Determinism(String seed, GuestClock clock) {
    public Determinism {
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(clock, "clock");
    }

    /** Where a task's time comes from. Clock values are counted in ticks of 0.1 ms since 1970-01-01T00:00:00Z. */
    public sealed interface GuestClock {
        /** Ticks in a millisecond. */
        long TICKS_PER_MILLI = 10;

        /** Real time, starting at {@code startTicks}; timers wait. */
        record Live(long startTicks) implements GuestClock {}

        /**
         * Time stands still while the task computes and jumps to the next timer or delayed answer when it waits; nothing
         * sleeps, and the order of events depends on their due times alone.
         */
        record Virtual(long startTicks) implements GuestClock {}

        /**
         * Exactly the recorded values in the recorded order, then the last one for ever; timers and fetches settle in
         * the recorded order as long as the task starts the same ones, in order of their due times where it does not.
         */
        record Recorded(List<ClockRun> runs, List<Settlement> settlements) implements GuestClock {
            public Recorded {
                runs = List.copyOf(runs);
                settlements = List.copyOf(settlements);
            }
        }
    }

    /** {@code count} readings in a row that all gave {@code ticks}. */
    public record ClockRun(long ticks, int count) {}

    /**
     * Something the task waited for and got.
     *
     * @param kind what it was
     * @param id its number, counted from 1 per kind in the order the task started them
     */
    public record Settlement(Kind kind, int id) {
        /** What can be waited for. */
        public enum Kind {
            FETCH,
            TIMER,
            /** The run's own abort signal; its id is always 1. */
            ABORT
        }
    }
}
