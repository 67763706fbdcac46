package dev.ratchet.bench;

import dev.ratchet.execution.WorkerClasspath;
import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.WorkerPoolSettings.Memory;
import dev.ratchet.execution.WorkerPoolSettings.Recycling;
import dev.ratchet.execution.WorkerPoolSettings.Sizing;
import dev.ratchet.execution.WorkerProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What is measured: the program as it is shipped, with its archives and its workers' own class path.
 *
 * @param home the distribution
 * @param javaHome Java installation that workers run on
 */
record Distribution(Path home, Path javaHome) {
    private static final long MIB = 1024 * 1024;
    private static final Duration START_WAIT = Duration.ofSeconds(30);

    /** Memory limit of every task here. */
    static final long TASK_MEMORY = 64 * MIB;

    /** The program as a user starts it. */
    Path program() {
        return home.resolve("bin").resolve("ratchet");
    }

    /** One worker at a time that nothing replaces, and {@code spares} more; started when asked for. */
    WorkerPool pool(WorkerProfile profile, int spares) {
        WorkerPoolSettings settings = WorkerPoolSettings.forCommand(1)
                .withProfile(profile)
                .withMemory(Memory.DEFAULTS.withDefaultLimit(TASK_MEMORY))
                .withRecycling(new Recycling(10_000_000, Duration.ofHours(1), Duration.ofHours(1)))
                .withSizing(new Sizing(0, 1, spares, 1, 1000));
        return new WorkerPool(settings, WorkerClasspath.ofDistribution(home, javaHome), InstantSource.system());
    }

    /** A pool whose worker is ready. */
    WorkerPool readyPool(WorkerProfile profile) {
        WorkerPool pool = pool(profile, 0);
        awaitWorker(pool);
        return pool;
    }

    /** Has {@code pool} start a worker and waits until it is ready. */
    static void awaitWorker(WorkerPool pool) {
        pool.prepare(TASK_MEMORY);
        if (!pool.awaitReady(1, START_WAIT)) {
            pool.close();
            throw new IllegalStateException("no worker was ready within " + START_WAIT.toSeconds() + " s");
        }
    }
}
