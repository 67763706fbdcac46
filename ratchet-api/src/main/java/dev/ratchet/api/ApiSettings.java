package dev.ratchet.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What the interface permits.
 *
 * @param maxBodyBytes largest JSON body, 1 KiB to 64 MiB
 * @param maxArchiveBytes largest ZIP archive of a task, 1 KiB to 64 MiB
 * @param maxWait longest time a request may wait for an execution, up to 60 seconds
 * @param maxStreams streams of events open at a time, 1 to 10,000
 * @param beat silence after which a stream shows that it lives, 1 to 60 seconds
 */
public record ApiSettings(long maxBodyBytes, long maxArchiveBytes, Duration maxWait, int maxStreams, Duration beat) {
    private static final long MIB = 1024L * 1024L;

    /** 10 MiB each, 60 seconds, 256 streams, 15 seconds. */
    public static final ApiSettings DEFAULTS =
            new ApiSettings(10 * MIB, 10 * MIB, Duration.ofSeconds(60), 256, Duration.ofSeconds(15));

    public ApiSettings {
        requireBetween(maxBodyBytes, 1024, 64 * MIB, "maxBodyBytes");
        requireBetween(maxArchiveBytes, 1024, 64 * MIB, "maxArchiveBytes");
        requireBetween(Objects.requireNonNull(maxWait, "maxWait").toMillis(), 0, 60_000, "maxWait in milliseconds");
        requireBetween(maxStreams, 1, 10_000, "maxStreams");
        requireBetween(Objects.requireNonNull(beat, "beat").toMillis(), 1_000, 60_000, "beat in milliseconds");
    }

    private static void requireBetween(long value, long min, long max, String name) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", was " + value);
        }
    }
}
