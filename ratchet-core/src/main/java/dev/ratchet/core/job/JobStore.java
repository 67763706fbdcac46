package dev.ratchet.core.job;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Port to the queue. What a method returns is durable: it is still so after a power cut. Methods may be called from many
 * threads; concurrent calls are committed together. None joins the caller's transaction, except
 * {@link #acceptWithin}.
 */
public interface JobStore {
    /** Stores a job and its first execution, or finds out why not. */
    Acceptance accept(NewJob job);

    /** The same within the caller's write transaction. */
    Acceptance acceptWithin(NewJob job);

    /**
     * Takes waiting jobs whose time has come, smallest rank first within a tenant and the tenants in turn, and starts an
     * attempt of each. Jobs whose concurrency key has no room left are set aside until it has; jobs of paused tasks and
     * paused queues are left.
     *
     * @param most how many at most
     * @return empty when there are none
     */
    List<Claim> claim(NodeId node, int most, Instant now);

    /**
     * Makes jobs claimable whose time has come, and those that were held up by something that is over.
     *
     * @param most of those whose time has come
     * @return how many; 0 when there is nothing left to do
     */
    int promoteDue(Instant now, int most);

    /** When the next job that waits for its time becomes due. */
    Optional<Instant> nextDue();

    /**
     * Ends an attempt.
     *
     * @return false when the claim had been lost: nothing of it is stored but a note that the result came late
     */
    boolean complete(AttemptEnd end);

    /** Keeps what a running task reported; nothing happens when the claim was lost. */
    void progress(Claim claim, double fraction, String message);

    /** Stores lines of a running task; nothing happens when the claim was lost. */
    void appendLog(Claim claim, long firstNumber, List<LogLine> lines);

    /** Notes that an unsafe request is about to leave. Must be durable before the request is. */
    void requestIntended(ExecutionId execution, int fetchId, String method, String url, Instant now);

    /** Notes what became of an intended request. */
    void requestAnswered(ExecutionId execution, int fetchId, String result, Instant now);

    /**
     * Takes over attempts of nodes whose lease has ended, with new tokens, so that what those nodes may still say is
     * refused.
     */
    List<Claim> takeOver(NodeId node, Instant now, int most);

    /** The attempts that are a node's according to the database, with their tokens. */
    Map<JobId, Long> held(NodeId node);

    /**
     * An attempt that was taken anew.
     *
     * @param claim with a new token
     * @param elsewhere whether it was last begun on another node; otherwise it was never begun
     */
    record Reclaimed(Claim claim, boolean elsewhere) {}

    /**
     * Takes an attempt anew that is the node's, and of which it knows nothing: it was stored, and the answer was lost
     * with the connection. Empty when it is the node's no more.
     */
    Optional<Reclaimed> reclaim(NodeId node, JobId job, long token);

    /** What became of a wish to cancel. */
    sealed interface Cancellation {
        /** There is no such job. */
        record Unknown() implements Cancellation {}

        /** It had ended before. */
        record Ended(JobStatus status) implements Cancellation {}

        /** It was waiting and is CANCELLED now. */
        record Done(ExecutionId execution) implements Cancellation {}

        /** It is running; its node has been asked to stop it. */
        record Requested(ExecutionId execution) implements Cancellation {}
    }

    /**
     * Cancels a waiting job, or asks for a running one to be stopped.
     *
     * @param planner plans the deliveries that the end of a waiting one causes; they are stored with it
     */
    Cancellation cancel(TenantId tenant, JobId job, String reason, Instant now, DeliveryPlanner planner);

    /** Those among the running jobs of a node that somebody wants stopped. */
    List<JobId> cancelRequests(NodeId node);

    /** What became of a wish to try again. */
    sealed interface Redrive {
        /** There is no such job. */
        record Unknown() implements Redrive {}

        /** It is in no state to be tried again. */
        record NotPossible(JobStatus status) implements Redrive {}

        /** It is RETRYING, due at once, with this PENDING execution. */
        record Done(ExecutionId execution) implements Redrive {}
    }

    /**
     * Tries an ended job again, or a waiting one at once.
     *
     * @param next identifier for the new execution, where one is needed
     */
    Redrive redrive(TenantId tenant, JobId job, ExecutionId next, Instant now);

    /** Stops, or lets go on, the claiming of a tenant's whole queue. */
    void pauseQueue(TenantId tenant, boolean paused);

    /** Whether the tenant's whole queue is paused. */
    boolean isQueuePaused(TenantId tenant);

    /** Stops, or lets go on, the claiming of one task's jobs. */
    void pauseTask(TenantId tenant, TaskId task, boolean paused);

    /** One job. */
    Optional<Job> find(TenantId tenant, JobId id);

    /** A job's input in full. */
    Optional<JsonText> input(TenantId tenant, JobId id);

    /** Jobs. */
    Listing<Job> list(TenantId tenant, ListQuery<JobField> query);

    /**
     * Replaces priority, due time, retry policy, tags and destinations of a job, if the stored revision is
     * {@code job.revision() - 1} and it has not ended.
     */
    boolean update(Job job);

    /** Removes an ended job with its executions; false when it is unknown or has not ended. */
    boolean delete(TenantId tenant, JobId id);

    /**
     * Removes an ended attempt that its job does not stand with, with its log, recording and deliveries; false when there
     * is none, or a delivery of it is not final.
     */
    boolean deleteAttempt(TenantId tenant, ExecutionId execution);

    /** How many jobs wait, counted up to {@code atMost}. */
    long waiting(int atMost);

    /** Numbers over the tenant's jobs. */
    JobStats stats(TenantId tenant);

    /**
     * Numbers over jobs.
     *
     * @param byStatus how many stand where
     * @param averageMillis mean wall time of the attempts that ended
     * @param oldestWaiting when the longest waiting job became due
     */
    record JobStats(Map<JobStatus, Long> byStatus, double averageMillis, Optional<Instant> oldestWaiting) {
        public JobStats {
            byStatus = Map.copyOf(byStatus);
        }
    }
}
