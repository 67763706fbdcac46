package dev.ratchet.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One worker at one moment.
 *
 * @param id number within the pool, from 1, never used again
 * @param pid its process; -1 before it has one
 * @param profile {@link WorkerProfile#QUICK} or {@link WorkerProfile#JIT}
 * @param engine name and version of the JavaScript engine; empty until the worker is ready
 * @param compiler whether the optimising compiler runs in it
 * @param state what it is doing
 * @param memoryLimitBytes the limit of the tasks it is made for
 * @param runs executions finished in it
 * @param cpuTime processor time of the whole process; null where the system does not tell
 * @param cpuFraction how much of one processor it used in the last seconds, more than 1 for several; null where the
 *     system does not tell
 * @param residentBytes resident memory; null where the system does not tell
 * @param liveHeapBytes heap in use when it became ready; 0 until then
 * @param startedAt when its process was asked for
 * @param lastHeardAt when it last said something, such as that it is alive; null until it is ready
 * @param executions identifiers of the executions under way in it
 */
public record WorkerInfo(
        long id,
        long pid,
        WorkerProfile profile,
        String engine,
        boolean compiler,
        State state,
        long memoryLimitBytes,
        long runs,
        @Nullable Duration cpuTime,
        @Nullable Double cpuFraction,
        @Nullable Long residentBytes,
        long liveHeapBytes,
        Instant startedAt,
        @Nullable Instant lastHeardAt,
        List<UUID> executions) {
    public WorkerInfo {
        executions = List.copyOf(executions);
    }

    /** The same worker with what the system tells of its process. */
    WorkerInfo measured(
            @Nullable Duration newCpuTime,
            @Nullable Double newCpuFraction,
            @Nullable Long newResidentBytes,
            @Nullable Instant newLastHeardAt) {
        return new WorkerInfo(
                id,
                pid,
                profile,
                engine,
                compiler,
                state,
                memoryLimitBytes,
                runs,
                newCpuTime,
                newCpuFraction,
                newResidentBytes,
                liveHeapBytes,
                startedAt,
                newLastHeardAt,
                executions);
    }

    /** The life of a worker, in order; only READY and BUSY alternate. */
    public enum State {
        /** Launched, not ready yet. */
        STARTING,
        /** Warm and idle. */
        READY,
        /** Runs at least one execution. */
        BUSY,
        /** Takes no more work and is about to end. */
        STOPPING,
        /** Gone. */
        DEAD
    }
}
