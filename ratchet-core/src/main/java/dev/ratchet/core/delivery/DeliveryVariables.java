package dev.ratchet.core.delivery;

import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What templates know about the job besides its result. The same for every attempt of a delivery, so that a file name
 * with a time in it names the same file each time.
 *
 * @param jobId id of the job
 * @param executionId id of the execution whose result this is
 * @param taskId id of the task
 * @param taskName name of the task
 * @param taskVersion version of the task
 * @param scheduleId id of the schedule; null for a job that no schedule made
 * @param scheduleName name of the schedule; null as above
 * @param status status of the execution, such as {@code COMPLETED}
 * @param attempt number of the execution within its job, from 1
 * @param finishedAt when the execution ended
 * @param environment name of the environment the server runs in, such as {@code production}
 * @param traceId id of the trace; null when there is none
 * @param requestId id of the request that made the job; null when no request did
 */
public record DeliveryVariables(
        JobId jobId,
        ExecutionId executionId,
        TaskId taskId,
        String taskName,
        String taskVersion,
        @Nullable ScheduleId scheduleId,
        @Nullable String scheduleName,
        String status,
        int attempt,
        Instant finishedAt,
        String environment,
        @Nullable String traceId,
        @Nullable String requestId) {
    public DeliveryVariables {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(executionId, "executionId");
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(taskName, "taskName");
        Objects.requireNonNull(taskVersion, "taskVersion");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(finishedAt, "finishedAt");
        Objects.requireNonNull(environment, "environment");
    }
}
