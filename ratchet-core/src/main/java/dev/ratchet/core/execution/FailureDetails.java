package dev.ratchet.core.execution;

import java.time.Duration;
import java.util.Optional;

/** Port that writes and reads the JSON side of failures. */
public interface FailureDetails {
    /**
     * What a failed task tells about trying again.
     *
     * @param httpStatus the property {@code status} of the error, where that is an HTTP status
     * @param retryAfter the property {@code retryAfter} of the error: seconds, or a date as in RFC 9110, section 10.2.3
     */
    record RetryHints(Optional<Integer> httpStatus, Optional<Duration> retryAfter) {
        /** Nothing. */
        public static final RetryHints NONE = new RetryHints(Optional.empty(), Optional.empty());
    }

    /**
     * An outcome as it is stored.
     *
     * @param outcome any but {@link ExecutionOutcome.Succeeded}
     */
    ExecutionError describe(ExecutionOutcome outcome);

    /** What an outcome tells about trying again; {@link RetryHints#NONE} for all but {@code TaskFailed}. */
    RetryHints hints(ExecutionOutcome outcome);
}
