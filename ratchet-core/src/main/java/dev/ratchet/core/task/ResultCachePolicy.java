package dev.ratchet.core.task;

import java.time.Duration;
import java.util.Objects;

/**
 * A package's leave to answer a run from the result of an earlier one with the same input and the same version. Only the
 * author knows whether that is right, so there is no caching without it.
 *
 * @param ttl how long a result may stand for a run, from one second to {@link #MAX_TTL}
 * @param onlySuccess whether failures are run again; with false they are remembered like results
 */
public record ResultCachePolicy(Duration ttl, boolean onlySuccess) {
    /** The longest a result may be kept. */
    public static final Duration MAX_TTL = Duration.ofDays(30);

    public ResultCachePolicy {
        Objects.requireNonNull(ttl, "ttl");
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl must be between one second and " + MAX_TTL + ", was " + ttl);
        }
    }
}
