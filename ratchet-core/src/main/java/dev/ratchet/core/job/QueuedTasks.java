package dev.ratchet.core.job;

import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Slice;
import dev.ratchet.core.task.TaskQueue;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The queue as tasks see it. */
public final class QueuedTasks implements TaskQueue {
    private final JobStore jobs;
    private final DeliveryPlanner planner;
    private final Signals signals;

    /**
     * @param planner tells where the results of jobs go that end by being cancelled
     * @param signals tells those who claim
     */
    public QueuedTasks(JobStore jobs, DeliveryPlanner planner, Signals signals) {
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.planner = Objects.requireNonNull(planner, "planner");
        this.signals = Objects.requireNonNull(signals, "signals");
    }

    @Override
    public void pause(TenantId tenant, TaskId task, boolean paused) {
        jobs.pauseTask(tenant, task, paused);
    }

    @Override
    public void resumed() {
        signals.raise(Signals.Topic.JOBS, "");
    }

    @Override
    public boolean hasUnfinished(TenantId tenant, TaskId task) {
        return !unfinished(tenant, task, Optional.empty()).items().isEmpty();
    }

    @Override
    public void cancelUnfinished(TenantId tenant, TaskId task, String reason, Instant now) {
        Optional<String> cursor = Optional.empty();
        do {
            Listing<Job> page = unfinished(tenant, task, cursor);
            page.items().forEach(job -> jobs.cancel(tenant, job.id(), reason, now, planner));
            cursor = page.nextCursor();
        } while (cursor.isPresent());
    }

    private Listing<Job> unfinished(TenantId tenant, TaskId task, Optional<String> cursor) {
        return jobs.list(
                tenant,
                new ListQuery<>(
                        List.of(
                                Condition.equal(JobField.TASK_ID, task.value()),
                                new Condition<>(
                                        JobField.STATUS, Operator.IN, List.of("QUEUED", "PROCESSING", "RETRYING"))),
                        List.of(),
                        new Slice.After(cursor, Slice.MAX_LIMIT)));
    }
}
