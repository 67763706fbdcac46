package dev.ratchet.core.execution;

import dev.ratchet.core.execution.Determinism.ClockRun;
import dev.ratchet.core.execution.Determinism.Settlement;
import java.util.List;

/**
 * What a worker saw that a replay needs.
 *
 * @param clock every reading of the clock, run-length coded, in order
 * @param settlements timers, fetches and abort in the order they settled
 * @param complete false when either list hit its bound and was cut; such a run cannot be replayed exactly
 */
public record ExecutionTrace(List<ClockRun> clock, List<Settlement> settlements, boolean complete) {
    /** Nothing was traced. */
    public static final ExecutionTrace NONE = new ExecutionTrace(List.of(), List.of(), false);

    public ExecutionTrace {
        clock = List.copyOf(clock);
        settlements = List.copyOf(settlements);
    }
}
