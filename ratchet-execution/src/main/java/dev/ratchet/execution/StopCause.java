package dev.ratchet.execution;

import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.LimitKind;

/** Why the parent stops a run; decides the outcome, whatever the run does in its last moments. */
sealed interface StopCause {
    /** A limit; {@code used} and {@code allowed} in its unit. */
    record Limit(LimitKind kind, long used, long allowed) implements StopCause {}

    /** Somebody asked for it. */
    record CancelledBy(String reason) implements StopCause {}

    /** What the caller gets. */
    default ExecutionOutcome outcome() {
        return switch (this) {
            case Limit limit -> new ExecutionOutcome.LimitExceeded(limit.kind(), limit.used(), limit.allowed());
            case CancelledBy cancelled -> new ExecutionOutcome.Cancelled(cancelled.reason());
        };
    }

    /** Name of the DOMException that the task's signal is aborted with. */
    default String abortName() {
        return switch (this) {
            case Limit limit -> limit.kind() == LimitKind.WALL_TIME ? "TimeoutError" : "AbortError";
            case CancelledBy _ -> "AbortError";
        };
    }

    /** Its message. */
    default String abortMessage() {
        return switch (this) {
            case Limit limit ->
                "limit " + limit.kind().key() + " of " + limit.allowed() + " "
                        + limit.kind().unit() + " exceeded";
            case CancelledBy cancelled -> "cancelled: " + cancelled.reason();
        };
    }
}
