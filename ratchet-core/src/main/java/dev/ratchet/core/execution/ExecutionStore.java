package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Port to stored executions, for reading; they change with their jobs, through the queue. */
public interface ExecutionStore {
    /** One execution, with input and output in full. */
    Optional<Execution> find(TenantId tenant, ExecutionId id);

    /** One execution, with input and output where they are small. */
    Optional<Execution> outline(TenantId tenant, ExecutionId id);

    /** Executions, with inputs and outputs where they are small. */
    Listing<Execution> list(TenantId tenant, ListQuery<ExecutionField> query);

    /** The attempts of a job in order. */
    List<Execution> ofJob(TenantId tenant, JobId job);

    /**
     * Stored lines of an execution's log in order.
     *
     * @param from number of the first line wanted, from 0
     * @param atLeast lowest severity wanted
     * @param containing text that must be in the message, without regard to case; empty for every line
     * @param limit most lines returned
     */
    List<NumberedLine> log(
            TenantId tenant, ExecutionId id, long from, LogLine.Level atLeast, String containing, int limit);

    /** A line with its number within the execution's log, from 0. */
    record NumberedLine(long number, LogLine line) {}

    /** What was kept for a replay. */
    Optional<JsonText> recording(TenantId tenant, ExecutionId id);

    /** Whether the execution sent an unsafe request of which no answer is known. */
    boolean hasUnsettledRequest(ExecutionId id);

    /** Numbers over the executions queued since {@code since}. */
    ExecutionStats stats(TenantId tenant, Instant since);

    /**
     * Numbers over executions.
     *
     * @param byStatus how many stand where
     * @param averageMillis mean wall time of those that ran
     */
    record ExecutionStats(Map<ExecutionStatus, Long> byStatus, double averageMillis) {
        public ExecutionStats {
            byStatus = Map.copyOf(byStatus);
        }
    }
}
