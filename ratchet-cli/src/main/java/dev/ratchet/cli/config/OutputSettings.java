package dev.ratchet.cli.config;

import dev.ratchet.core.delivery.OutputDestination;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Deliveries.
 *
 * @param root {@code root}: the folder that filesystem destinations cannot leave; default {@code {data_dir}/output}
 * @param maxConcurrent {@code max_concurrent_deliveries}: 1 to 1000, default 10
 * @param defaultTimeout {@code default_timeout}: one attempt of a delivery that states no time; 1 s to 5 min, default 30 s
 * @param validateOnStartup {@code validate_on_startup}: whether a faulty global destination stops the start; default true
 * @param globalDestinations {@code global_destinations}: where every finished job is delivered to as well; default none
 * @param retry {@code default_retry_policy}
 * @param formatting {@code formatting}
 * @param security {@code security}
 * @param circuitBreaker {@code circuit_breaker}
 */
public record OutputSettings(
        Path root,
        int maxConcurrent,
        Duration defaultTimeout,
        boolean validateOnStartup,
        List<GlobalDestination> globalDestinations,
        Retry retry,
        Formatting formatting,
        Security security,
        CircuitBreaker circuitBreaker) {
    public OutputSettings {
        globalDestinations = List.copyOf(globalDestinations);
    }

    /**
     * A destination of all jobs.
     *
     * @param name its name, unique
     * @param description what it is for; empty if nobody said
     * @param destination where to, checked
     */
    public record GlobalDestination(String name, String description, OutputDestination destination) {}

    /**
     * How failed deliveries are repeated.
     *
     * @param maxAttempts {@code max_attempts}: the first included; 1 to 10, default 3
     * @param initialDelay {@code initial_delay_ms}: 1 ms to a day, default 1 s
     * @param maxDelay {@code max_delay_ms}: at least the initial one, at most a day, default 30 s
     * @param multiplier {@code backoff_multiplier}: above 1, at most 10, default 2
     */
    public record Retry(int maxAttempts, Duration initialDelay, Duration maxDelay, double multiplier) {}

    /**
     * How outputs are written.
     *
     * @param timestampFormat {@code timestamp_format}: in the style of strftime
     * @param includeMetadata {@code include_metadata}: default true
     * @param prettyJson {@code pretty_json}: default false
     */
    public record Formatting(String timestampFormat, boolean includeMetadata, boolean prettyJson) {}

    /**
     * Where webhooks may go besides public addresses.
     *
     * @param allowLocalhost {@code allow_localhost_webhooks}: default false
     * @param allowPrivateNetworks {@code allow_private_network_webhooks}: default false
     * @param allowedDomains {@code allowed_webhook_domains}: domains, and what is below them, in lower case; default none
     */
    public record Security(boolean allowLocalhost, boolean allowPrivateNetworks, List<String> allowedDomains) {
        public Security {
            allowedDomains = List.copyOf(allowedDomains);
        }
    }

    /**
     * When a host is left alone.
     *
     * @param failureThreshold {@code failure_threshold}: 1 to 1000, default 5
     * @param successThreshold {@code success_threshold}: 1 to 1000, default 3
     * @param open {@code open_seconds}: 1 s to a day, default a minute
     */
    public record CircuitBreaker(int failureThreshold, int successThreshold, Duration open) {}
}
