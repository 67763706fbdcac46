package dev.ratchet.execution.http;

/**
 * What a cache has done since it was made, and what it holds.
 *
 * @param hits answers given without asking the server
 * @param revalidated answers given after the server said that nothing has changed
 * @param misses answers that came from the server
 * @param bypassed requests that the cache has nothing to do with, such as those that change something
 * @param stored answers kept
 * @param evictions URLs dropped for want of room
 * @param urls URLs with at least one answer, about
 * @param bytes bytes they take, about
 */
public record HttpCacheFigures(
        long hits, long revalidated, long misses, long bypassed, long stored, long evictions, long urls, long bytes) {}
