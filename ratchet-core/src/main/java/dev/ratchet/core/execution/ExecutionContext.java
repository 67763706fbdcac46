package dev.ratchet.core.execution;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a task learns about its run, as {@code main}'s second argument.
 *
 * @param executionId this attempt
 * @param taskId the task's identifier; on the command line the package's own {@code uuid} or a fresh one
 * @param taskName the task's name
 * @param taskVersion the task's semantic version
 * @param jobId the job this attempt belongs to; null for a direct run
 * @param attempt counted from 1
 */
public record ExecutionContext(
        UUID executionId,
        UUID taskId,
        String taskName,
        String taskVersion,
        @Nullable UUID jobId,
        int attempt) {
    public ExecutionContext {
        Objects.requireNonNull(executionId, "executionId");
        Objects.requireNonNull(taskId, "taskId");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt counts from 1, was " + attempt);
        }
    }
}
