package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.ApiContract.Operation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests made at random after the interface's own description, valid and nearly so: none makes the server fail, and
 * every answer is one that is described. {@code -Dratchet.properties.seed=N} makes the requests of another run again,
 * {@code -Dratchet.properties.requests=N} more or fewer for each operation.
 */
class ApiPropertiesIT {
    private static final long SEED = Long.getLong("ratchet.properties.seed", 20_260_301L);
    private static final int REQUESTS = Integer.getInteger("ratchet.properties.requests", 20);

    @TempDir
    private Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final ApiContract contract = ApiContract.committed();
    private final Map<String, String> faults = new TreeMap<>();

    @Test
    void answersOnSqliteAreAsDescribed() throws Exception {
        assertAnswersAreAsDescribed("");
    }

    @Test
    void answersOnPostgresqlAreAsDescribed() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("postgresql").toFile())
                .setPGStartupWait(Duration.ofSeconds(60))
                .start()) {
            assertAnswersAreAsDescribed("\n  database:\n    url: postgresql://postgres:postgres@127.0.0.1:"
                    + database.getPort() + "/postgres");
        }
    }

    private void assertAnswersAreAsDescribed(String database) throws Exception {
        Path config = Files.writeString(
                directory.resolve("config.yaml"), "server:\n  max_request_bytes: 1048576" + database + "\n");
        try (ServerProcess server =
                ServerProcess.start(directory, directory.resolve("data"), "--config", config.toString())) {
            // On a busy machine the first worker may take longer to get warm than the code of a task may be looked at.
            assertThat(Distribution.holds(Distribution.PATIENCE, () -> isHealthy(server)))
                    .isTrue();
            Random random = new Random(SEED);
            ApiRequests requests = new ApiRequests(contract, random, known(server));
            List<Operation> turns = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                turns.addAll(contract.operations());
            }
            for (Operation operation : turns) {
                send(server, operation, requests.next(operation));
            }
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }

        assertThat(faults).as("with -Dratchet.properties.seed=" + SEED).isEmpty();
    }

    private static boolean isHealthy(ServerProcess server) {
        try {
            String status = JsonMapper.shared()
                    .readTree(server.get("/health").body())
                    .path("status")
                    .stringValue();
            return status.equals("healthy");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Things that the requests can be about; most of them come to an end in the course of it. */
    private static Map<String, List<String>> known(ServerProcess server) throws Exception {
        Map<String, List<String>> known = new TreeMap<>();
        for (String name : List.of("alpha", "beta", "gamma", "delta", "epsilon")) {
            JsonNode task = post(server, "/api/v1/tasks", """
                    {"name": "%s", "version": "1.0.0", "code": "export default (input) => { console.log('hi'); return {input}; };"}""".formatted(name));
            add(known, "tasks", name, task.path("id").stringValue());
            JsonNode schedule = post(server, "/api/v1/schedules", """
                    {"taskId": "%s", "name": "often-%s", "cronExpression": "0 0 1 1 *"}""".formatted(name, name));
            add(known, "schedules", "often-" + name, schedule.path("id").stringValue());
            for (int i = 0; i < 3; i++) {
                JsonNode execution = post(server, "/api/v1/tasks/" + name + "/execute?wait=30", """
                        {"input": {"i": %d}, "outputDestinations": [{"type": "filesystem", "path": "out/{{execution_id}}.json"}]}""".formatted(i));
                add(known, "executions", execution.path("id").stringValue());
                add(known, "jobs", execution.path("jobId").stringValue());
            }
        }
        JsonMapper.shared()
                .readTree(server.get("/api/v1/deliveries").body())
                .path("data")
                .forEach(
                        delivery -> add(known, "deliveries", delivery.path("id").stringValue()));
        add(known, "workers", "1");
        return known;
    }

    private static void add(Map<String, List<String>> known, String kind, String... ids) {
        known.computeIfAbsent(kind, _ -> new ArrayList<>()).addAll(List.of(ids));
    }

    private static JsonNode post(ServerProcess server, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = server.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return JsonMapper.shared().readTree(answer.body()).path("data");
    }

    private void send(ServerProcess server, Operation operation, ApiRequests.Made made)
            throws IOException, InterruptedException {
        StringBuilder query = new StringBuilder();
        made.query().forEach(pair -> query.append(query.isEmpty() ? '?' : '&')
                .append(encoded(pair.name()))
                .append('=')
                .append(encoded(pair.value())));
        URI uri = server.uri(made.path() + query);
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(60))
                .method(
                        operation.method(),
                        made.body().isPresent()
                                ? BodyPublishers.ofString(made.body().get())
                                : BodyPublishers.noBody());
        made.headers().forEach(pair -> builder.header(pair.name(), pair.value()));
        HttpRequest request = builder.build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        String text = "";
        try (InputStream body = answer.body()) {
            // Streams of events last as long as what they tell of.
            if (!answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
                text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        List<String> found = new ArrayList<>(
                contract.faults(request, new ApiContract.Answer(answer.statusCode(), answer.headers(), text)));
        if (answer.statusCode() >= 500) {
            found.add("the server fails");
        }
        for (String fault : found) {
            faults.putIfAbsent(
                    operation.name() + ": " + fault, made + " is answered with " + answer.statusCode() + " " + text);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
