package dev.ratchet.execution;

import java.time.Duration;
import java.util.Objects;

/**
 * What results may be remembered, whatever tasks allow.
 *
 * @param onlySuccess whether failures are never remembered
 * @param maxEntries results remembered at most, 1 or more
 * @param maxBytes bytes they take at most, 1 or more
 * @param maxTtl how long a result is remembered at most
 */
public record ResultCacheSettings(boolean onlySuccess, int maxEntries, long maxBytes, Duration maxTtl) {
    /** Successes only, 1,000 of them, 64 MiB, half an hour. */
    public static final ResultCacheSettings DEFAULTS =
            new ResultCacheSettings(true, 1_000, 64L * 1024 * 1024, Duration.ofMinutes(30));

    public ResultCacheSettings {
        Objects.requireNonNull(maxTtl, "maxTtl");
        if (maxEntries < 1 || maxBytes < 1 || !maxTtl.isPositive()) {
            throw new IllegalArgumentException("maxEntries, maxBytes and maxTtl must be positive");
        }
    }
}
