package dev.ratchet.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.ratchet.api.ApiServer;
import dev.ratchet.api.WorkerList.Status;
import dev.ratchet.api.WorkerList.Worker;
import dev.ratchet.api.web.Controller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionEvent;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionStore.NumberedLine;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.job.Acceptance;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NewJob;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.schedule.DstPolicy;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.ScheduleDefinition;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.core.task.Activation;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskPackage;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

class ControllersTest {
    private final UseCases useCases = new UseCases();
    private final ObjectMapper mapper = JsonMapper.builder().build();
    private final Seen<NewJob> accepted = new Seen<>();
    private final Seen<Map<String, String>> files = Seen.of(Map.of());
    private volatile Job job = Samples.job(JobStatus.QUEUED);
    private volatile Task task = Samples.task();
    private volatile TaskPackage content = Samples.content("1");
    private ApiServer server;

    @BeforeEach
    void start() {
        useCases.taskStore
                .on("find", _ -> Optional.of(task))
                .on("findByName", arguments -> Optional.of(task)
                        .filter(known -> known.name().equals(arguments[1])))
                .on("findByPackageUuid", _ -> Optional.empty())
                .on("content", _ -> Optional.of(content))
                .on("version", _ -> Optional.of(Samples.version()))
                .on("versions", _ -> List.of(Samples.version()))
                .on("versionByHash", _ -> Optional.empty())
                .on("versionBySemver", _ -> Optional.empty())
                .on("create", arguments -> {
                    task = (Task) arguments[0];
                    return null;
                })
                .on("update", arguments -> {
                    task = (Task) arguments[0];
                    return true;
                })
                .on("addVersion", _ -> null)
                .on(
                        "activations",
                        _ -> List.of(new Activation(1, Samples.VERSION, Samples.NOW, "local", OptionalInt.empty())))
                .on("addActivation", _ -> null);
        useCases.jobStore
                .on("accept", arguments -> {
                    accepted.set((NewJob) arguments[0]);
                    return new Acceptance.Accepted(Samples.JOB, Samples.EXECUTION);
                })
                .on("find", _ -> Optional.of(job))
                .on("input", _ -> Optional.of(new JsonText("{\"n\":1.50}")))
                // So that jobs are stored and not run by the dispatcher of a test.
                .on("isQueuePaused", _ -> true)
                .on("waiting", _ -> 0L);
        useCases.executionStore
                .on("find", _ -> Optional.of(Samples.execution(ExecutionStatus.COMPLETED)))
                .on("outline", _ -> Optional.of(Samples.execution(ExecutionStatus.COMPLETED)));
        useCases.format
                .on("read", arguments -> {
                    @SuppressWarnings("unchecked")
                    Map<String, String> given = (Map<String, String>) arguments[0];
                    files.set(given);
                    content = Samples.content(given.getOrDefault("main.js", ""));
                    return content;
                })
                .on(
                        "files",
                        arguments -> new TreeMap<>(Map.of(
                                "main.js", "1",
                                "metadata.json",
                                        "{\"name\":\"greet\",\"version\":\"1.0.0\",\"limits\":{\"wallTime\":\"5s\"}}",
                                "input.schema.json", "{\"type\":\"object\",\"properties\":{\"a\":{}}}")))
                .on(
                        "readArchive",
                        arguments -> Samples.content(new String((byte[]) arguments[0], StandardCharsets.UTF_8)))
                .on("archive", _ -> "PK".getBytes(StandardCharsets.UTF_8));
        server = ApiServer.of(useCases.controllers().toArray(Controller[]::new));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode data(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return mapper.readTree(response.body()).path("data");
    }

    @Test
    void createTaskWhenGivenPartsMakesAPackageOfThem() {
        useCases.taskStore.on("findByName", _ -> Optional.empty());

        HttpResponse<String> response = server.json("POST", "/api/v1/tasks", """
                {"name": "report", "version": "2.0.0", "sourceCode": "export default () => 1", "enabled": false,
                 "inputSchema": {"type": "object", "maximum": 1.00}, "limits": {"wallTime": "5s"},
                 "metadata": {"author": "me"}, "tests": [{"input": {}}]}""");

        data(response, 201);
        assertThat(response.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(files.get())
                .containsEntry("main.js", "export default () => 1")
                .containsEntry("input.schema.json", "{\"type\": \"object\", \"maximum\": 1.00}")
                .containsEntry("tests/tests.json", "[{\"input\": {}}]");
        assertThat(mapper.readTree(files.get().get("metadata.json")))
                .isEqualTo(mapper.readTree("{\"author\":\"me\",\"name\":\"report\",\"version\":\"2.0.0\","
                        + "\"limits\":{\"wallTime\":\"5s\"}}"));
    }

    @Test
    void createTaskWhenPackageIsFaultyPointsIntoTheBody() {
        useCases.format.on("read", _ -> {
            throw new RatchetException(
                    ErrorCode.INVALID_PACKAGE,
                    "the package has problems",
                    List.of(
                            new Problem("metadata.json", "/limits/wallTime", "odd"),
                            new Problem("main.js", "3:1", "no")));
        });

        HttpResponse<String> response =
                server.json("POST", "/api/v1/tasks", "{\"name\":\"x\",\"version\":\"1.0.0\",\"sourceCode\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode problem = mapper.readTree(response.body());
        assertThat(problem.path("code").asString()).isEqualTo("INVALID_PACKAGE");
        assertThat(problem.path("errors").path(0).path("pointer").asString()).isEqualTo("/limits/wallTime");
        assertThat(problem.path("errors").path(1).path("position").asString()).isEqualTo("3:1");
    }

    @ParameterizedTest
    @CsvSource({"PATCH, /api/v1/tasks/greet", "POST, /api/v1/tasks/greet/versions"})
    void newContentWhenAnotherChangeIsFasterIsAConflictUnlessTheClientSetACondition(String method, String path) {
        // By name it is found as it was, by its identifier as another request has left it.
        useCases.taskStore.on("find", _ -> Optional.of(Samples.task(task.revision() + 1)));
        String change = "{\"inputSchema\":{\"properties\":{\"b\":{}}}}";

        HttpResponse<String> plain = server.json(method, path, change);
        HttpResponse<String> conditional = server.send(server.request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + task.revision() + "\"")
                .method(method, BodyPublishers.ofString(change)));

        assertThat(plain.statusCode()).isEqualTo(409);
        assertThat(mapper.readTree(plain.body()).path("code").asString()).isEqualTo("CONFLICT");
        assertThat(conditional.statusCode()).isEqualTo(412);
    }

    @Test
    void createTaskWithoutCodeSaysWhatIsMissing() {
        HttpResponse<String> response = server.json("POST", "/api/v1/tasks", "{\"name\":\"x\",\"version\":\"1.0.0\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("/sourceCode");
    }

    @Test
    void createTaskWhenGivenAnArchiveReadsIt() {
        String form = """
                --b
                Content-Disposition: form-data; name="note"

                hello
                --b
                Content-Disposition: form-data; name="file"; filename="t.zip"

                ZIPDATA
                --b--
                """.replace("\n", "\r\n");
        useCases.taskStore.on("findByName", _ -> Optional.empty());

        data(
                server.send(server.request("/api/v1/tasks")
                        .header("Content-Type", "application/zip")
                        .POST(BodyPublishers.ofString("ZIPDATA"))),
                201);
        data(
                server.send(server.request("/api/v1/tasks")
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(BodyPublishers.ofString(form))),
                201);

        assertThat(task.source()).isEqualTo(Task.Source.IMPORT);
        assertThat(task.hash()).isEqualTo(Samples.content("ZIPDATA").contentHash());
    }

    @Test
    void patchTaskWhenGivenMetadataMergesIt() {
        data(
                server.json(
                        "PATCH",
                        "/api/v1/tasks/greet",
                        "{\"metadata\":{\"owner\":null,\"n\":2},\"description\":\"d\"}"),
                200);

        assertThat(task.metadata().value()).isEqualTo("{\"keep\":1.10,\"n\":2}");
        assertThat(task.description()).isEqualTo("d");
        assertThat(task.revision()).isEqualTo(6);
    }

    @Test
    void patchTaskWhenGivenASchemaReplacesOrMergesIt() {
        server.json("PATCH", "/api/v1/tasks/greet", "{\"inputSchema\":{\"properties\":{\"b\":{}}},\"limits\":null}");
        String replaced = files.get().get("input.schema.json");
        String metadata = files.get().get("metadata.json");
        server.send(server.request("/api/v1/tasks/greet")
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString("{\"inputSchema\":{\"properties\":{\"b\":{}}}}")));

        assertThat(replaced).isEqualTo("{\"properties\":{\"b\":{}}}");
        assertThat(metadata).doesNotContain("limits");
        assertThat(files.get().get("input.schema.json"))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{}}}");
        assertThat(files.get().get("metadata.json")).contains("limits");
    }

