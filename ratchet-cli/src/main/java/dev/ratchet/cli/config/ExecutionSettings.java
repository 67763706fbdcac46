package dev.ratchet.cli.config;

import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.WorkerPoolSettings.Graces;
import dev.ratchet.execution.WorkerPoolSettings.Recycling;
import dev.ratchet.execution.WorkerPoolSettings.Sizing;
import dev.ratchet.execution.WorkerProfile;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * How tasks run.
 *
 * @param maxExecutionDuration {@code max_execution_duration} (or {@code max_duration}): wall time of tasks that declare
 *     none; 1 ms to a day, default 60 s
 * @param validateSchemas {@code validate_schemas}: whether input and output are checked; default true
 * @param maxConcurrentTasks {@code max_concurrent_tasks}: jobs a server has in hand at a time; 1 to 10,000, default 10
 * @param gracePeriod {@code timeout_grace_period}: how long a stopped task may tidy up; 1 ms to a minute, default 0.5 s
 * @param workerProfile {@code worker_profile}: how workers run JavaScript; default auto
 * @param workers {@code workers}: workers of a server that run tasks; 1 to 1024, empty for as many as processors
 * @param spares {@code spares}: idle workers on top; 0 to 64, default 1
 * @param slots {@code slots}: runs of one task that may share a worker; 1 to 64, default 1
 * @param isolation {@code isolation}: what each run has for itself; default a context
 * @param recycleAfterRuns {@code recycle_after_runs}: runs after which a worker is replaced; 1 to 10,000,000, default 1,000,000
 * @param recycleAfter {@code recycle_after}: age at which it is; a second to 30 days, default an hour
 * @param recording {@code recording}: which runs of a server are recorded; default all
 * @param heartbeat {@code heartbeat}: the task that a server runs to show that it lives
 */
public record ExecutionSettings(
        Duration maxExecutionDuration,
        boolean validateSchemas,
        int maxConcurrentTasks,
        Duration gracePeriod,
        WorkerProfile workerProfile,
        OptionalInt workers,
        int spares,
        int slots,
        Isolation isolation,
        int recycleAfterRuns,
        Duration recycleAfter,
        Recording recording,
        Heartbeat heartbeat) {

    /** What a run has for itself. */
    public enum Isolation {
        /** A fresh JavaScript context, in a worker process that is used again. */
        CONTEXT,
        /** A worker process that serves nobody else before or after. */
        PROCESS
    }

    /** Which runs are recorded. */
    public enum Recording {
        /** Every run. */
        ALL,
        /** Those that do not succeed. */
        FAILURES,
        /** No run. */
        NONE
    }

    /**
     * The heartbeat.
     *
     * @param enabled {@code enabled}: whether there is one; default true
     * @param cron {@code cron}: its schedule, checked for its number of fields only; default every five minutes
     */
    public record Heartbeat(boolean enabled, String cron) {}

    /** The limits of tasks that declare none. */
    public TaskLimits defaultLimits() {
        return TaskLimits.DEFAULTS.withWallTime(maxExecutionDuration);
    }

    /** How a stopped run is brought to its end. */
    public Graces graces() {
        return new Graces(gracePeriod, Graces.DEFAULTS.terminate());
    }

    /**
     * The worker pool of a server.
     *
     * @param processors processors of the machine, at least one
     */
    public WorkerPoolSettings serverPool(int processors) {
        WorkerPoolSettings defaults = WorkerPoolSettings.forServer(processors);
        int size = workers.orElse(processors);
        return defaults.withProfile(workerProfile)
                .withSizing(
                        new Sizing(size, size, spares, slots, defaults.sizing().queueCapacity()))
                .withRecycling(new Recycling(
                        isolation == Isolation.PROCESS ? 1 : recycleAfterRuns,
                        recycleAfter,
                        defaults.recycling().idle()))
                .withGraces(graces());
    }

    /**
     * The worker pool of a single command, whose {@code auto} is the quick profile: a command ends before the optimising
     * compiler would pay for its start.
     *
     * @param workers most workers at a time
     */
    public WorkerPoolSettings commandPool(int workers) {
        return WorkerPoolSettings.forCommand(workers)
                .withProfile(workerProfile == WorkerProfile.AUTO ? WorkerProfile.QUICK : workerProfile)
                .withGraces(graces());
    }
}
