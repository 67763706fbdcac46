package dev.ratchet.core.execution;

import dev.ratchet.core.id.ExecutionId;

/** Something that has just happened to an execution. Events only make things fast: what they say is stored as well. */
public sealed interface ExecutionEvent {
    /** Which execution. */
    ExecutionId execution();

    /** It has a new status, which is durable. */
    record StatusChanged(ExecutionId execution, ExecutionStatus status) implements ExecutionEvent {}

    /** It logged a line; {@code number} counts them from 0. */
    record Logged(ExecutionId execution, long number, LogLine line) implements ExecutionEvent {}

    /** It reported progress. */
    record Progressed(ExecutionId execution, double fraction, String message) implements ExecutionEvent {}
}