    @Test
    void patchTaskWhenOnlyRenamingAVersionIsRefused() {
        HttpResponse<String> response = server.json("PATCH", "/api/v1/tasks/greet", "{\"version\":\"1.0.1\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("/version");
    }

    @Test
    void patchTaskWhenRevisionIsOutdatedIsRefused() {
        HttpResponse<String> response = server.send(server.request("/api/v1/tasks/greet")
                .header("Content-Type", "application/json")
                .header("If-Match", "\"4\"")
                .method("PATCH", BodyPublishers.ofString("{\"enabled\":false}")));

        assertThat(response.statusCode()).isEqualTo(412);
        assertThat(task.enabled()).isTrue();
    }

    @Test
    void getTaskWhenShownHasEverything() {
        JsonNode shown = data(server.get("/api/v1/tasks/greet"), 200);

        assertThat(shown.path("id")).isEqualTo(shown.path("uuid"));
        assertThat(shown.path("sourceCode").asString()).isEqualTo("1");
        assertThat(shown.path("availableVersions").toString()).isEqualTo("[\"1.0.0\"]");
        assertThat(shown.path("inputSchema").toString()).isEqualTo("{\"type\":\"object\"}");
        assertThat(shown.path("isEditable").asBoolean()).isTrue();
        assertThat(shown.path("repositoryInfo").isNull()).isTrue();
    }

    @Test
    void exportTaskWhenAskedGivesAnArchive() {
        HttpResponse<String> response = server.get("/api/v1/tasks/greet/export");

        assertThat(response.headers().firstValue("Content-Type")).contains("application/zip");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"greet-1.0.0.zip\"");
        assertThat(response.body()).isEqualTo("PK");
    }

