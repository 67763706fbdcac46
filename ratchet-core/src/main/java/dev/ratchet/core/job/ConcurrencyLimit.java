package dev.ratchet.core.job;

/**
 * At most {@code limit} jobs of one key run at a time, over all nodes.
 *
 * @param key 1 to 200 characters; jobs of different tasks may share one
 * @param limit 1 to 1,000; where jobs of one key differ, the limit given last is in force
 */
public record ConcurrencyLimit(String key, int limit) {
    public ConcurrencyLimit {
        if (key.isBlank() || key.length() > 200) {
            throw new IllegalArgumentException("a concurrency key has 1 to 200 characters");
        }
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("a concurrency limit is 1 to 1000, was " + limit);
        }
    }
}
