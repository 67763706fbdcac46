package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.execution.protocol.Message.Trace;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunClockTest {
    @Test
    void liveWhenTimePassesCountsTicksOfATenthOfAMillisecond() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 50);
        RunClock clock = new RunClock.Live(1000, nanos::get);

        nanos.addAndGet(1_250_000);

        assertThat(clock.read()).isEqualTo(1012);
    }

    @Test
    void recordedWhenReadRepeatsTheRunsAndThenTheLastForEver() {
        RunClock clock = new RunClock.Recorded(trace(new long[] {10, 20, 15}, new int[] {2, 1, 1}));

        assertThat(new long[] {clock.read(), clock.read(), clock.read(), clock.read(), clock.read(), clock.read()})
                .containsExactly(10, 10, 20, 15, 15, 15);
    }

    @Test
    void recordedWhenNothingWasRecordedReadsZero() {
        assertThat(new RunClock.Recorded(trace(new long[0], new int[0])).read()).isZero();
    }

    @Test
    void recorderWhenReadingsRepeatCodesTheirRunLength() {
        TraceRecorder recorder = new TraceRecorder();
        for (long ticks : new long[] {5, 5, 5, 6, 5}) {
            recorder.reading(ticks);
        }
        recorder.settled(Trace.TIMER, 3);

        Trace trace = recorder.toTrace();

        assertThat(trace.ticks()).containsExactly(5, 6, 5);
        assertThat(trace.counts()).containsExactly(3, 1, 1);
        assertThat(trace.kinds()).containsExactly(Trace.TIMER);
        assertThat(trace.ids()).containsExactly(3);
        assertThat(trace.complete()).isTrue();
    }

    @Test
    void recorderWhenABoundIsReachedSaysThatItIsIncomplete() {
        TraceRecorder recorder = new TraceRecorder();

        for (int i = 0; i <= Trace.MAX_CLOCK_RUNS; i++) {
            recorder.reading(i);
        }

        assertThat(recorder.toTrace().complete()).isFalse();
        assertThat(recorder.toTrace().ticks()).hasSize(Trace.MAX_CLOCK_RUNS);
    }

    private static Trace trace(long[] ticks, int[] counts) {
        return new Trace(ticks, counts, new byte[0], new int[0], true);
    }
}
