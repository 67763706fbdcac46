package dev.ratchet.core.task;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import java.time.Instant;

/** Port to what the queue does for a task as a whole. */
public interface TaskQueue {
    /** Makes the task's queued jobs wait, or lets them go on; joins the caller's transaction. */
    void pause(TenantId tenant, TaskId task, boolean paused);

    /** Tells those who claim that jobs of a task can go on; after the transaction that lets them. */
    void resumed();

    /** Whether jobs of the task are queued or running. */
    boolean hasUnfinished(TenantId tenant, TaskId task);

    /** Cancels the jobs of the task that are queued, and asks for those that run to be stopped. */
    void cancelUnfinished(TenantId tenant, TaskId task, String reason, Instant now);
}
