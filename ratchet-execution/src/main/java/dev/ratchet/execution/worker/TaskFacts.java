package dev.ratchet.execution.worker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The plain values of {@code main}'s second argument.
 *
 * @param executionId this run
 * @param taskId the task
 * @param taskName the task's name
 * @param taskVersion the version that runs
 * @param jobId the job behind the run; null for a direct run
 * @param attempt 1 for the first try
 */
record TaskFacts(
        String executionId,
        String taskId,
        String taskName,
        String taskVersion,
        @Nullable String jobId,
        int attempt) {

    TaskFacts {
        Objects.requireNonNull(executionId, "executionId");
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(taskName, "taskName");
        Objects.requireNonNull(taskVersion, "taskVersion");
    }
}
