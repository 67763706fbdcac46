package dev.ratchet.core.job;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody wants to have run. Made with {@link #of} and the {@code with} methods; everything but task and input has
 * a default.
 *
 * @param task identifier or name of the task
 * @param version identifier, content hash or semantic version of the version to run; empty for the active one
 * @param input what the task is given
 * @param origin who asks
 * @param priority how urgent it is
 * @param scheduledFor not before this time; empty for at once
 * @param maxRetries retries after the first attempt, 0 to {@link #MAX_RETRIES}; empty for what the retry policy says
 * @param retry over the version's own policy
 * @param concurrency jobs it must not run beside
 * @param timeout wall time of an attempt, over the version's own limit
 * @param tags free labels, at most {@link #MAX_TAGS}
 * @param destinations where its result goes, in the stored form
 * @param idempotencyKey under which the same request makes one job only
 * @param schedule the schedule that asks, and the planned time it asks for
 * @param repeats the execution it repeats, with origin RETRY
 */
public record JobRequest(
        String task,
        Optional<String> version,
        JsonText input,
        RunOrigin origin,
        JobPriority priority,
        Optional<Instant> scheduledFor,
        Optional<Integer> maxRetries,
        Optional<RetryPolicy> retry,
        Optional<ConcurrencyLimit> concurrency,
        Optional<Duration> timeout,
        List<String> tags,
        Optional<JsonText> destinations,
        Optional<String> idempotencyKey,
        Optional<Fire> schedule,
        Optional<ExecutionId> repeats) {
    /** Most retries a job may ask for. */
    public static final int MAX_RETRIES = 100;

    /** Most labels of a job. */
    public static final int MAX_TAGS = 50;

    /**
     * The fire of a schedule.
     *
     * @param schedule which one
     * @param plannedFor the planned time, of which there is one job; empty when triggered by hand
     */
    public record Fire(ScheduleId schedule, Optional<Instant> plannedFor) {}

    public JobRequest {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(priority, "priority");
        tags = List.copyOf(tags);
    }

    /** A request with every default. */
    public static JobRequest of(String task, JsonText input) {
        return new JobRequest(
                task,
                Optional.empty(),
                input,
                RunOrigin.API,
                JobPriority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
