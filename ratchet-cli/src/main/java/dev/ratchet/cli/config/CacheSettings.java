package dev.ratchet.cli.config;

import java.time.Duration;

/**
 * What is kept in memory. {@code cache.enabled} is already applied: where it is false, the two caches that can be
 * switched off are off.
 *
 * @param tasks {@code task_cache}: task versions and compiled schemas
 * @param http {@code http_cache}: answers to tasks' requests
 * @param results {@code result_cache}: results of tasks that ask for it
 */
public record CacheSettings(TaskCache tasks, HttpCache http, ResultCache results) {
    /**
     * The cache of task versions and compiled schemas.
     *
     * @param maxEntries {@code task_content_cache_size}: 1 to 100,000, default 100
     * @param maxBytes {@code memory_limit_bytes}: 1 MiB to 16 GiB, default 64 MiB
     * @param ttl {@code ttl}: how long an unused entry is kept; a second to 31 days, default an hour
     */
    public record TaskCache(int maxEntries, long maxBytes, Duration ttl) {}

    /**
     * The cache of answers.
     *
     * @param enabled {@code enabled}; default true
     * @param maxBytes {@code max_size_bytes}: 64 KiB to 16 GiB, default 10 MiB
     * @param defaultTtl {@code default_ttl}: freshness of answers that state none; 0 to 31 days, default 5 min
     * @param respectCacheControl {@code respect_cache_control}; default true
     */
    public record HttpCache(boolean enabled, long maxBytes, Duration defaultTtl, boolean respectCacheControl) {}

    /**
     * The cache of results.
     *
     * @param enabled {@code enabled}; default true
     * @param onlySuccess {@code cache_only_success}: whether failures are kept out; default true
     * @param maxEntries {@code max_entries}: 1 to 1,000,000, default 1000
     * @param maxTtl {@code ttl}: longest time a result is kept; a second to 31 days, default 30 min
     */
    public record ResultCache(boolean enabled, boolean onlySuccess, int maxEntries, Duration maxTtl) {}
}
