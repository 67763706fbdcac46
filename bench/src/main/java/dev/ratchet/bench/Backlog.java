package dev.ratchet.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Jobs queued while the queue is paused, and the time from its resumption until all of them have ended. */
final class Backlog {
    private static final int SUBMITTERS = 16;

    /** Longest wait for a backlog: the largest would need as long at a fifth of the promised rate. */
    private static final Duration MOST = Duration.ofMinutes(6);

    /** By default exactly as many jobs may wait as are measured, and the heartbeat's job is one more. */
    private static final String ROOM = "110000";

    private static final int WARM_UP = 3_000;

    private final String prefix;
    private final boolean quick;

    Backlog(String prefix, boolean quick) {
        this.prefix = prefix;
        this.quick = quick;
    }

    /** Returns the rate of the large one, in jobs a second. */
    double measure(Distribution distribution, BenchDatabase database, Report report)
            throws IOException, InterruptedException, SQLException {
        int runs = quick ? 1 : 5;
        int few = quick ? 200 : 1_000;
        int many = quick ? 2_000 : 100_000;
        double[] small = new double[runs];
        double[] large = new double[runs];
        double[] queueing = new double[runs];
        try (BenchDatabase.Place place = database.fresh().with("RATCHET_QUEUE_MAX_DEPTH", ROOM);
                RunningServer server = RunningServer.start(distribution, place)) {
            try (Connection connection = new Connection(server.url())) {
                server.awaitWorkers(connection);
            }
            drain(server, "warm-up", quick ? few : WARM_UP);
            for (int i = 0; i < runs; i++) {
                small[i] = drain(server, "few-" + i, few)[1];
                double[] rates = drain(server, "many-" + i, many);
                queueing[i] = rates[0];
                large[i] = rates[1];
            }
        }
        double fewRate = ServerLoad.median(small);
        double manyRate = ServerLoad.median(large);
        String runsText = "median of " + runs + ": ";
        report.atLeast(
                prefix + "backlog of " + few + ", drained", 1500, fewRate, "/s", runsText + ServerLoad.listed(small));
        report.atLeast(
                prefix + "backlog of " + many + ", drained", 1500, manyRate, "/s", runsText + ServerLoad.listed(large));
        report.atLeast(prefix + "backlog, large to small", 0.75, manyRate / fewRate, "x", "");
        report.inform(
                prefix + "queueing that backlog, 16 connections",
                ServerLoad.median(queueing),
                "/s",
                runsText + ServerLoad.listed(queueing));
        return manyRate;
    }

    /** Rates of queueing and of draining. A task for each, so that none has more past than is kept. */
    private static double[] drain(RunningServer server, String name, int jobs)
            throws IOException, InterruptedException {
        NoOpTask task;
        long completed;
        try (Connection connection = new Connection(server.url())) {
            task = NoOpTask.create(connection, name);
            completed = completed(connection);
            connection.post("/api/v1/queue/pause", "");
        }
        long begun = System.nanoTime();
        queue(server, task, jobs);
        double queueing = jobs / ((System.nanoTime() - begun) / 1e9);
        // One of its own, since the server closes connections on which nothing comes for as long as that may take.
        try (Connection connection = new Connection(server.url())) {
            // The heartbeat's job may wait among them; it takes a place and a moment, and is not counted.
            long deadline = System.nanoTime() + MOST.toNanos();
            long resumed = System.nanoTime();
            connection.post("/api/v1/queue/resume", "");
            NoOpTask.awaitQuiet(connection, deadline, Duration.ofMillis(jobs > 10_000 ? 200 : 5));
            double seconds = (System.nanoTime() - resumed) / 1e9;
            long done = completed(connection) - completed;
            if (done < jobs) {
                throw new IllegalStateException("of " + jobs + " jobs " + done + " were completed");
            }
            return new double[] {queueing, jobs / seconds};
        }
    }

    private static void queue(RunningServer server, NoOpTask task, int jobs) throws InterruptedException {
        byte[] submit = task.submit(server.url().getPort());
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(SUBMITTERS)) {
            List<Future<Boolean>> parts = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                Callable<Boolean> part = () -> {
                    try (Connection connection = new Connection(server.url())) {
                        while (next.getAndIncrement() < jobs) {
                            NoOpTask.checked(connection, submit, 201);
                        }
                    }
                    return true;
                };
                parts.add(threads.submit(part));
            }
            for (Future<Boolean> part : parts) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("jobs could not be queued", e.getCause());
        }
    }

    private static long completed(Connection connection) throws IOException {
        JsonNode stats = connection.get("/api/v1/jobs/stats").path("stats");
        return stats.path("completedJobs").asLong();
    }
}
