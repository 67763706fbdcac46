package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message.Trace;
import java.util.function.LongSupplier;

/** Where a run's clock readings come from, in ticks of 0.1 ms since 1970. Never goes backwards unless recorded so. */
sealed interface RunClock {
    /** Nanoseconds in a tick. */
    long TICK_NANOS = 100_000;

    /** Ticks in a millisecond. */
    long TICKS_PER_MILLI = 10;

    /** A reading for the task. */
    long read();

    /** The time without taking a reading. */
    long peek();

    /** Real time from a given start. */
    final class Live implements RunClock {
        private final long startTicks;
        private final LongSupplier nanoTime;
        private final long startNanos;

        Live(long startTicks, LongSupplier nanoTime) {
            this.startTicks = startTicks;
            this.nanoTime = nanoTime;
            this.startNanos = nanoTime.getAsLong();
        }

        @Override
        public long read() {
            return peek();
        }

        @Override
        public long peek() {
            return startTicks + (nanoTime.getAsLong() - startNanos) / TICK_NANOS;
        }
    }

    /** Stands still until it is moved. */
    final class Virtual implements RunClock {
        private long now;

        Virtual(long startTicks) {
            this.now = startTicks;
        }

        void advance(long ticks) {
            now += ticks;
        }

        @Override
        public long read() {
            return now;
        }

        @Override
        public long peek() {
            return now;
        }
    }

    /** Gives recorded readings in order, then the last one for ever. */
    final class Recorded implements RunClock {
        private final Trace trace;
        private int run;
        private int taken;

        Recorded(Trace trace) {
            this.trace = trace;
        }

        @Override
        public long read() {
            while (run + 1 < trace.ticks().length && taken >= trace.counts()[run]) {
                run++;
                taken = 0;
            }
            if (taken < Integer.MAX_VALUE) {
                taken++;
            }
            return peek();
        }

        @Override
        public long peek() {
            return trace.ticks().length == 0 ? 0 : trace.ticks()[run];
        }
    }
}
