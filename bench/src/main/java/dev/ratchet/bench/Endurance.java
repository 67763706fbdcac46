package dev.ratchet.bench;

import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.execution.WorkerInfo;
import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerProfile;
import java.time.Duration;
import java.util.List;

/** What has no target: a kill seen from outside, large bodies, memory over many runs. */
final class Endurance implements Group {
    private static final String INPUT = "{\"a\":1,\"b\":2}";
    private static final int BODY_BYTES = 10 * 1024 * 1024;
    private static final int RUNS = 10_000;
    private static final Duration WAIT = Duration.ofSeconds(30);

    @Override
    public void measure(Distribution distribution, Report report) {
        kill(distribution, report);
        body(distribution, report);
        memory(distribution, report);
    }

    /** From the kill of a busy worker to the result of the next task, which a spare runs. */
    private static void kill(Distribution distribution, Report report) {
        Samples next = new Samples();
        Task endless = new Task("function main() { while (true) {} }");
        try (WorkerPool pool = distribution.pool(WorkerProfile.QUICK, 1)) {
            for (int i = 0; i < 7; i++) {
                if (!pool.awaitReady(1, WAIT)) {
                    throw new IllegalStateException("no spare worker was ready within " + WAIT.toSeconds() + " s");
                }
                TaskRunner.Running running = endless.start(pool, INPUT);
                if (!pool.awaitReady(2, WAIT)) {
                    throw new IllegalStateException("no spare worker was ready within " + WAIT.toSeconds() + " s");
                }
                long pid = busy(pool.workers());
                long begun = System.nanoTime();
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                Task.NO_OP.run(pool, INPUT);
                next.add(System.nanoTime() - begun);
                if (!(running.result().join().outcome() instanceof ExecutionOutcome.WorkerCrashed)) {
                    throw new IllegalStateException("a killed worker's run did not end as one");
                }
            }
        }
        report.inform(
                "kill to the next task's result, one spare", next.medianMillis(), "ms", "median of " + next.count());
    }

    private static long busy(List<WorkerInfo> workers) {
        return workers.stream()
                .filter(worker -> worker.state() == WorkerInfo.State.BUSY)
                .mapToLong(WorkerInfo::pid)
                .findFirst()
                .orElseThrow();
    }

    private static void body(Distribution distribution, Report report) {
        byte[] bytes = new byte[BODY_BYTES];
        FetchHandler answers = (_, call, _) -> FetchHandler.FetchReply.of(
                new HttpAnswer.Response(200, "OK", call.url(), false, List.of(), bytes, HttpTiming.none(0)));
        Task task = new Task("""
                async function main() {
                  const response = await fetch('https://example.com/large');
                  return (await response.arrayBuffer()).byteLength;
                }
                """, answers);
        Samples samples = new Samples();
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.QUICK)) {
            for (int i = 0; i < 30; i++) {
                long begun = System.nanoTime();
                task.run(pool, INPUT);
                if (i >= 10) {
                    samples.add(System.nanoTime() - begun);
                }
            }
        }
        report.inform(
                "fetch of a 10 MiB body through the boundary",
                samples.medianMillis(),
                "ms",
                Report.number(10 / (samples.medianMillis() / 1000)) + " MiB/s");
    }

    private static void memory(Distribution distribution, Report report) {
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.QUICK)) {
            for (int i = 0; i < RUNS / 2; i++) {
                Task.NO_OP.run(pool, INPUT);
            }
            double half = Starts.resident(pool);
            for (int i = 0; i < RUNS / 2; i++) {
                Task.NO_OP.run(pool, INPUT);
            }
            double all = Starts.resident(pool);
            report.inform(
                    "resident after 10,000 runs, quick",
                    all,
                    "MB",
                    Report.number(half) + " MB after 5,000; the heap may grow to its cap before it is collected");
        }
    }
}
