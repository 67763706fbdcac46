package dev.ratchet.execution;

import dev.ratchet.core.task.TaskLimits;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link WorkerPool} is made up. Every value is checked; a message names the component and what it accepts.
 *
 * @param profile how workers run JavaScript
 * @param sizing how many workers and runs
 * @param recycling when a worker has lived long enough
 * @param health how a worker that does not answer is found out
 * @param graces how long a run may take to stop by itself
 * @param memory what a worker's process may use on top of its tasks
 * @param codeCacheEntries packages a worker keeps loaded; 1 to 4096
 * @param inspectTimeout most processor time for the top level of a package that is only looked at, which may take six
 *     times as long by the clock; 100 ms to 10 min
 */
public record WorkerPoolSettings(
        WorkerProfile profile,
        Sizing sizing,
        Recycling recycling,
        Health health,
        Graces graces,
        Memory memory,
        int codeCacheEntries,
        Duration inspectTimeout) {

    private static final long MIB = 1024L * 1024L;

    public WorkerPoolSettings {
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(sizing, "sizing");
        Objects.requireNonNull(recycling, "recycling");
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(graces, "graces");
        Objects.requireNonNull(memory, "memory");
        requireWithin(codeCacheEntries, 1, 4096, "codeCacheEntries");
        requireWithin(inspectTimeout, Duration.ofMillis(100), Duration.ofMinutes(10), "inspectTimeout");
    }

    /** For a process that lives long: as many warm workers as {@code processors}, one spare, and one that compiles. */
    public static WorkerPoolSettings forServer(int processors) {
        return new WorkerPoolSettings(
                WorkerProfile.AUTO,
                new Sizing(processors, processors, 1, 1, 10_000),
                Recycling.DEFAULTS,
                Health.DEFAULTS,
                Graces.DEFAULTS,
                Memory.DEFAULTS,
                64,
                Duration.ofSeconds(5));
    }

    /** For one command: nothing starts before it is needed, at most {@code processors} workers, the quick profile. */
    public static WorkerPoolSettings forCommand(int processors) {
        return forServer(processors)
                .withProfile(WorkerProfile.QUICK)
                .withSizing(new Sizing(0, processors, 0, 1, 10_000));
    }

    /** The same settings with another profile. */
    public WorkerPoolSettings withProfile(WorkerProfile newProfile) {
        return new WorkerPoolSettings(
                newProfile, sizing, recycling, health, graces, memory, codeCacheEntries, inspectTimeout);
    }

    /** The same settings with another size. */
    public WorkerPoolSettings withSizing(Sizing newSizing) {
        return new WorkerPoolSettings(
                profile, newSizing, recycling, health, graces, memory, codeCacheEntries, inspectTimeout);
    }

    /** The same settings with another end of a worker's life. */
    public WorkerPoolSettings withRecycling(Recycling newRecycling) {
        return new WorkerPoolSettings(
                profile, sizing, newRecycling, health, graces, memory, codeCacheEntries, inspectTimeout);
    }

    /** The same settings with other health checks. */
    public WorkerPoolSettings withHealth(Health newHealth) {
        return new WorkerPoolSettings(
                profile, sizing, recycling, newHealth, graces, memory, codeCacheEntries, inspectTimeout);
    }

    /** The same settings with other graces. */
    public WorkerPoolSettings withGraces(Graces newGraces) {
        return new WorkerPoolSettings(
                profile, sizing, recycling, health, newGraces, memory, codeCacheEntries, inspectTimeout);
    }

    /** The same settings with other memory figures. */
    public WorkerPoolSettings withMemory(Memory newMemory) {
        return new WorkerPoolSettings(
                profile, sizing, recycling, health, graces, newMemory, codeCacheEntries, inspectTimeout);
    }

    /** The same settings with another size of the code cache and time for inspections. */
    public WorkerPoolSettings withCode(int newCodeCacheEntries, Duration newInspectTimeout) {
        return new WorkerPoolSettings(
                profile, sizing, recycling, health, graces, memory, newCodeCacheEntries, newInspectTimeout);
    }

    /**
     * How many.
     *
     * @param minWorkers workers of the default memory limit kept at all times; 0 to {@code maxWorkers}
     * @param maxWorkers most workers that run tasks at the same time; 1 to 1024
     * @param spares idle workers kept ready on top of the busy ones, so that no task waits for a start; 0 to 64. At most
     *     {@code maxWorkers + spares} processes of a profile exist.
     * @param slots executions of one task owner that may share a worker; 1 to 64. With more than 1 they share its heap,
     *     and a crash of one takes the others with it.
     * @param queueCapacity runs that may wait for a worker; 1 to 1,000,000
     */
    public record Sizing(int minWorkers, int maxWorkers, int spares, int slots, int queueCapacity) {
        public Sizing {
            requireWithin(maxWorkers, 1, 1024, "sizing.maxWorkers");
            requireWithin(minWorkers, 0, maxWorkers, "sizing.minWorkers");
            requireWithin(spares, 0, 64, "sizing.spares");
            requireWithin(slots, 1, 64, "sizing.slots");
            requireWithin(queueCapacity, 1, 1_000_000, "sizing.queueCapacity");
        }
    }

    /**
     * When a worker is replaced or let go.
     *
     * @param afterRuns executions after which it is replaced; 1 to 10,000,000
     * @param afterTime age after which it is replaced; 1 s to 30 days
     * @param idle time after which a worker nobody needs ends; 1 s to 1 day
     */
    public record Recycling(int afterRuns, Duration afterTime, Duration idle) {
        /** 1,000 runs or an hour; a minute of idleness. */
        public static final Recycling DEFAULTS = new Recycling(1000, Duration.ofHours(1), Duration.ofMinutes(1));

        public Recycling {
            requireWithin(afterRuns, 1, 10_000_000, "recycling.afterRuns");
            requireWithin(afterTime, Duration.ofSeconds(1), Duration.ofDays(30), "recycling.afterTime");
            requireWithin(idle, Duration.ofSeconds(1), Duration.ofDays(1), "recycling.idle");
        }
    }

    /**
     * When a worker counts as lost.
     *
     * @param startTimeout most time from launch to ready; 100 ms to 10 min
     * @param heartbeatInterval time between two questions whether it is alive; 50 ms to 10 min
     * @param heartbeatTolerance longest silence after a question; 50 ms to 1 h
     * @param samplingInterval how often memory and processor time of busy workers are read; 1 ms to 1 s
     */
    public record Health(
            Duration startTimeout, Duration heartbeatInterval, Duration heartbeatTolerance, Duration samplingInterval) {
        /** 30 s to start, asked every 5 s, 10 s of silence, sampled every 20 ms. */
        public static final Health DEFAULTS = new Health(
                Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(20));

        public Health {
            requireWithin(startTimeout, Duration.ofMillis(100), Duration.ofMinutes(10), "health.startTimeout");
            requireWithin(heartbeatInterval, Duration.ofMillis(50), Duration.ofMinutes(10), "health.heartbeatInterval");
            requireWithin(heartbeatTolerance, Duration.ofMillis(50), Duration.ofHours(1), "health.heartbeatTolerance");
            requireWithin(samplingInterval, Duration.ofMillis(1), Duration.ofSeconds(1), "health.samplingInterval");
        }
    }

    /**
     * The steps from asking to force.
     *
     * @param abort time between the abort signal and the closing of the context; 0 to 1 min
     * @param terminate time between that and the killing of the process; 0 to 1 min
     */
    public record Graces(Duration abort, Duration terminate) {
        /** The longest either may be. */
        public static final Duration LONGEST = Duration.ofMinutes(1);

        /** Half a second each. */
        public static final Graces DEFAULTS = new Graces(Duration.ofMillis(500), Duration.ofMillis(500));

        public Graces {
            requireWithin(abort, Duration.ZERO, LONGEST, "graces.abort");
            requireWithin(terminate, Duration.ZERO, LONGEST, "graces.terminate");
        }
    }

    /**
     * Memory of a worker's process. The heap cap is exact; what may grow besides the heap is compiled code, class data,
     * the compilers' own memory and thread stacks, for which the margins leave room.
     *
     * @param quickBaselineBytes heap of a warm worker of the quick profile, which its heap cap has on top of the task's
     *     limit; 16 MiB to 1 GiB
     * @param jitBaselineBytes the same for the jit profile, whose compiler works in the same heap; 32 MiB to 2 GiB
     * @param quickMarginBytes resident memory that a busy worker of the quick profile may have on top of its size when
     *     ready and the task's limit before it is killed; 16 MiB to 4 GiB
     * @param jitMarginBytes the same for the jit profile; 16 MiB to 4 GiB
     * @param defaultLimitBytes memory limit of the tasks that spare workers are made for; 1 MiB to 4 GiB
     */
    public record Memory(
            long quickBaselineBytes,
            long jitBaselineBytes,
            long quickMarginBytes,
            long jitMarginBytes,
            long defaultLimitBytes) {
        /** Baselines of 48 and 128 MiB, margins of 256 and 448 MiB, and the limit of a task that declares none. */
        public static final Memory DEFAULTS =
                new Memory(48 * MIB, 128 * MIB, 256 * MIB, 448 * MIB, TaskLimits.DEFAULTS.memoryBytes());

        public Memory {
            requireWithin(quickBaselineBytes, 16 * MIB, 1024 * MIB, "memory.quickBaselineBytes");
            requireWithin(jitBaselineBytes, 32 * MIB, 2048 * MIB, "memory.jitBaselineBytes");
            requireWithin(quickMarginBytes, 16 * MIB, 4096 * MIB, "memory.quickMarginBytes");
            requireWithin(jitMarginBytes, 16 * MIB, 4096 * MIB, "memory.jitMarginBytes");
            requireWithin(defaultLimitBytes, MIB, TaskLimits.CEILING.memoryBytes(), "memory.defaultLimitBytes");
        }

        /** The same figures for spare workers of another limit. */
        public Memory withDefaultLimit(long bytes) {
            return new Memory(quickBaselineBytes, jitBaselineBytes, quickMarginBytes, jitMarginBytes, bytes);
        }

        long baselineBytes(WorkerProfile profile) {
            return profile == WorkerProfile.JIT ? jitBaselineBytes : quickBaselineBytes;
        }

        long marginBytes(WorkerProfile profile) {
            return profile == WorkerProfile.JIT ? jitMarginBytes : quickMarginBytes;
        }
    }

    private static void requireWithin(long value, long least, long most, String name) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", was " + value);
        }
    }

    private static void requireWithin(Duration value, Duration least, Duration most, String name) {
        if (Objects.requireNonNull(value, name).compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", was " + value);
        }
    }
}
