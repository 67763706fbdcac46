package dev.ratchet.core.execution;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt of a job, as it is stored. Input, output, log and recording are read separately where they are large.
 *
 * @param id its identifier
 * @param tenant whose it is
 * @param job the job it belongs to
 * @param task what ran
 * @param version the version that ran
 * @param schedule the schedule behind the job
 * @param jobOrigin who made the job
 * @param origin the execution it repeats, for jobs of origin RETRY
 * @param attempt number of the attempt within its job, from 1
 * @param status where it stands
 * @param outcome how it ended; empty until then
 * @param error what it died of
 * @param queuedAt when it began to wait
 * @param startedAt when it was given to a worker
 * @param completedAt when it ended
 * @param wallTime from start to end
 * @param cpuTime processor time of the task
 * @param httpRequests requests it made
 * @param progress 0 to 1, as the task last reported it; empty when it reported none
 * @param progressMessage as the task last reported it
 * @param input the job's input
 * @param output its result; present exactly when it succeeded
 * @param hasRecording whether it can be replayed
 * @param cachedFrom the earlier execution whose result this is
 * @param node the server that ran it
 * @param lateResult what its node said after it had lost the lease; such a result does not count
 */
public record Execution(
        ExecutionId id,
        TenantId tenant,
        JobId job,
        TaskId task,
        VersionId version,
        Optional<ScheduleId> schedule,
        RunOrigin jobOrigin,
        Optional<ExecutionId> origin,
        int attempt,
        ExecutionStatus status,
        Optional<OutcomeKind> outcome,
        Optional<ExecutionError> error,
        Instant queuedAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        Optional<Duration> wallTime,
        Optional<Duration> cpuTime,
        int httpRequests,
        Optional<Double> progress,
        Optional<String> progressMessage,
        StoredJson input,
        Optional<StoredJson> output,
        boolean hasRecording,
        Optional<ExecutionId> cachedFrom,
        Optional<String> node,
        Optional<String> lateResult) {
    public Execution {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(status, "status");
    }

    /** The same execution with its documents at hand. */
    public Execution with(StoredJson newInput, Optional<StoredJson> newOutput) {
        return new Execution(
                id,
                tenant,
                job,
                task,
                version,
                schedule,
                jobOrigin,
                origin,
                attempt,
                status,
                outcome,
                error,
                queuedAt,
                startedAt,
                completedAt,
                wallTime,
                cpuTime,
                httpRequests,
                progress,
                progressMessage,
                newInput,
                newOutput,
                hasRecording,
                cachedFrom,
                node,
                lateResult);
    }
}
