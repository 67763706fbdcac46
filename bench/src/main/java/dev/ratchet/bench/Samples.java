package dev.ratchet.bench;

import java.util.Arrays;

/** Durations of the same thing done many times, in nanoseconds. */
final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[64];
    private int count;

    void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = value;
    }

    int count() {
        return count;
    }

    double medianMillis() {
        return percentileMillis(50);
    }

    /** The value that {@code percent} of all do not exceed (nearest rank), in milliseconds. */
    double percentileMillis(double percent) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * count);
        return sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
    }
}
