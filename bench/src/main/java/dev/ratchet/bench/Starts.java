package dev.ratchet.bench;

import dev.ratchet.execution.WorkerInfo;
import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerProfile;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A worker's start, its first task and its weight. */
final class Starts implements Group {
    private static final int STARTS = 12;
    private static final double MIB = 1024 * 1024;
    private static final String INPUT = "{\"a\":1,\"b\":2}";

    /** Long enough for a worker to have done what it does when it is idle. */
    private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

    @Override
    public void measure(Distribution distribution, Report report) {
        Samples ready = new Samples();
        Samples first = new Samples();
        Samples firstTouching = new Samples();
        Task platform = Task.ofResource("platform.js");
        // The first start reads the files; from then on they are in the page cache.
        for (int i = -1; i < 2 * STARTS; i++) {
            boolean touching = i % 2 == 0;
            Task task = touching ? platform : Task.NO_OP;
            try (WorkerPool pool = distribution.pool(WorkerProfile.QUICK, 0)) {
                long begun = System.nanoTime();
                Distribution.awaitWorker(pool);
                long there = System.nanoTime();
                task.run(pool, INPUT);
                long done = System.nanoTime();
                if (i >= 0) {
                    ready.add(there - begun);
                    (touching ? firstTouching : first).add(done - there);
                }
            }
        }
        report.atMost(
                "first task of a ready worker: median",
                20,
                first.medianMillis(),
                "ms",
                "worst " + Report.number(first.percentileMillis(100)) + " ms of " + first.count()
                        + "; with URL, fetch and crypto " + Report.number(firstTouching.medianMillis()) + " ms");
        report.atMost(
                "spawn to ready, quick: median",
                350,
                ready.medianMillis(),
                "ms",
                ready.count() + " starts, p25 " + Report.number(ready.percentileMillis(25)) + " ms");
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.QUICK)) {
            double atOnce = resident(pool);
            pause(IDLE_NANOS);
            report.atMost(
                    "resident, idle, quick, limit 64 MB",
                    120,
                    resident(pool),
                    "MB",
                    Report.number(atOnce) + " MB when it becomes ready");
        }
        Samples jit = new Samples();
        for (int i = 0; i < 3; i++) {
            try (WorkerPool pool = distribution.pool(WorkerProfile.JIT, 0)) {
                long begun = System.nanoTime();
                Distribution.awaitWorker(pool);
                jit.add(System.nanoTime() - begun);
                if (i == 2) {
                    pause(IDLE_NANOS);
                    report.inform("spawn to ready, jit: median", jit.medianMillis(), "ms", jit.count() + " starts");
                    report.inform("resident, idle, jit, limit 64 MB", resident(pool), "MB", "");
                }
            }
        }
    }

    static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Resident size of the pool's only worker in MiB; not a number where the system does not tell. */
    static double resident(WorkerPool pool) {
        WorkerInfo worker = pool.workers().getFirst();
        Long bytes = worker.residentBytes();
        return bytes == null ? Double.NaN : bytes / MIB;
    }
}
