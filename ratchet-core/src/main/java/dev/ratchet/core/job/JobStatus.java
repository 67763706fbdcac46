package dev.ratchet.core.job;

import java.util.Set;

/** The states of a job, with every change that may happen: the one table of it. */
public enum JobStatus {
    /** Waits for its time, its turn or a free slot. */
    QUEUED,
    /** An attempt is running. */
    PROCESSING,
    /** Waits for its next attempt. */
    RETRYING,
    /** An attempt succeeded. */
    COMPLETED,
    /** No attempt succeeded and none will follow by itself. */
    FAILED,
    /** Somebody stopped it. */
    CANCELLED;

    /** The states that may follow this one. */
    public Set<JobStatus> next() {
        return switch (this) {
            case QUEUED, RETRYING -> Set.of(PROCESSING, CANCELLED);
            case PROCESSING -> Set.of(COMPLETED, RETRYING, FAILED, CANCELLED, QUEUED);
            // Redriven by hand: the same job, with new attempts.
            case FAILED, CANCELLED -> Set.of(RETRYING);
            case COMPLETED -> Set.of();
        };
    }

    /** Whether {@code to} may follow this state. */
    public boolean allows(JobStatus to) {
        return next().contains(to);
    }

    /** Whether nothing more happens by itself. */
    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, PROCESSING, RETRYING -> false;
            case COMPLETED, FAILED, CANCELLED -> true;
        };
    }
}
