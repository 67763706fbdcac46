package dev.ratchet.bench;

import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerProfile;
import java.time.Duration;

/** Runs through the process boundary, one after the other, in one warm worker. */
final class RoundTrips implements Group {
    private static final String INPUT = "{\"a\":1,\"b\":2}";
    private static final int BATCH = 3000;
    private static final int BATCHES = 3;
    private static final int DISTINCT = 300;
    private static final long WARM_NANOS = Duration.ofSeconds(8).toNanos();

    @Override
    public void measure(Distribution distribution, Report report) {
        Task platform = Task.ofResource("platform.js");
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.QUICK)) {
            warm(pool, Task.NO_OP);
            Samples noOp = new Samples();
            Samples touching = new Samples();
            double fastest = 0;
            warm(pool, platform);
            // In turns, so that what else the machine does hits both alike.
            for (int i = 0; i < BATCHES; i++) {
                long begun = System.nanoTime();
                repeat(pool, Task.NO_OP, BATCH, noOp);
                fastest = Math.max(fastest, BATCH / ((System.nanoTime() - begun) / 1e9));
                repeat(pool, platform, BATCH / 3, touching);
            }
            report.atMost("no-op, warm, quick: p50", 0.3, noOp.medianMillis(), "ms", noOp.count() + " runs");
            report.atMost("no-op, warm, quick: p99", 1.5, noOp.percentileMillis(99), "ms", "");
            report.atLeast("no-op, warm, quick: rate", 3000, fastest, "/s", "best of " + BATCHES + " batches");
            report.atMost(
                    "URL, fetch and crypto: more at p50",
                    0.5,
                    touching.medianMillis() - noOp.medianMillis(),
                    "ms",
                    "p50 " + Report.number(touching.medianMillis()) + " ms");
            Samples distinct = new Samples();
            for (int i = 0; i < DISTINCT; i++) {
                Task task = new Task(distinctSource(i));
                long begun = System.nanoTime();
                task.run(pool, INPUT);
                distinct.add(System.nanoTime() - begun);
            }
            report.atMost(
                    "new distinct script: p50",
                    4,
                    distinct.medianMillis(),
                    "ms",
                    "p99 " + Report.number(distinct.percentileMillis(99)) + " ms, " + DISTINCT + " scripts");
        }
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.JIT)) {
            warm(pool, Task.NO_OP);
            Samples noOp = new Samples();
            repeat(pool, Task.NO_OP, BATCH, noOp);
            report.inform(
                    "no-op, warm, jit: p50",
                    noOp.medianMillis(),
                    "ms",
                    "p99 " + Report.number(noOp.percentileMillis(99)) + " ms");
        }
    }

    private static void warm(WorkerPool pool, Task task) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < WARM_NANOS) {
            task.run(pool, INPUT);
        }
    }

    private static void repeat(WorkerPool pool, Task task, int times, Samples samples) {
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            task.run(pool, INPUT);
            samples.add(System.nanoTime() - begun);
        }
    }

    /** Some twenty lines as people write them, no two alike. */
    static String distinctSource(int number) {
        return Task.resource("distinct.js").replace("NUMBER", String.valueOf(number));
    }
}
