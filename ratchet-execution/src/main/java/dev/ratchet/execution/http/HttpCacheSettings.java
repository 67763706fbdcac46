package dev.ratchet.execution.http;

import java.time.Duration;
import java.util.Objects;

/**
 * Settings of the cache for answers to tasks' requests: {@code cache.http_cache} of the configuration. Exceptions name
 * the key at fault.
 *
 * @param enabled {@code enabled}: whether there is a cache; a task uses it only if its package says so
 * @param maxBytes {@code max_size_bytes}: most bytes kept, headers and bookkeeping included; 64 KiB to 16 GiB, default
 *     10 MiB
 * @param defaultTtl {@code default_ttl}: how long an answer is fresh that says nothing about it and may be kept all the
 *     same; 0 to 1 day, default 300 s
 * @param respectCacheControl {@code respect_cache_control}: whether an answer's own statement of how long it is fresh
 *     counts; with false {@code defaultTtl} replaces it, while {@code no-store} and {@code no-cache} still hold; default
 *     true
 */
public record HttpCacheSettings(boolean enabled, long maxBytes, Duration defaultTtl, boolean respectCacheControl) {
    private static final long KIB = 1024;
    private static final long MOST_BYTES = 16 * KIB * KIB * KIB;

    /** The documented defaults. */
    public static final HttpCacheSettings DEFAULTS =
            new HttpCacheSettings(true, 10 * KIB * KIB, Duration.ofMinutes(5), true);

    public HttpCacheSettings {
        if (maxBytes < 64 * KIB || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "cache.http_cache.max_size_bytes must be " + 64 * KIB + " to " + MOST_BYTES + ", not " + maxBytes);
        }
        Objects.requireNonNull(defaultTtl, "defaultTtl");
        if (defaultTtl.isNegative() || defaultTtl.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "cache.http_cache.default_ttl must be 0 to 86400 seconds, not " + defaultTtl.toMillis() / 1000.0);
        }
    }
}