    @Test
    void executeWhenEndedInTimeGivesTheResult() {
        HttpResponse<String> response =
                server.json("POST", "/api/v1/tasks/greet/execute?wait=5", "{\"input\":{\"n\":1.50}}");

        assertThat(data(response, 200).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(response.body()).contains("\"output\":{\"b\":1e400}");
        assertThat(response.headers().firstValue("Location")).contains("/api/v1/executions/" + Samples.EXECUTION);
        assertThat(accepted.get().input().value()).isEqualTo("{\"n\":1.50}");
    }

    @Test
    void executeWhenNotEndedInTimeIsAccepted() {
        useCases.executionStore.on("outline", _ -> Optional.of(Samples.execution(ExecutionStatus.RUNNING)));

        HttpResponse<String> response = server.send(server.request("/api/v1/tasks/greet/execute")
                .header("Prefer", "respond-async")
                .header("Prefer", "return=representation")
                .POST(BodyPublishers.noBody()));

        assertThat(data(response, 202).path("status").asString()).isEqualTo("RUNNING");
        assertThat(accepted.get().input()).isEqualTo(JsonText.EMPTY_OBJECT);
    }

    @Test
    void executeWhenThereIsNoRoomForTheResultIsAcceptedAllTheSame() {
        useCases.executionStore
                .on(
                        "outline",
                        _ -> Optional.of(
                                Samples.execution(ExecutionStatus.COMPLETED, new StoredJson.Elsewhere(100_000))))
                .on("find", _ -> {
                    throw new RatchetException(ErrorCode.RATE_LIMITED, "no room");
                });

        HttpResponse<String> response = server.json("POST", "/api/v1/tasks/greet/execute?wait=5", "{}");

        assertThat(data(response, 202).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(response.headers().firstValue("Location")).contains("/api/v1/executions/" + Samples.EXECUTION);
    }

    @Test
    void executeWhenStreamedShowsHowItGoes() {
        useCases.executionStore.on(
                "log",
                arguments -> (long) arguments[2] > 0
                        ? List.of()
                        : List.of(new NumberedLine(0, new LogLine(LogLine.Level.INFO, 0, "hello"))));

        HttpResponse<String> response = server.send(server.request("/api/v1/tasks/greet/execute")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.noBody()));

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(response.body().lines().filter(line -> line.startsWith("event: ")))
                .containsExactly("event: state", "event: progress", "event: log", "event: result");
    }

    @Test
    void executeWhenStreamedAndNoPlaceIsFreeIsRefusedBeforeItsJobIsAccepted() {
        try (ApiServer full = ApiServer.of(0, useCases.controllers().toArray(Controller[]::new))) {
            HttpResponse<String> response = full.send(full.request("/api/v1/tasks/greet/execute")
                    .header("Accept", "text/event-stream")
                    .POST(BodyPublishers.noBody()));

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.body()).contains("RATE_LIMITED", "streams are in use");
        }
        assertThatNullPointerException().isThrownBy(accepted::get).withMessage("nothing was seen");
    }

