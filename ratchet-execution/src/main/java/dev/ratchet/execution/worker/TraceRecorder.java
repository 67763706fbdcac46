package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message.Trace;
import java.util.Arrays;

/** Collects what a replay needs: clock readings, run-length coded, and the order in which things settled. */
final class TraceRecorder {
    private long[] ticks = new long[16];
    private int[] counts = new int[16];
    private int clockRuns;
    private byte[] kinds = new byte[16];
    private int[] ids = new int[16];
    private int settlements;
    private boolean complete = true;

    void reading(long value) {
        if (!complete) {
            return;
        }
        if (clockRuns > 0 && ticks[clockRuns - 1] == value && counts[clockRuns - 1] < Integer.MAX_VALUE) {
            counts[clockRuns - 1]++;
            return;
        }
        if (clockRuns == Trace.MAX_CLOCK_RUNS) {
            complete = false;
            return;
        }
        if (clockRuns == ticks.length) {
            int larger = Math.min(clockRuns * 2, Trace.MAX_CLOCK_RUNS);
            ticks = Arrays.copyOf(ticks, larger);
            counts = Arrays.copyOf(counts, larger);
        }
        ticks[clockRuns] = value;
        counts[clockRuns++] = 1;
    }

    void settled(byte kind, int id) {
        if (!complete) {
            return;
        }
        if (settlements == Trace.MAX_SETTLEMENTS) {
            complete = false;
            return;
        }
        if (settlements == kinds.length) {
            int larger = Math.min(settlements * 2, Trace.MAX_SETTLEMENTS);
            kinds = Arrays.copyOf(kinds, larger);
            ids = Arrays.copyOf(ids, larger);
        }
        kinds[settlements] = kind;
        ids[settlements++] = id;
    }

    Trace toTrace() {
        return new Trace(
                Arrays.copyOf(ticks, clockRuns),
                Arrays.copyOf(counts, clockRuns),
                Arrays.copyOf(kinds, settlements),
                Arrays.copyOf(ids, settlements),
                complete);
    }
}
