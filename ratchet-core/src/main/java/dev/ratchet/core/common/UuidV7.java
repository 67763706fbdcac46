package dev.ratchet.core.common;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;

/**
 * Time-ordered identifiers: UUID version 7 of RFC 9562, section 5.7, with the 12 bits of {@code rand_a} used as a
 * counter (section 6.2, method 1), so that identifiers of one generator sort in the order they were made. Thread-safe.
 */
public final class UuidV7 {
    private static final int COUNTER_BITS = 12;
    private static final int COUNTER_LIMIT = 1 << COUNTER_BITS;

    private final InstantSource clock;
    private final SecureRandom random;
    private long lastMillis;
    private int counter;

    public UuidV7(InstantSource clock, SecureRandom random) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = Objects.requireNonNull(random, "random");
    }

    /** The next identifier, greater than every earlier one of this generator. */
    public synchronized UUID next() {
        long now = clock.millis();
        if (now > lastMillis) {
            lastMillis = now;
            counter = random.nextInt(COUNTER_LIMIT / 2);
        } else if (++counter == COUNTER_LIMIT) {
            // More than the counter holds within one millisecond, or a clock set back: borrow from the future.
            lastMillis++;
            counter = 0;
        }
        long high = (lastMillis << 16) | (0x7L << COUNTER_BITS) | counter;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
