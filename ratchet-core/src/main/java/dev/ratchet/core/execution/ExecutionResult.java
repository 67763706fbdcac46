package dev.ratchet.core.execution;

import java.time.Duration;
import java.util.Objects;

/**
 * A finished run.
 *
 * @param outcome how it ended
 * @param wallTime from the start of the attempt to its outcome
 * @param cpuTime processor time of the thread that ran the task; zero where the system does not tell
 * @param trace what a replay needs; {@link ExecutionTrace#NONE} unless asked for
 * @param droppedLogBytes log text over the limit that was not kept
 * @param attempts attempts made: 0 when the task did not run, more than 1 when a neighbour's crash took an innocent run
 *     with it
 */
public record ExecutionResult(
        ExecutionOutcome outcome,
        Duration wallTime,
        Duration cpuTime,
        ExecutionTrace trace,
        long droppedLogBytes,
        int attempts) {
    public ExecutionResult {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(trace, "trace");
    }

    /** The same run with another outcome, as when its output turns out not to satisfy the schema. */
    public ExecutionResult withOutcome(ExecutionOutcome newOutcome) {
        return new ExecutionResult(newOutcome, wallTime, cpuTime, trace, droppedLogBytes, attempts);
    }
}
