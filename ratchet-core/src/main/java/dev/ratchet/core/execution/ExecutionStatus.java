package dev.ratchet.core.execution;

import java.util.Set;

/** The states of an execution, with every change that may happen: the one table of it. */
public enum ExecutionStatus {
    /** Waits with its job. */
    PENDING,
    /** Given to a worker. */
    RUNNING,
    /** The task returned a valid result. */
    COMPLETED,
    /** It ended in any other way. */
    FAILED,
    /** Somebody stopped it. */
    CANCELLED;

    /** The states that may follow this one. */
    public Set<ExecutionStatus> next() {
        return switch (this) {
            case PENDING -> Set.of(RUNNING, CANCELLED);
            case RUNNING -> Set.of(COMPLETED, FAILED, CANCELLED);
            case COMPLETED, FAILED, CANCELLED -> Set.of();
        };
    }

    /** Whether {@code to} may follow this state. */
    public boolean allows(ExecutionStatus to) {
        return next().contains(to);
    }

    /** Whether it has ended. */
    public boolean isTerminal() {
        return next().isEmpty();
    }

    /** Whether it can be cancelled. */
    public boolean canCancel() {
        return allows(CANCELLED);
    }

    /** Whether its input can be run again. */
    public boolean canRetry() {
        return this == FAILED || this == CANCELLED;
    }
}
