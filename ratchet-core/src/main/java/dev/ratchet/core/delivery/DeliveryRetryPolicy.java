package dev.ratchet.core.delivery;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How often a delivery is tried and how long it waits in between: the delay grows by the multiplier from attempt to
 * attempt up to its cap, and up to a tenth of it is added at random so that many deliveries do not come back at once.
 *
 * @param maxAttempts attempts in all, the first included, 1 to 10
 * @param initialDelay delay after the first failed attempt, 0 or more
 * @param maxDelay upper bound of the delay before the random part, at least {@code initialDelay}
 * @param backoffMultiplier growth per attempt, 1 to 10
 */
public record DeliveryRetryPolicy(int maxAttempts, Duration initialDelay, Duration maxDelay, double backoffMultiplier) {
    /** Most attempts a policy may ask for. */
    public static final int MAX_ATTEMPTS = 10;

    /** Largest growth a policy may ask for. */
    public static final double MAX_MULTIPLIER = 10;

    /** Three attempts, after one and two seconds. */
    public static final DeliveryRetryPolicy DEFAULT =
            new DeliveryRetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(30), 2);

    private static final double JITTER = 0.1;

    public DeliveryRetryPolicy {
        Objects.requireNonNull(initialDelay, "initialDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("maxAttempts must be 1 to " + MAX_ATTEMPTS);
        }
        if (initialDelay.isNegative() || maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException("delays need 0 <= initialDelay <= maxDelay");
        }
        if (!(backoffMultiplier >= 1 && backoffMultiplier <= MAX_MULTIPLIER)) {
            throw new IllegalArgumentException("backoffMultiplier must be 1 to 10");
        }
    }

    /** Whether another attempt follows when {@code attempts} have been made in vain. */
    public boolean allowsMoreThan(int attempts) {
        return attempts < maxAttempts;
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param attempts attempts made in vain so far, 1 or more
     * @param random supplies the random part
     */
    public Duration delay(int attempts, RandomGenerator random) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more");
        }
        double grown = (double) initialDelay.toMillis() * Math.pow(backoffMultiplier, attempts - 1.0);
        double capped = Math.min(grown, (double) maxDelay.toMillis());
        return Duration.ofMillis(Math.round(capped * (1 + JITTER * random.nextDouble())));
    }
}