    @Test
    void eventsWhenTheyComeAreSentInOrderWithoutGaps() {
        Seen<ExecutionStatus> status = Seen.of(ExecutionStatus.RUNNING);
        List<NumberedLine> stored = List.of(
                new NumberedLine(0, new LogLine(LogLine.Level.INFO, 0, "zero")),
                new NumberedLine(1, new LogLine(LogLine.Level.WARN, 0, "one")),
                new NumberedLine(2, new LogLine(LogLine.Level.INFO, 0, "two")));
        List<String> looked = new ArrayList<>();
        useCases.executionStore
                .on("outline", _ -> {
                    if (looked.isEmpty()) {
                        looked.add("once");
                        // Line 0 is missed; 1 comes by event; 2 only by the store.
                        useCases.events.publish(new ExecutionEvent.Logged(
                                Samples.EXECUTION, 1, stored.get(1).line()));
                        status.set(ExecutionStatus.COMPLETED);
                        useCases.events.publish(
                                new ExecutionEvent.StatusChanged(Samples.EXECUTION, ExecutionStatus.COMPLETED));
                        return Optional.of(Samples.execution(ExecutionStatus.RUNNING));
                    }
                    return Optional.of(Samples.execution(
                            looked.size() < 2 && looked.add("again") ? ExecutionStatus.RUNNING : status.get()));
                })
                .on("log", arguments -> stored.stream()
                        .filter(line -> line.number() >= (long) arguments[2])
                        .toList());

        HttpResponse<String> response =
                server.get("/api/v1/executions/" + Samples.EXECUTION + "/logs?follow=true&level=info");

        assertThat(response.body().lines().filter(line -> line.startsWith("id: ")))
                .containsExactly("id: 0", "id: 1", "id: 2");
        assertThat(response.body()).endsWith("event: end\ndata: {\"status\":\"COMPLETED\"}\n\n");
    }

    @Test
    void eventsWhenProgressHasOnlyANewMessageTellIt() {
        List<ExecutionStatus> looked = new ArrayList<>();
        useCases.executionStore.on("log", _ -> List.of()).on("outline", _ -> {
            // The first look is before the stream listens.
            if (looked.size() == 1) {
                useCases.events.publish(new ExecutionEvent.Progressed(Samples.EXECUTION, 0.25, "fetching"));
                useCases.events.publish(new ExecutionEvent.Progressed(Samples.EXECUTION, 0.25, "parsing"));
                useCases.events.publish(new ExecutionEvent.StatusChanged(Samples.EXECUTION, ExecutionStatus.COMPLETED));
            }
            looked.add(looked.size() < 2 ? ExecutionStatus.RUNNING : ExecutionStatus.COMPLETED);
            return Optional.of(Samples.execution(looked.getLast()));
        });

        HttpResponse<String> response = server.get("/api/v1/executions/" + Samples.EXECUTION + "/events");

        assertThat(response.body()).contains("\"message\":\"fetching\"", "\"message\":\"parsing\"");
    }

