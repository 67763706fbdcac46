package dev.ratchet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** Executions one after the other, on 64 connections, and at half the rate of those. */
final class ServerLoad {
    private static final int CONNECTIONS = 64;
    private static final int SUBMITTERS = 16;
    private static final int REPETITIONS = 3;

    /** Measurements of size that lie less apart than this are the same. */
    private static final double FLAT = 1.1;

    private final String prefix;
    private final boolean quick;

    /**
     * What the yardstick is held against.
     *
     * @param rate executions in a second on 64 connections
     */
    record Figures(double p50, double p99, double rate) {}

    private record Size(double server, double workers) {}

    ServerLoad(String prefix, boolean quick) {
        this.prefix = prefix;
        this.quick = quick;
    }

    Figures measure(Distribution distribution, BenchDatabase database, Report report)
            throws IOException, InterruptedException, SQLException {
        try (BenchDatabase.Place place = database.fresh();
                RunningServer server = RunningServer.start(distribution, place);
                Connection connection = new Connection(server.url())) {
            String workers = server.awaitWorkers(connection);
            NoOpTask task = NoOpTask.create(connection, "no-op");
            byte[] execute = task.execute(server.url().getPort());
            ClosedLoop loop = new ClosedLoop(server.url(), execute, 200, NoOpTask.SUM);
            // Until the compilers are done with what is hot.
            loop.run(CONNECTIONS, Duration.ofSeconds(quick ? 2 : 20));
            double[] sequential = sequential(connection, execute, workers, report);
            double rate = wide(server, loop, report);
            startDelay(server, task, rate / 2, report);
            return new Figures(sequential[0], sequential[1], rate);
        }
    }

    private double[] sequential(Connection connection, byte[] execute, String workers, Report report)
            throws IOException {
        int samples = quick ? 100 : 1_000;
        double[] p50 = new double[REPETITIONS];
        double[] p99 = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            Samples latencies = new Samples();
            for (int k = -samples / 10; k < samples; k++) {
                long begun = System.nanoTime();
                AnswerBuffer answer = NoOpTask.checked(connection, execute, 200);
                long took = System.nanoTime() - begun;
                if (!answer.contains(NoOpTask.SUM)) {
                    throw new IllegalStateException("a wrong answer: " + answer);
                }
                if (k >= 0) {
                    latencies.add(took);
                }
            }
            p50[i] = latencies.medianMillis();
            p99[i] = latencies.percentileMillis(99);
        }
        String spread = "median of " + REPETITIONS + " x " + samples + ": ";
        report.atMost(
                prefix + "execute, one by one: p50", 2.5, median(p50), "ms", spread + listed(p50) + "; " + workers);
        report.atMost(prefix + "execute, one by one: p99", 15, median(p99), "ms", spread + listed(p99));
        return new double[] {median(p50), median(p99)};
    }

    /** For a minute, with the sizes of all processes once a second. */
    private double wide(RunningServer server, ClosedLoop loop, Report report) throws IOException, InterruptedException {
        Queue<Size> sizes = new ConcurrentLinkedQueue<>();
        Thread watcher = Thread.ofPlatform().daemon().name("sizes").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    sizes.add(new Size(server.resident(), server.workersResident()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
            }
        });
        ClosedLoop.Result result;
        try {
            result = loop.run(CONNECTIONS, Duration.ofSeconds(quick ? 5 : 60));
        } finally {
            watcher.interrupt();
            watcher.join();
        }
        report.atLeast(
                prefix + "execute, 64 connections: rate",
                1000,
                result.rate(),
                "/s",
                "for " + Report.number(result.seconds()) + " s; p50 "
                        + Report.number(result.latencies().medianMillis()) + " ms, p99 "
                        + Report.number(result.latencies().percentileMillis(99)) + " ms; client "
                        + Report.number(100 * result.processorShare()) + " % of a processor");
        List<Size> all = new ArrayList<>(sizes);
        int quarter = Math.max(1, all.size() / 4);
        List<Size> first = all.subList(0, quarter);
        List<Size> last = all.subList(all.size() - quarter, all.size());
        flat("server", mean(first, true), mean(last, true), report);
        flat("workers", mean(first, false), mean(last, false), report);
        return result.rate();
    }

    private void flat(String what, double first, double last, Report report) {
        report.atMost(
                prefix + "resident, " + what + ", last to first quarter",
                FLAT,
                last / first,
                "x",
                Report.number(first) + " MB, then " + Report.number(last) + " MB");
    }

    private static double mean(List<Size> sizes, boolean server) {
        return sizes.stream()
                .mapToDouble(size -> server ? size.server() : size.workers())
                .average()
                .orElse(0);
    }

    /** Jobs at a fixed rate, whether or not the ones before have started. */
    private void startDelay(RunningServer server, NoOpTask task, double rate, Report report)
            throws IOException, InterruptedException {
        int jobs = (int) Math.max(SUBMITTERS, rate * (quick ? 3 : 20));
        double nanosBetween = 1e9 / rate;
        byte[] submit = task.submit(server.url().getPort());
        List<String> executions = new ArrayList<>();
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(SUBMITTERS)) {
            List<Future<List<String>>> parts = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                int first = i;
                Callable<List<String>> part = () -> {
                    List<String> ids = new ArrayList<>();
                    try (Connection connection = new Connection(server.url())) {
                        for (int k = first; k < jobs; k += SUBMITTERS) {
                            Pacing.until(begun + (long) (k * nanosBetween));
                            ids.add(executionIn(NoOpTask.checked(connection, submit, 201)));
                        }
                    }
                    return ids;
                };
                parts.add(threads.submit(part));
            }
            for (Future<List<String>> part : parts) {
                executions.addAll(part.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("jobs could not be submitted", e.getCause());
        }
        double reached = jobs / ((System.nanoTime() - begun) / 1e9);
        Samples delays = new Samples();
        try (Connection connection = new Connection(server.url())) {
            NoOpTask.awaitQuiet(
                    connection, System.nanoTime() + Duration.ofSeconds(60).toNanos(), Duration.ofMillis(100));
            for (String id : executions) {
                JsonNode execution = connection.get("/api/v1/executions/" + id).path("data");
                Instant queued = Instant.parse(execution.path("queuedAt").asString());
                Instant started = Instant.parse(execution.path("startedAt").asString());
                delays.add(Duration.between(queued, started).toNanos());
            }
        }
        report.atMost(
                prefix + "queued to started, half that rate: p95",
                8,
                delays.percentileMillis(95),
                "ms",
                delays.count() + " jobs at " + Report.number(reached) + "/s, " + Report.number(rate)
                        + "/s wanted; p50 " + Report.number(delays.medianMillis()) + " ms, p99 "
                        + Report.number(delays.percentileMillis(99)) + " ms; clock of 1 ms");
    }

    private static String executionIn(AnswerBuffer answer) {
        String name = "\"executionId\":\"";
        String text = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
        int at = text.indexOf(name) + name.length();
        return text.substring(at, text.indexOf('"', at));
    }

    static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }

    static String listed(double... figures) {
        List<String> texts = new ArrayList<>();
        for (double figure : figures) {
            texts.add(Report.number(figure));
        }
        return String.join(", ", texts);
    }
}
