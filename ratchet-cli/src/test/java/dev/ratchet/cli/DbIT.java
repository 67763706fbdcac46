package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands about the database beside a server that works on it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends signals")
class DbIT {
    private static final String TASK = """
            {"name": "next", "version": "1.0.0", "sourceCode": "export default ({n}) => ({n: n + 1})",
             "inputSchema": {"type": "object"}, "outputSchema": {"type": "object"}}""";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void backupWhenTakenWhileJobsRunIsWhatTheServerHadThen() throws Exception {
        Path data = directory.resolve("data");
        Path backup = directory.resolve("backup.db");
        Distribution ratchet = new Distribution(directory);
        int before;
        try (ServerProcess server = ServerProcess.start(directory, data)) {
            assertThat(post(server, "/api/v1/tasks", TASK).statusCode()).isEqualTo(201);
            run(server, 1);

            AtomicInteger accepted = new AtomicInteger(1);
            CountDownLatch some = new CountDownLatch(5);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread load = Thread.ofVirtual().start(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        HttpResponse<String> job =
                                post(server, "/api/v1/jobs", "{\"task\": \"next\", \"input\": {\"n\": 1}}");
                        assertThat(job.statusCode()).as(job.body()).isLessThan(300);
                        accepted.incrementAndGet();
                        some.countDown();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (IOException | AssertionError e) {
                    failure.set(e);
                    some.countDown();
                }
            });
            some.await();
            int atLeast = accepted.get();
            Finished made = ratchet.run("db", "backup", "--data-dir", data.toString(), "--output", backup.toString());
            int atMost = accepted.get() + 1;
            load.interrupt();
            load.join();

            assertThat(made.exitCode()).as(made.err()).isZero();
            assertThat(made.out().strip()).isEqualTo(backup.toString());
            JsonNode copy = check(ratchet, backup);
            assertThat(copy.path("sound").booleanValue()).isTrue();
            before = copy.path("rows").path("jobs").intValue();
            assertThat(before).isBetween(atLeast, atMost);

            post(server, "/api/v1/jobs", "{\"task\": \"next\", \"input\": {\"n\": 2}}");
            assertFigures(server);
            Finished refused = ratchet.run("db", "restore", "--data-dir", data.toString(), backup.toString());
            assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err()).contains("--force").hasLineCount(1);
            Finished ready = ratchet.run("db", "restore", "--force", "--data-dir", data.toString(), backup.toString());
            assertThat(ready.exitCode()).as(ready.err()).isZero();
            assertThat(ready.out()).contains("when it next starts");
            assertThat(server.get("/api/v1/tasks/next").statusCode()).isEqualTo(200);
            server.stop();
        }

        try (ServerProcess server = ServerProcess.start(directory, data)) {
            assertThat(server.err()).contains("a restored backup has taken the database's place");
            HttpResponse<String> jobs = server.get("/api/v1/jobs?limit=1");
            assertThat(jobs.headers().firstValue("x-total-count")).contains(String.valueOf(before));
            run(server, 5);
            server.stop();
        }
        try (var files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("what was there before is kept")
                    .anyMatch(name -> name.startsWith("ratchet.db.replaced-"));
        }
        Finished offline = ratchet.run("db", "restore", "--force", "--data-dir", data.toString(), backup.toString());
        assertThat(offline.out()).startsWith("restored; the database of before is ");
    }

    private static void run(ServerProcess server, int n) throws Exception {
        HttpResponse<String> answer =
                post(server, "/api/v1/tasks/next/execute?wait=60", "{\"input\": {\"n\": " + n + "}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("{\"n\":" + (n + 1) + "}");
    }

    /** The figures of a server that has run something. */
    private static void assertFigures(ServerProcess server) throws Exception {
        JsonNode checks = JsonMapper.shared()
                .readTree(server.get("/health/detailed").body())
                .path("checks");
        assertThat(checks.propertyNames()).contains("database", "disk", "queue", "registry", "workers");
        assertThat(checks.path("database").path("status").stringValue()).isEqualTo("healthy");
        assertThat(checks.path("registry").path("message").stringValue()).isEqualTo("no registry is configured");
        assertThat(Distribution.holds(Distribution.PATIENCE, () -> value(server, "ratchet_jobs_total") >= 5))
                .as("rows are counted again after a while")
                .isTrue();
        assertThat(value(server, "ratchet_executions_total")).isGreaterThanOrEqualTo(5);
        assertThat(value(server, "ratchet_tasks_total")).isPositive();
        assertThat(value(server, "ratchet_schedules_total")).isNotNegative();
        assertThat(value(server, "ratchet_database_connections_active")).isNotNegative();
        assertThat(value(server, "ratchet_jobs_ended_total{status=\"completed\"}"))
                .isPositive();
        assertThat(value(server, "ratchet_execution_seconds_count{outcome=\"succeeded\"}"))
                .isPositive();
        assertThat(value(server, "ratchet_cache_hits_total{cache=\"tasks\"}")).isPositive();
        assertThat(value(server, "ratchet_database_writes_total")).isGreaterThan(5);
    }

    private static double value(ServerProcess server, String name) {
        try {
            return server.get("/metrics/prometheus")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no " + name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What the command says of any database file. */
    private static JsonNode check(Distribution ratchet, Path file) throws Exception {
        Finished report =
                ratchet.variable("RATCHET_DATABASE_URL", "sqlite://" + file).run("db", "check", "--format", "json");
        ratchet.variable("RATCHET_DATABASE_URL", "");
        assertThat(report.exitCode()).as(report.err()).isZero();
        return JsonMapper.shared().readTree(report.out());
    }

    private static HttpResponse<String> post(ServerProcess server, String path, String body)
            throws IOException, InterruptedException {
        return server.send(HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }
}
