package dev.ratchet.core.task;

import java.time.Duration;
import java.util.Objects;

/**
 * How a failed job of the task is retried by the server. Recorded in the package; single runs on the command line do
 * not retry.
 *
 * @param maxRetries retries after the first attempt, 0 or more
 * @param backoff how the delay grows
 * @param initialDelay delay before the first retry
 * @param maxDelay upper bound of the delay
 * @param jitter whether delays vary at random, so that jobs that failed together do not come back together
 * @param retryUnsafe whether an attempt that was lost is repeated even though a request of it that may have changed
 *     something has no known answer
 */
public record RetryPolicy(
        int maxRetries,
        Backoff backoff,
        Duration initialDelay,
        Duration maxDelay,
        boolean jitter,
        boolean retryUnsafe) {
    /** How the delay grows from retry to retry. */
    public enum Backoff {
        /** Always the initial delay. */
        FIXED,
        /** Doubled each time. */
        EXPONENTIAL
    }

    /** Three retries, doubling from one minute, at most an hour, with jitter, none after an unsafe request. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(3, Backoff.EXPONENTIAL, Duration.ofSeconds(60), Duration.ofHours(1), true, false);

    public RetryPolicy {
        Objects.requireNonNull(backoff, "backoff");
        if (maxRetries < 0 || initialDelay.isNegative() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("retry needs maxRetries >= 0 and 0 <= initialDelay <= maxDelay");
        }
    }

    /** The same policy with another number of retries. */
    public RetryPolicy withMaxRetries(int newMaxRetries) {
        return new RetryPolicy(newMaxRetries, backoff, initialDelay, maxDelay, jitter, retryUnsafe);
    }
}
