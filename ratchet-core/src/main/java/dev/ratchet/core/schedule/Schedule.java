package dev.ratchet.core.schedule;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.ScheduleId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A stored schedule.
 *
 * @param id its identifier
 * @param tenant whose it is
 * @param definition what its author decided
 * @param enabled whether it fires
 * @param pauseReason why it was disabled, where the program did that
 * @param systemOwned whether it is part of the program, such as the heartbeat
 * @param progress how far it has come
 * @param createdAt when it was made
 * @param updatedAt when its definition, or whether it is enabled, was last changed by somebody
 * @param revision grows with every such change and when the program disables it, and not with fires; what an ETag names
 */
public record Schedule(
        ScheduleId id,
        TenantId tenant,
        ScheduleDefinition definition,
        boolean enabled,
        Optional<String> pauseReason,
        boolean systemOwned,
        Progress progress,
        Instant createdAt,
        Instant updatedAt,
        long revision) {
    /**
     * How far a schedule has come.
     *
     * @param nextRun the next planned instant; everything before it is settled. Empty exactly when it is disabled
     * @param fireAt when a server takes that instant up: then, or later where it was put off after an error
     * @param lastRun when it last made a job by plan
     * @param executionCount jobs it has made by plan, which is what {@link SchedulePlan#maxExecutions()} limits
     * @param skippedCount planned instants that were left out because a job of an earlier one had not finished
     * @param missedCount planned instants that were given up because they were too late; a lower bound when more than
     *     {@link DueFires.GivenUp#MAX_COUNTED} were given up at once
     * @param consecutiveFailures jobs that failed for good, and instants at which none could be made, since the last job
     *     that succeeded
     * @param lastError why no job could be made at the latest planned instant; empty when one could
     */
    public record Progress(
            Optional<Instant> nextRun,
            Optional<Instant> fireAt,
            Optional<Instant> lastRun,
            long executionCount,
            long skippedCount,
            long missedCount,
            int consecutiveFailures,
            Optional<String> lastError) {
        /** At the beginning, with the first planned instant. */
        static Progress startingWith(Optional<Instant> first) {
            return new Progress(first, first, Optional.empty(), 0, 0, 0, 0, Optional.empty());
        }

        /** The same with another next instant, taken up when it comes. */
        Progress withNextRun(Optional<Instant> next) {
            return new Progress(
                    next, next, lastRun, executionCount, skippedCount, missedCount, consecutiveFailures, lastError);
        }

        /** The same with the next instant taken up later, for a reason. */
        Progress putOffUntil(Instant later, String reason) {
            return new Progress(
                    nextRun,
                    Optional.of(later),
                    lastRun,
                    executionCount,
                    skippedCount,
                    missedCount,
                    consecutiveFailures,
                    Optional.of(reason));
        }

        /** The same without a memory of failures. */
        Progress forgiven() {
            return new Progress(
                    nextRun, fireAt, lastRun, executionCount, skippedCount, missedCount, 0, Optional.empty());
        }
    }

    public Schedule {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }

    /** Its name. */
    public String name() {
        return definition.name();
    }

    /** The same, further on. */
    Schedule withProgress(Progress newProgress) {
        return new Schedule(
                id, tenant, definition, enabled, pauseReason, systemOwned, newProgress, createdAt, updatedAt, revision);
    }

    /** The same, disabled by the program. */
    Schedule stopped(String reason) {
        return new Schedule(
                id,
                tenant,
                definition,
                false,
                Optional.of(reason),
                systemOwned,
                progress.withNextRun(Optional.empty()),
                createdAt,
                updatedAt,
                revision + 1);
    }

    /** The same as somebody changed it. */
    Schedule changed(ScheduleDefinition newDefinition, boolean newEnabled, Progress newProgress, Instant now) {
        return new Schedule(
                id,
                tenant,
                newDefinition,
                newEnabled,
                newEnabled == enabled ? pauseReason : Optional.empty(),
                systemOwned,
                newProgress,
                createdAt,
                now,
                revision + 1);
    }
}
