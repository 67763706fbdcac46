package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answers to requests that are no proper HTTP, too large, or too many. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeIT {
    private static final int MAX_BODY = 6 * 1024 * 1024;
    private static final int CLIENTS = 1_000;
    private static final String EXECUTE = "POST /api/v1/tasks/echo/execute HTTP/1.1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path directory;

    private ServerProcess server;

    @BeforeAll
    void start() throws Exception {
        Path config =
                Files.writeString(directory.resolve("config.yaml"), "server:\n  max_request_bytes: " + MAX_BODY + "\n");
        server = ServerProcess.start(directory, directory.resolve("data"), "--config", config.toString());
        assertThat(post("/api/v1/tasks", """
                        {"name": "echo", "version": "1.0.0", "code": "export default (input) => input;"}""").statusCode()).isEqualTo(201);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /a b HTTP/1.1           | 400 | BAD_REQUEST
            CONNECT example.com:443 HTTP/1.1 | 501 | NOT_IMPLEMENTED
            TRACE /api/v1/tasks HTTP/1.1 | 405 | METHOD_NOT_ALLOWED
            BREW /api/v1/tasks HTTP/1.1 | 405 | METHOD_NOT_ALLOWED
            BREW /health HTTP/1.1       | 405 | METHOD_NOT_ALLOWED
            BREW /nowhere HTTP/1.1      | 404 | NOT_FOUND
            GET /api/v1/tasks?name=%00 HTTP/1.1 | 400 | BAD_REQUEST
            GET /api/v1/tasks/%ff HTTP/1.1 | 400 | BAD_REQUEST
            """)
    void requestWhenNoRouteSeesItIsAnsweredInTheOneShape(String line, int status, String code) throws Exception {
        assertProblem(raw(head(line)), status, code);
    }

    @Test
    void headerWhenTooLargeIsRefusedWithTheBounds() throws Exception {
        String[] large = {"X-Large: " + "x".repeat(40_000)};
        String[] many = new String[150];
        Arrays.setAll(many, i -> "X-" + i + ": 1");

        for (String[] fields : List.of(large, many)) {
            JsonNode problem = assertProblem(raw(head("GET /live HTTP/1.1", fields)), 431, "HEADERS_TOO_LARGE");
            assertThat(problem.path("detail").stringValue()).contains("at most 32768 bytes and 100 fields");
        }
    }

    @Test
    void keyWhenGivenTwiceIsRefused() throws Exception {
        String head = head(EXECUTE, "Idempotency-Key: a", "Idempotency-Key: b", "Content-Length: 0");

        JsonNode problem = assertProblem(raw(head), 400, "BAD_REQUEST");

        assertThat(problem.path("detail").stringValue()).isEqualTo("Idempotency-Key is given 2 times; accepted: once");
    }

    @Test
    void bodyWhenChunkedAndTooLargeIsRefused() throws Exception {
        HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri("/api/v1/tasks/echo/execute"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("{\"input\":\"" + "x".repeat(MAX_BODY))))
                .build());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(json(answer.body()).path("code").stringValue()).isEqualTo("PAYLOAD_TOO_LARGE");
    }

    @Test
    void bodyWhenItBreaksOffIsNoFaultOfTheServer() throws Exception {
        int before = server.err().length();
        String type = "Content-Type: application/json";
        String id = "X-Request-ID: broken-off";

        assertProblem(raw(head(EXECUTE, type, id, "Content-Length: 100") + "{\"input\""), 400, "BAD_REQUEST");
        assertProblem(
                raw(head(EXECUTE, type, id, "Transfer-Encoding: chunked") + "5\r\n{\"inp\r\nzz\r\n"),
                400,
                "BAD_REQUEST");

        // Lines come in order, so that one of these requests would stand before that of the next.
        assertThat(server.get("/live").statusCode()).isEqualTo(200);
        assertThat(server.err().substring(before)).doesNotContain("broken-off").doesNotContain("ERROR");
    }

    @Test
    void bodyWhenItHasCountlessUnknownMembersIsAnsweredWithFewProblems() throws Exception {
        StringBuilder body = new StringBuilder("{\"input\":1");
        for (int i = 0; i < 300_000; i++) {
            body.append(",\"member").append(i).append("\":1");
        }

        HttpResponse<String> answer =
                post("/api/v1/tasks/echo/execute", body.append('}').toString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer.body()).path("code").stringValue()).isEqualTo("VALIDATION_ERROR");
        assertThat(json(answer.body()).path("errors")).hasSize(50);
    }

    @Test
    void floodWhenItComesAllAtOnceIsAnsweredAndNotReset() throws Exception {
        CountDownLatch ready = new CountDownLatch(CLIENTS);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(clients.submit(() -> {
                    ready.countDown();
                    go.await();
                    return raw(head("POST /api/v1/tasks/echo/execute?wait=0 HTTP/1.1", "Content-Length: 0"))
                            .substring(0, 12);
                }));
            }
            assertThat(ready.await(1, TimeUnit.MINUTES)).isTrue();
            go.countDown();
        }

        Set<String> kinds = new TreeSet<>();
        for (Future<String> answer : answers) {
            kinds.add(answer.get());
        }
        assertThat(Set.of("HTTP/1.1 200", "HTTP/1.1 202", "HTTP/1.1 429", "HTTP/1.1 503"))
                .containsAll(kinds);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return server.send(HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static JsonNode assertProblem(String answer, int status, String code) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        int end = answer.indexOf("\r\n\r\n");
        assertThat(answer.substring(0, end)).containsIgnoringCase("content-type: application/problem+json");
        JsonNode problem = json(answer.substring(end + 4));
        assertThat(problem.propertyNames())
                .containsExactly("type", "title", "status", "detail", "instance", "code", "errors", "requestId");
        assertThat(problem.path("code").stringValue()).isEqualTo(code);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("type").stringValue()).startsWith("urn:ratchet:problem:");
        assertThat(answer.substring(0, end))
                .containsIgnoringCase(
                        "x-request-id: " + problem.path("requestId").stringValue());
        return problem;
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static String head(String line, String... fields) {
        return line + "\r\nHost: localhost\r\nConnection: close\r\n" + String.join("\r\n", fields)
                + (fields.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    /** Everything the server answers to this and to the end of the request's half of the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri("/").getPort())) {
            socket.setSoTimeout((int) Distribution.PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return "reset        : " + e.getMessage();
        }
    }
}
