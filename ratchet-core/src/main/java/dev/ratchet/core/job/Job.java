package dev.ratchet.core.job;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A request to run a task once, kept until it has its one result. Its input is stored beside it.
 *
 * @param id its identifier
 * @param tenant whose it is
 * @param task what runs
 * @param version the version it is pinned to
 * @param origin who made it
 * @param schedule the schedule that made it
 * @param actor on whose behalf it was made
 * @param priority how urgent it is
 * @param status where it stands
 * @param retryCount attempts beyond the first that were started or are planned
 * @param retry when and how often it is tried again; {@code maxRetries} of the job is in it
 * @param concurrency jobs it must not run beside
 * @param timeout wall time of an attempt, over the version's own limit
 * @param tags free labels
 * @param destinations where its result goes, in the stored form; empty for nowhere
 * @param queuedAt when it was accepted
 * @param scheduledFor the time asked for; empty for at once
 * @param dueAt when it may start, or start again
 * @param startedAt when its first attempt started
 * @param completedAt when it reached a terminal state
 * @param execution its latest attempt
 * @param attempt number of that attempt, from 1
 * @param errorMessage what the latest failed attempt died of
 * @param cancelRequested whether somebody wants it stopped
 * @param redriven whether, having failed, it was dealt with: tried again by hand
 * @param revision grows with every change; what an ETag names
 */
public record Job(
        JobId id,
        TenantId tenant,
        TaskId task,
        VersionId version,
        RunOrigin origin,
        Optional<ScheduleId> schedule,
        String actor,
        JobPriority priority,
        JobStatus status,
        int retryCount,
        RetryPolicy retry,
        Optional<ConcurrencyLimit> concurrency,
        Optional<Duration> timeout,
        List<String> tags,
        Optional<JsonText> destinations,
        Instant queuedAt,
        Optional<Instant> scheduledFor,
        Instant dueAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        ExecutionId execution,
        int attempt,
        Optional<String> errorMessage,
        boolean cancelRequested,
        boolean redriven,
        long revision) {
    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(retry, "retry");
        tags = List.copyOf(tags);
    }

    /** Whether a failure now would be followed by another attempt. */
    public boolean hasRetriesRemaining() {
        return retryCount < retry.maxRetries();
    }

    /** The same job as it starts its first attempt. */
    Job startedAt(Instant start) {
        return new Job(
                id,
                tenant,
                task,
                version,
                origin,
                schedule,
                actor,
                priority,
                JobStatus.PROCESSING,
                retryCount,
                retry,
                concurrency,
                timeout,
                tags,
                destinations,
                queuedAt,
                scheduledFor,
                dueAt,
                Optional.of(start),
                completedAt,
                execution,
                attempt,
                errorMessage,
                cancelRequested,
                redriven,
                revision);
    }

    /** The same job at another revision. */
    Job withRevision(long newRevision) {
        return new Job(
                id,
                tenant,
                task,
                version,
                origin,
                schedule,
                actor,
                priority,
                status,
                retryCount,
                retry,
                concurrency,
                timeout,
                tags,
                destinations,
                queuedAt,
                scheduledFor,
                dueAt,
                startedAt,
                completedAt,
                execution,
                attempt,
                errorMessage,
                cancelRequested,
                redriven,
                newRevision);
    }

    /**
     * The same job with what may be changed while it waits.
     *
     * @param newScheduledFor when to run it; empty for at once
     */
    public Job changed(
            JobPriority newPriority,
            int maxRetries,
            Optional<Instant> newScheduledFor,
            Instant newDueAt,
            List<String> newTags,
            Optional<JsonText> newDestinations) {
        return new Job(
                id,
                tenant,
                task,
                version,
                origin,
                schedule,
                actor,
                newPriority,
                status,
                retryCount,
                retry.withMaxRetries(maxRetries),
                concurrency,
                timeout,
                newTags,
                newDestinations,
                queuedAt,
                newScheduledFor,
                newDueAt,
                startedAt,
                completedAt,
                execution,
                attempt,
                errorMessage,
                cancelRequested,
                redriven,
                revision);
    }
}
