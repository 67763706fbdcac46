package dev.ratchet.cli.config;

import java.time.Duration;

/**
 * What is kept of the past. Whichever bound is met first counts.
 *
 * @param maxAge {@code max_age_days}: how long finished executions are kept; 1 to 36,500 days, default 30 days
 * @param maxCountPerTask {@code max_count_per_task}: how many of a task; 1 to 100,000,000, default 100,000
 * @param maxBytesPerTask {@code max_bytes_per_task}: bytes of what belongs to them; 1 MiB to 1 TiB, default 1 GiB
 * @param interval {@code interval}: how often is pruned; 1 s to a day, default a minute
 */
public record RetentionSettings(Duration maxAge, int maxCountPerTask, long maxBytesPerTask, Duration interval) {}
