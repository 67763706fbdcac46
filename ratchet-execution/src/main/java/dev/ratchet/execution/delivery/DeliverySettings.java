package dev.ratchet.execution.delivery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Settings of deliveries ({@code output} in the configuration).
 *
 * @param root folder that files are written to and never out of; made when missing
 * @param timestampFormat form of the template variable {@code timestamp}, in the notation of strftime
 * @param includeMetadata whether standard streams get job, task and status where a destination does not say
 * @param prettyJson whether the format JSON goes over several lines
 * @param maxBytes most bytes of one result as written, before and after compression
 * @param security which webhooks may leave the public internet
 * @param circuitBreaker when a host is left alone
 */
public record DeliverySettings(
        Path root,
        String timestampFormat,
        boolean includeMetadata,
        boolean prettyJson,
        int maxBytes,
        WebhookSecurity security,
        CircuitBreaker circuitBreaker) {
    /** Form of {@code timestamp} where nothing is set. */
    public static final String DEFAULT_TIMESTAMP_FORMAT = "%Y-%m-%dT%H:%M:%S%.3fZ";

    /** Size of one result where nothing is set. */
    public static final int DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

    /**
     * When a host that does not answer is left alone. Counted are answers that never came and those with status 5xx.
     *
     * @param failureThreshold requests within {@code window} before it is judged, of which half failed, 1 or more
     * @param successThreshold requests let through after {@code open} to see whether it is back, 1 or more
     * @param open how long it is left alone
     * @param window how long a failure counts
     */
    public record CircuitBreaker(int failureThreshold, int successThreshold, Duration open, Duration window) {
        /** Five failures within a minute close the way for a minute. */
        public static final CircuitBreaker DEFAULT =
                new CircuitBreaker(5, 3, Duration.ofMinutes(1), Duration.ofMinutes(1));

        public CircuitBreaker {
            if (failureThreshold < 1 || successThreshold < 1) {
                throw new IllegalArgumentException("circuit breaker thresholds must be 1 or more");
            }
            if (open.toMillis() < 1 || window.toSeconds() < 1) {
                throw new IllegalArgumentException("circuit breaker needs open >= 1 ms and window >= 1 s");
            }
        }
    }

    public DeliverySettings {
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(circuitBreaker, "circuitBreaker");
        root = root.toAbsolutePath().normalize();
        StrftimePattern.parse(timestampFormat);
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be 1 or more");
        }
    }

    /** The defaults, writing to {@code root}. */
    public static DeliverySettings of(Path root) {
        return new DeliverySettings(
                root,
                DEFAULT_TIMESTAMP_FORMAT,
                true,
                false,
                DEFAULT_MAX_BYTES,
                WebhookSecurity.STRICT,
                CircuitBreaker.DEFAULT);
    }

    /** The same with other rules for webhooks. */
    public DeliverySettings withSecurity(WebhookSecurity other) {
        return new DeliverySettings(
                root, timestampFormat, includeMetadata, prettyJson, maxBytes, other, circuitBreaker);
    }
}
