package dev.ratchet.storage.task;

import java.time.Duration;

/**
 * How much of tasks' content is kept in memory.
 *
 * @param maxBytes sum of the sizes of the stored forms, 0 or more
 * @param freshness how long one is used before it is read again, which is how long another node's change of tests or retry
 *     policy may go unseen
 */
public record TaskCacheSettings(long maxBytes, Duration freshness) {
    /** 64 MiB, one minute. */
    public static final TaskCacheSettings DEFAULTS = new TaskCacheSettings(64L * 1024 * 1024, Duration.ofMinutes(1));

    public TaskCacheSettings {
        if (maxBytes < 0 || freshness.isNegative()) {
            throw new IllegalArgumentException("maxBytes and freshness must not be negative");
        }
    }
}
