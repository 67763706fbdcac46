package dev.ratchet.core.job;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Port to the removal of what is old. What to remove is looked up where nobody's writing waits for it; each call then
 * makes one short write, of at most as many jobs as {@code most} says, 1 to {@link #MAX_JOBS}, and, but for a single one
 * that is larger, {@link #MAX_BYTES} bytes. Jobs with unfinished deliveries stay until those have ended.
 */
public interface RetentionStore {
    /** Most jobs, keys or documents that one write may be told to remove. */
    int MAX_JOBS = 200;

    /** Most bytes of documents and logs that one write removes. */
    long MAX_BYTES = 4L * 1024 * 1024;

    /** Tenants that have tasks. */
    List<TenantId> tenants();

    /** Tasks of the tenant, deleted ones included. */
    List<TaskId> tasks(TenantId tenant);

    /** Removes ended jobs that ended before an instant, oldest first; says how many. 0 when none is left. */
    int removeEndedBefore(TenantId tenant, Instant end, int most);

    /** The newest job of a task that is not among its newest {@code kept}; empty when there are no more than those. */
    Optional<JobId> newestBeyondCount(TenantId tenant, TaskId task, long kept);

    /** The newest job of a task than which the newer ones take {@code kept} bytes or more; reads all its jobs. */
    Optional<JobId> newestBeyondBytes(TenantId tenant, TaskId task, long kept);

    /**
     * Removes ended jobs of a task, oldest first, up to one of them, whatever has become of the newer ones since that one
     * was found; says how many. 0 when none is left.
     */
    int removeUpTo(TenantId tenant, TaskId task, JobId newest, int most);

    /** Bytes of the jobs that ended after one instant and not after another, by task. */
    Map<TaskId, Long> bytesOfEnded(TenantId tenant, Instant after, Instant until);

    /** Removes idempotency keys that have expired; says how many. */
    int removeExpiredKeys(Instant now, int most);

    /**
     * What was found of documents that nothing refers to.
     *
     * @param removed how many there were
     * @param next where to go on; empty at the end
     */
    record Sweep(int removed, Optional<UUID> next) {}

    /**
     * Looks at the next {@link #MAX_JOBS} documents and removes those that nothing refers to.
     *
     * @param after identifier of the last document looked at; empty to begin
     * @param before documents made later may not yet be referred to and stay
     */
    Sweep removeForgottenDocuments(Optional<UUID> after, Instant before);
}
