package dev.ratchet.cli.config;

import java.time.Duration;

/**
 * How jobs are handed out.
 *
 * @param maxDepth {@code max_depth}: jobs that may wait; 1 to 100,000,000, default 100,000
 * @param lease {@code lease_seconds}: silence after which a job counts as lost; 2 s to an hour, default 30 s
 * @param heartbeat {@code heartbeat_seconds}: how often a lease is renewed; 0.5 s to a third of the lease, default 5 s
 * @param pollInterval {@code poll_interval_ms}: how often is looked without a signal; 10 ms to an hour, default 1 s
 * @param defaultMaxRetries {@code default_max_retries}: of a job that states none; 0 to 100, default 3
 * @param idempotencyTtl {@code idempotency_ttl}: how long an {@code Idempotency-Key} is remembered; a minute to 31 days,
 *     default a day
 */
public record QueueSettings(
        int maxDepth,
        Duration lease,
        Duration heartbeat,
        Duration pollInterval,
        int defaultMaxRetries,
        Duration idempotencyTtl) {}
