package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The way of one result to one destination.
 *
 * @param id its identifier, the same for every attempt
 * @param tenant whose it is
 * @param job the job whose result it is
 * @param execution the attempt whose result it is
 * @param task the task that ran
 * @param destinationType {@code FILESYSTEM}, {@code WEBHOOK} or {@code STDIO}
 * @param destination where to, in the stored form
 * @param status where it stands
 * @param attempts attempts made
 * @param earlierAttempts those of them made before it was last begun anew by hand
 * @param begunAt when it was last begun anew by hand; when its execution ended, if it never was
 * @param dueAt when the next one is due, while it is not final
 * @param lastError why the latest attempt failed
 * @param createdAt when its execution ended
 * @param completedAt when it became final
 */
public record Delivery(
        DeliveryId id,
        TenantId tenant,
        JobId job,
        ExecutionId execution,
        TaskId task,
        String destinationType,
        JsonText destination,
        Status status,
        int attempts,
        int earlierAttempts,
        Instant begunAt,
        Instant dueAt,
        Optional<String> lastError,
        Instant createdAt,
        Optional<Instant> completedAt) {
    /** Where a delivery stands. */
    public enum Status {
        PENDING,
        /** An attempt is under way. */
        DELIVERING,
        /** Waits for its next attempt. */
        RETRYING,
        DELIVERED,
        /** Given up; can be redelivered by hand. */
        FAILED
    }

    public Delivery {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(execution, "execution");
        Objects.requireNonNull(status, "status");
    }

    /** Attempts made since it was last begun: what a policy for retries counts. */
    public int attemptsOfThisTry() {
        return attempts - earlierAttempts;
    }
}
