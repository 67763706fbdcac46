package dev.ratchet.core.job;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What is kept of ended jobs. What breaks any of the rules goes, with its executions, logs, recordings and deliveries.
 *
 * @param maxAge how long after its end a job is kept
 * @param maxCountPerTask how many of a task's jobs are kept, the newest; unfinished ones count and are never removed
 * @param maxBytesPerTask bytes of input, output, recordings and logs that are kept of a task's jobs, the newest first; the
 *     newest job is kept however large it is. Looked at when they have grown by a sixteenth; empty for no bound
 * @param interval how often to look
 */
public record RetentionRules(Duration maxAge, long maxCountPerTask, OptionalLong maxBytesPerTask, Duration interval) {
    /** Thirty days, 100,000 jobs of a task, any number of bytes, every minute. */
    public static final RetentionRules DEFAULTS =
            new RetentionRules(Duration.ofDays(30), 100_000, OptionalLong.empty(), Duration.ofMinutes(1));

    public RetentionRules {
        Objects.requireNonNull(maxBytesPerTask, "maxBytesPerTask");
        if (!maxAge.isPositive() || !interval.isPositive()) {
            throw new IllegalArgumentException("maxAge and interval must be positive");
        }
        if (maxCountPerTask < 1 || maxBytesPerTask.orElse(1) < 1) {
            throw new IllegalArgumentException("maxCountPerTask and maxBytesPerTask must be at least 1");
        }
    }
}
