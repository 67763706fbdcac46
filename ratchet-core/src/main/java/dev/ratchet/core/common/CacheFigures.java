package dev.ratchet.core.common;

/**
 * How a cache is doing, since the program started.
 *
 * @param entries how many it holds, about
 * @param bytes how large they are together, by its own measure
 * @param hits how often something was found in it
 * @param misses how often not
 * @param evictions how many it gave up for want of room or because they were too old
 */
public record CacheFigures(long entries, long bytes, long hits, long misses, long evictions) {}
