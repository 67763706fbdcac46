package dev.ratchet.core.task;

import java.time.Duration;
import java.util.Objects;

/**
 * What one execution may use. Every value is positive.
 *
 * @param wallTime time from start to outcome, waiting included
 * @param cpuTime processor time of the thread that runs the task
 * @param memoryBytes live guest heap on top of what an idle worker holds
 * @param outputBytes UTF-8 bytes of the result as JSON
 * @param logBytes UTF-8 bytes of log lines kept; what exceeds them is dropped, counted and said, and the run goes on
 * @param fetches number of HTTP requests
 * @param fetchBytes bytes of all request and response bodies together, after decompression
 */
public record TaskLimits(
        Duration wallTime,
        Duration cpuTime,
        long memoryBytes,
        long outputBytes,
        long logBytes,
        int fetches,
        long fetchBytes) {

    private static final long MIB = 1024L * 1024L;

    /** The limits of a task that declares none. */
    public static final TaskLimits DEFAULTS =
            new TaskLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), 128 * MIB, 10 * MIB, MIB, 100, 50 * MIB);

    /** The largest values a package may ask for. */
    public static final TaskLimits CEILING = new TaskLimits(
            Duration.ofHours(24), Duration.ofHours(24), 4096 * MIB, 64 * MIB, 64 * MIB, 10_000, 1024 * MIB);

    public TaskLimits {
        requirePositive(Objects.requireNonNull(wallTime, "wallTime").toMillis(), "wallTime");
        requirePositive(Objects.requireNonNull(cpuTime, "cpuTime").toMillis(), "cpuTime");
        requirePositive(memoryBytes, "memoryBytes");
        requirePositive(outputBytes, "outputBytes");
        requirePositive(logBytes, "logBytes");
        requirePositive(fetches, "fetches");
        requirePositive(fetchBytes, "fetchBytes");
    }

    /** The same limits with another wall time, and the processor time raised or lowered with it. */
    public TaskLimits withWallTime(Duration newWallTime) {
        return new TaskLimits(newWallTime, newWallTime, memoryBytes, outputBytes, logBytes, fetches, fetchBytes);
    }

    private static void requirePositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
    }
}