    @Test
    void eventsWhenTheClientComesBackGoOnAfterTheLastLineItHasSeen() {
        List<NumberedLine> stored = List.of(
                new NumberedLine(0, new LogLine(LogLine.Level.INFO, 0, "zero")),
                new NumberedLine(1, new LogLine(LogLine.Level.INFO, 0, "one")),
                new NumberedLine(2, new LogLine(LogLine.Level.INFO, 0, "two")));
        useCases.executionStore.on("log", arguments -> stored.stream()
                .filter(line -> line.number() >= (long) arguments[2])
                .toList());
        String events = "/api/v1/executions/" + Samples.EXECUTION + "/events";

        HttpResponse<String> response = server.send(server.request(events).header("Last-Event-ID", "1"));

        assertThat(response.body().lines().filter(line -> line.startsWith("id: ")))
                .containsExactly("id: 2");
        assertThat(response.body().lines().filter(line -> line.startsWith("event: ")))
                .containsExactly("event: state", "event: progress", "event: log", "event: result");
        assertThat(server.send(server.request(events).header("Last-Event-ID", "x"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void createJobWhenRepeatedSaysSo() {
        useCases.jobStore.on("accept", arguments -> {
            accepted.set((NewJob) arguments[0]);
            return new Acceptance.Repeated(Samples.JOB, Samples.EXECUTION);
        });

        HttpResponse<String> response = server.send(server.request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k1")
                .POST(BodyPublishers.ofString("{\"task_id\":\"greet\",\"input_data\":{},\"priority\":\"high\","
                        + "\"outputDestinations\":[{\"destinationType\":\"webhook\"}]}")));

        JsonNode shown = data(response, 200);
        assertThat(response.headers().firstValue("Idempotent-Replay")).contains("true");
        assertThat(shown.path("outputDestinations").toString()).isEqualTo("[{\"shown\":1}]");
        assertThat(response.body()).doesNotContain("secret");
        assertThat(accepted.get().job().priority()).isEqualTo(JobPriority.HIGH);
        assertThat(accepted.get().idempotency())
                .hasValueSatisfying(key -> assertThat(key.key()).isEqualTo("k1"));
    }

    @Test
    void patchJobWhenChangedKeepsTheRest() {
        Seen<Job> stored = new Seen<>();
        useCases.jobStore.on("update", arguments -> {
            stored.set((Job) arguments[0]);
            return true;
        });

        data(
                server.json(
                        "PATCH",
                        "/api/v1/jobs/" + Samples.JOB,
                        "{\"priority\":\"CRITICAL\",\"outputDestinations\":null,\"scheduledFor\":\"2026-03-02T00:00:00Z\"}"),
                200);

        assertThat(stored.get().priority()).isEqualTo(JobPriority.CRITICAL);
        assertThat(stored.get().destinations()).isEmpty();
        assertThat(stored.get().dueAt()).isEqualTo(Instant.parse("2026-03-02T00:00:00Z"));
        assertThat(stored.get().revision()).isEqualTo(4);
    }

    @Test
    void patchJobWhenAnotherChangeIsFasterIsAConflictUnlessTheClientSetACondition() {
        useCases.jobStore.on("update", _ -> false);
        String path = "/api/v1/jobs/" + Samples.JOB;
        String change = "{\"priority\":\"HIGH\"}";

        HttpResponse<String> plain = server.json("PATCH", path, change);
        HttpResponse<String> conditional = server.send(server.request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + job.revision() + "\"")
                .method("PATCH", BodyPublishers.ofString(change)));

        assertThat(plain.statusCode()).isEqualTo(409);
        assertThat(conditional.statusCode()).isEqualTo(412);
    }

    @Test
    void patchJobWhenGivenAResultIsRefused() {
        useCases.jobStore.on("update", _ -> {
            throw new AssertionError("stored although the whole is refused");
        });

        HttpResponse<String> response =
                server.json("PATCH", "/api/v1/jobs/" + Samples.JOB, "{\"priority\":\"HIGH\",\"status\":\"COMPLETED\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("/status").contains("CANCELLED");
    }

    @Test
    void cancelJobsWhenFilteredUsesTheFiltersOfTheList() {
        Seen<ListQuery<JobField>> query = new Seen<>();
        useCases.jobStore
                .on("list", arguments -> {
                    @SuppressWarnings("unchecked")
                    ListQuery<JobField> given = (ListQuery<JobField>) arguments[1];
                    query.set(given);
                    return new Listing<>(List.of(job), Optional.empty(), Optional.empty());
                })
                .on("cancel", _ -> new JobStore.Cancellation.Done(Samples.EXECUTION));

        JsonNode bulk = data(
                server.json(
                        "POST",
                        "/api/v1/jobs/cancel",
                        "{\"filter\":{\"status\":\"QUEUED\",\"priorityGte\":\"HIGH\",\"retry_count_lte\":2}}"),
                200);

        assertThat(bulk.path("done").asInt()).isEqualTo(1);
        assertThat(query.get().conditions())
                .containsExactly(
                        Condition.equal(JobField.STATUS, "QUEUED"),
                        new Condition<>(JobField.PRIORITY, Operator.IN, List.of("HIGH", "CRITICAL")),
                        new Condition<>(JobField.RETRY_COUNT, Operator.LTE, List.of(2L)));
    }

    @Test
    void cancelJobsWhenFilterIsEmptyIsRefused() {
        assertThat(server.json("POST", "/api/v1/jobs/cancel", "{\"filter\":{}}").statusCode())
                .isEqualTo(400);
        assertThat(server.json("POST", "/api/v1/jobs/cancel", "{\"filter\":{\"stat\":1}}")
                        .body())
                .contains("VALIDATION_ERROR");
    }

    @Test
    void identifierWhenNoUuidNamesNothing() {
        assertThat(server.get("/api/v1/jobs/17").statusCode()).isEqualTo(404);
        assertThat(server.get("/api/v1/executions/nope").body()).contains("an identifier is a UUID");
    }

    @Test
    void updateExecutionWhenItSaysWhatIsTrueChangesNothing() {
        StoredJson output = new StoredJson.Inline(new JsonText("{\"b\":[1.50,\"x\"],\"a\":1}"), 24);
        useCases.executionStore.on("outline", _ -> Optional.of(Samples.execution(ExecutionStatus.COMPLETED, output)));

        HttpResponse<String> response = server.json(
                "PATCH",
                "/api/v1/executions/" + Samples.EXECUTION,
                "{\"status\":\"COMPLETED\",\"output\":{ \"a\": 1.0, \"b\": [ 1.5, \"\\u0078\" ] },\"progress\":0.50,\"errorMessage\":null}");

        assertThat(data(response, 200).path("status").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void updateExecutionWhenItSaysSomethingElseNamesEachMember() {
        HttpResponse<String> response = server.json(
                "PATCH",
                "/api/v1/executions/" + Samples.EXECUTION,
                "{\"status\":\"FAILED\",\"output\":{\"b\":1e401},\"progress\":1,\"errorMessage\":\"no\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .contains("\"/status\"", "CANCELLED, or COMPLETED as it is")
                .contains("\"/output\"", "\"/progress\"", "\"/errorMessage\"", "the value that GET shows");
    }

    @Test
    void deleteExecutionWhenTheJobStandsWithAnotherRemovesTheAttemptOnly() {
        UUID earlier = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);
        Seen<ExecutionId> removed = new Seen<>();
        useCases.jobStore.on("deleteAttempt", arguments -> {
            removed.set((ExecutionId) arguments[1]);
            return true;
        });

        assertThat(server.json("DELETE", "/api/v1/executions/" + earlier, "").statusCode())
                .isEqualTo(204);

        assertThat(removed.get()).isEqualTo(new ExecutionId(earlier));
    }

    @Test
    void deleteExecutionWhenItIsTheResultOfSeveralAttemptsSaysWhatToDo() {
        Execution execution = Samples.execution(ExecutionStatus.FAILED);
        useCases.executionStore.on("find", _ -> Optional.of(execution)).on("ofJob", _ -> List.of(execution, execution));

        HttpResponse<String> response = server.json("DELETE", "/api/v1/executions/" + Samples.EXECUTION, "");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("delete those first, or the job");
    }

    @Test
    void traceWhenRecordedLeavesOutWhatWentInAndCameOut() {
        useCases.executionStore.on(
                "recording",
                _ -> Optional.of(new JsonText("{\"format\":1,\"input\":{\"a\":1},\"seed\":\"s\",\"fetches\":[]}")));

        JsonNode trace = data(server.get("/api/v1/executions/" + Samples.EXECUTION + "/trace"), 200);

        assertThat(trace.has("input")).isFalse();
        assertThat(trace.path("seed").asString()).isEqualTo("s");
        assertThat(trace.path("clock").isNull()).isTrue();
    }

    @Test
    void createScheduleWhenGivenAnExpressionPlansInItsZone() {
        Seen<Schedule> stored = new Seen<>();
        useCases.scheduleStore.on("findByName", _ -> Optional.empty()).on("create", arguments -> {
            stored.set((Schedule) arguments[0]);
            return null;
        });

        JsonNode shown = data(
                server.json(
                        "POST",
                        "/api/v1/schedules",
                        "{\"taskId\":\"greet\",\"name\":\"s\",\"cronExpression\":\"0 9 * * *\",\"timezone\":\"Europe/Berlin\","
                                + "\"overlapPolicy\":\"cancel_previous\",\"jitterSeconds\":1.5,\"input\":{\"n\":1.50}}"),
                201);

        assertThat(shown.path("nextRun").asString()).isEqualTo("2026-03-02T08:00:00Z");
        assertThat(shown.path("dstPolicy").asString()).isEqualTo("shift");
        assertThat(stored.get().definition().input().value()).isEqualTo("{\"n\":1.50}");
        assertThat(stored.get().definition().plan().jitter()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void patchScheduleWhenGivenAnotherKindOfTimingReplacesIt() {
        Schedule before = new Schedule(
                new ScheduleId(Samples.TASK.value()),
                TenantId.DEFAULT,
                ScheduleDefinition.of(
                                Samples.TASK,
                                "s",
                                SchedulePlan.of(Timing.Cron.of("0 9 * * *", "Europe/Berlin", DstPolicy.BOTH)))
                        .withTags(List.of("t")),
                true,
                Optional.empty(),
                false,
                new Schedule.Progress(
                        Optional.of(Samples.NOW),
                        Optional.of(Samples.NOW),
                        Optional.empty(),
                        0,
                        0,
                        0,
                        0,
                        Optional.empty()),
                Samples.NOW,
                Samples.NOW,
                4);
        Seen<Schedule> stored = Seen.of(before);
        useCases.scheduleStore
                .on("findByName", _ -> Optional.of(stored.get()))
                .on("find", _ -> Optional.of(stored.get()))
                .on("lock", _ -> Optional.of(stored.get()))
                .on("replace", arguments -> {
                    stored.set((Schedule) arguments[0]);
                    return null;
                });

        data(server.json("PATCH", "/api/v1/schedules/s", "{\"cronExpression\":\"30 9 * * *\",\"tags\":null}"), 200);
        Timing cron = stored.get().definition().plan().timing();
        data(server.json("PATCH", "/api/v1/schedules/s", "{\"intervalSeconds\":60}"), 200);

        assertThat(cron).isEqualTo(Timing.Cron.of("30 9 * * *", "Europe/Berlin", DstPolicy.BOTH));
        assertThat(stored.get().definition().tags()).isEmpty();
        assertThat(stored.get().definition().plan().timing())
                .isEqualTo(new Timing.Interval(Duration.ofSeconds(60), Samples.NOW));
        assertThat(server.json("PATCH", "/api/v1/schedules/s", "{\"timezone\":\"UTC\"}")
                        .body())
                .contains("/timezone")
                .contains("cronExpression");
    }

    @Test
    void previewWhenNotStoredShowsTheNextRuns() {
        JsonNode runs = data(
                server.json("POST", "/api/v1/schedules/preview", "{\"cronExpression\":\"@hourly\",\"count\":2}"), 200);

        assertThat(runs.findValuesAsString("plannedFor"))
                .containsExactly("2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z");
        HttpResponse<String> refused = server.json(
                "POST", "/api/v1/schedules/preview", "{\"cronExpression\":\"@hourly\",\"timezone\":\"Europe/Berlln\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("\"pointer\":\"/timezone\"").contains("Europe/Berlin");
        assertThat(server.json("POST", "/api/v1/schedules/preview", "{\"cron\":\"61 * * * *\"}")
                        .body())
                .contains("\"pointer\":\"/cron\"");
    }

    @Test
    void workersWhenListedAreTheProcesses() {
        useCases.workers = List.of(new Worker(
                7,
                OptionalLong.of(42),
                Status.RUNNING,
                3,
                List.of(Samples.EXECUTION.value()),
                Duration.ofSeconds(9),
                OptionalLong.of(64L << 20),
                OptionalDouble.empty(),
                Samples.NOW,
                "js"));

        JsonNode worker = data(server.get("/api/v1/workers/7"), 200);

        assertThat(worker.path("memoryUsageMb").asDouble()).isEqualTo(64);
        assertThat(worker.path("currentTask").asString()).isEqualTo(Samples.EXECUTION.toString());
        assertThat(worker.path("cpuUsagePercent").isNull()).isTrue();
        assertThat(server.get("/api/v1/workers/8").statusCode()).isEqualTo(404);
    }
}
