package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import dev.ratchet.cli.Distribution.Running;
import dev.ratchet.server.lifecycle.ServerFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as a process: how it starts, what it answers, and how it ends. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends signals")
class ServeIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void prepare() {
        data = directory.resolve("data");
    }

    @Test
    void serveWhenKilledAndStartedAgainComesBackAndLeavesNothingWhenStopped() throws Exception {
        ServerFile killed;
        try (ServerProcess server = ServerProcess.start(directory, data)) {
            killed = server.file();
            assertThat(server.get("/health").statusCode()).isEqualTo(200);

            server.kill();
        }
        assertThat(ServerFile.read(data)).as("nobody was there to remove it").contains(killed);

        Distribution first = new Distribution(directory);
        // A worker that was still starting finds out when it connects, which on a busy machine takes its time.
        assertThat(Distribution.holds(
                        Distribution.PATIENCE, () -> first.workers().isEmpty()))
                .isTrue();
        // Its workers' folder outlives a killed server, so the next one has another place for its own.
        Path again = Files.createDirectory(directory.resolve("again"));
        try (ServerProcess server = ServerProcess.start(again, data)) {
            assertThat(server.file().pid()).isNotEqualTo(killed.pid());
            assertThat(server.err())
                    .contains("accepting requests at " + server.file().url())
                    .contains("process " + server.file().pid());
            assertAnswers(server);
            assertRefusals(server);
            assertSecondServerIsRefused(server);

            Finished end = server.stop();

            assertThat(end.exitCode()).isEqualTo(143);
            assertThat(end.out()).isEmpty();
            assertThat(end.err()).contains("ratchet: stopping").doesNotContain("Exception");
        }
        assertThat(ServerFile.read(data)).isEmpty();
        new Distribution(again).assertNothingLeft(SOON);
    }

    private static void assertAnswers(ServerProcess server) throws Exception {
        HttpResponse<String> service = server.get("/");
        assertThat(service.statusCode()).isEqualTo(200);
        assertThat(json(service).path("name").stringValue()).isEqualTo("ratchet");
        assertThat(json(server.get("/live")).path("status").stringValue()).isEqualTo("alive");
        assertThat(json(server.get("/ready")).path("status").stringValue()).isEqualTo("ready");
        assertThat(Distribution.holds(Distribution.PATIENCE, () -> isHealthy(server)))
                .as("a worker gets warm")
                .isTrue();
        JsonNode workers = json(server.get("/health/detailed")).path("checks").path("workers");
        assertThat(workers.path("message").stringValue()).contains("workers are warm");
        assertThat(workers.path("duration_ms").isNumber()).isTrue();
        JsonNode metrics = json(server.get("/metrics"));
        assertThat(metrics.path("performance").path("httpRequests").longValue()).isGreaterThan(3);
        assertThat(metrics.path("application").has("workersReady")).isTrue();
        HttpResponse<String> prometheus = server.get("/metrics/prometheus");
        assertThat(prometheus.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/plain;version=0.0.4");
        assertThat(prometheus.body())
                .contains("ratchet_workers{state=\"ready\"}")
                .contains("jvm_memory_used_bytes")
                .contains("http_server_requests_seconds_count{method=\"GET\",route=\"/live\",status=\"200\"}");
    }

    private static boolean isHealthy(ServerProcess server) {
        try {
            return json(server.get("/health")).path("status").stringValue().equals("healthy");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefusals(ServerProcess server) throws Exception {
        HttpResponse<String> missing = server.send(HttpRequest.newBuilder(server.uri("/nothing"))
                .header("X-Request-ID", "mine-1")
                .build());
        assertProblem(missing, 404, "NOT_FOUND");
        assertThat(missing.headers().firstValue("x-request-id")).contains("mine-1");
        assertThat(json(missing).path("requestId").stringValue()).isEqualTo("mine-1");

        HttpResponse<String> odd = server.send(HttpRequest.newBuilder(server.uri("/live"))
                .header("X-Request-ID", "not well formed")
                .build());
        assertThat(odd.headers().firstValue("x-request-id").orElseThrow()).matches("[0-9a-f-]{36}");

        HttpResponse<String> post = server.send(HttpRequest.newBuilder(server.uri("/health"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertProblem(post, 405, "METHOD_NOT_ALLOWED");
        assertThat(json(post).path("detail").stringValue()).startsWith("POST ");

        HttpResponse<String> foreign = server.send(HttpRequest.newBuilder(server.uri("/health"))
                .header("Origin", "https://example.com")
                .build());
        assertProblem(foreign, 403, "FORBIDDEN");
        HttpResponse<String> local = server.send(HttpRequest.newBuilder(server.uri("/health"))
                .header("Origin", "http://localhost:3000")
                .build());
        assertThat(local.statusCode()).isNotEqualTo(403);

        assertThat(raw(server, "GET /health HTTP/1.1\r\nHost: rebound.example.com\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("\"code\":\"FORBIDDEN\"");
        assertThat(raw(server, "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json")
                .contains("\"code\":\"BAD_REQUEST\"");
        assertThat(
                        raw(
                                server,
                                "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("\"code\":\"PAYLOAD_TOO_LARGE\"");
    }

    private void assertSecondServerIsRefused(ServerProcess server) throws Exception {
        Distribution ratchet = new Distribution(directory);

        Finished sameData = ratchet.run("serve", "--port", "0", "--data-dir", data.toString());
        assertThat(sameData.exitCode()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(sameData.err())
                .contains("in use by another server (process " + server.file().pid() + ")");
        assertThat(sameData.err().lines()).hasSize(1);
        assertThat(ServerFile.read(data)).contains(server.file());

        String port = Integer.toString(URI.create(server.file().url()).getPort());
        Finished samePort = ratchet.run(
                "serve",
                "--port",
                port,
                "--data-dir",
                directory.resolve("other").toString());
        assertThat(samePort.exitCode()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(samePort.err()).contains("port " + port + " of 127.0.0.1 is in use or");
        assertThat(samePort.err().lines()).hasSize(1);

        Finished everywhere = ratchet.run("serve", "--host", "0.0.0.0", "--data-dir", data.toString());
        assertThat(everywhere.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(everywhere.err()).contains("cannot listen on '0.0.0.0'").contains("accepted: 127.0.0.1");
    }

    @Test
    void serveWhenInterruptedEndsWithItsCodeAndAtOnceTheSecondTime() throws Exception {
        Distribution ratchet = new Distribution(directory).startedBy("setsid", "env", "--default-signal=INT");
        Running running = ratchet.start("serve", "--port", "0", "--data-dir", data.toString())
                .awaitErr("accepting requests at ");
        URI server = URI.create(ServerFile.read(data).orElseThrow().url());
        // A request that is never finished keeps the server from stopping until its time is over.
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream()
                    .write("POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            running.signal("INT", true);
            running.awaitErr("stopping");
            running.signal("INT", true);

            Finished end = running.await();

            assertThat(end.exitCode()).isEqualTo(130);
        }
        assertThat(Distribution.holds(SOON, () -> ratchet.workers().isEmpty())).isTrue();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.path("code").stringValue()).isEqualTo(code);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String raw(ServerProcess server, String request) throws Exception {
        URI uri = server.uri("/");
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout((int) Distribution.PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
