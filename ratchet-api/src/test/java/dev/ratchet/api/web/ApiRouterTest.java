package dev.ratchet.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.api.ApiServer;
import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Shape;
import dev.ratchet.api.json.View;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Slice;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiRouterTest {
    record Thing(String name, JsonText input) {}

    static final Member<String> NAME = Member.text("name", 1, 20).mandatory();
    static final Member<JsonText> INPUT = Member.json("input").orNamed("input_data");
    static final Member<Long> COUNT = Member.integer("count", 1, 9);
    static final Shape BODY = Shape.of("NewThing", NAME, INPUT, COUNT);
    static final View<Thing> VIEW = View.<Thing>named("Thing")
            .text("name", Thing::name)
            .json("input", thing -> Optional.of(thing.input()))
            .build();
    static final ListParameters<JobField> LIST = new ListParameters<>(JobField.class);

    /** More than the memory for answers, and than the buffers of a connection. */
    private static final byte[] LARGE = new byte[4 * ApiServer.MEMORY];

    private final List<ListQuery<JobField>> queries = new ArrayList<>();
    private final List<Integer> opened = new ArrayList<>();
    private final ObjectMapper mapper = JsonMapper.builder().build();
    private ApiServer server;

    @BeforeAll
    void start() {
        server = ApiServer.of(() -> List.of(
                Route.get("/things", "listThings")
                        .list(LIST)
                        .answers(Reply.page(VIEW))
                        .by(this::list),
                Route.post("/things", "createThing")
                        .body(BODY)
                        .answers(Reply.one(201, VIEW, "made"))
                        .by(call -> {
                            Body body = call.body();
                            Thing thing = new Thing(
                                    body.require(NAME), body.get(INPUT).orElse(JsonText.NULL));
                            return Envelopes.created(call, "/things/" + thing.name(), VIEW, thing);
                        }),
                Route.get("/things/{id}", "getThing")
                        .answers(Reply.one(200, VIEW, "it"))
                        .by(call -> Envelopes.one(
                                200,
                                VIEW,
                                new Thing(
                                        call.variable("id"), new JsonText("{\"b\":1.50,\"a\":{\"x\":1E400,\"y\":2}}")),
                                7)),
                Route.delete("/things/{id}", "deleteThing")
                        .answers(Reply.empty(204, "gone"))
                        .by(call -> {
                            if (call.expectedRevision().orElse(7) != 7) {
                                throw new RatchetException(ErrorCode.PRECONDITION_FAILED, "it has revision 7");
                            }
                            return new Answer.Empty(204, java.util.Map.of());
                        }),
                Route.post("/things/{id}/fail", "fail")
                        .answers(Reply.action("never"))
                        .by(ApiRouterTest::fail),
                Route.get("/albums", "listAlbums")
                        .list(LIST)
                        .answers(Reply.page(VIEW))
                        .by(this::albums),
                Route.get("/things/{id}/picture", "picture")
                        .answers(Reply.content("image/bmp", dev.ratchet.api.json.Schema.ANY, "a large one"))
                        .by(_ -> new Answer.Content(
                                200, "image/bmp", LARGE, java.util.Map.of("Content-Disposition", "attachment"))),
                Route.get("/things/{id}/events", "events")
                        .answers(Reply.content(Reply.EVENTS, dev.ratchet.api.json.Schema.ANY, "events"))
                        .by(_ -> new Answer.Stream(
                                target -> {
                                    target.send("1", "state", "{\"status\":\"RUNNING\"}");
                                    target.beat();
                                    target.send("", "result", "{}");
                                },
                                java.util.Map.of()))));
    }

    private Answer list(Call call) {
        ListQuery<JobField> query = LIST.read(call.query());
        queries.add(query);
        Listing<Thing> listing =
                switch (query.slice()) {
                    case Slice.Numbered(long offset, int limit) ->
                        new Listing<>(
                                IntStream.range((int) offset, (int) Math.min(offset + limit, 60))
                                        .mapToObj(i -> new Thing("t" + i, JsonText.NULL))
                                        .toList(),
                                Optional.of(new Listing.Total(60, true)),
                                Optional.empty());
                    case Slice.After _ ->
                        new Listing<>(List.of(new Thing("t", JsonText.NULL)), Optional.empty(), Optional.of("abc"));
                };
        return Envelopes.page(call, VIEW, query, listing);
    }

    /** Sixty mebibytes, if all of them were opened. */
    private Answer albums(Call call) {
        JsonText pictures = new JsonText("\"" + "x".repeat(1 << 20) + "\"");
        Listing<Integer> listing =
                new Listing<>(IntStream.range(0, 60).boxed().toList(), Optional.empty(), Optional.empty());
        return Envelopes.page(call, VIEW, LIST.read(call.query()), listing, number -> {
            opened.add(number);
            return new Thing("a" + number, pictures);
        });
    }

    private static Answer fail(Call call) {
        throw switch (call.variable("id")) {
            case "refusal" ->
                new RatchetException(
                        ErrorCode.VALIDATION_ERROR,
                        "the input does not fit",
                        List.of(new Problem("input", "/a", "must be a number"), new Problem("main.js", "3:14", "odd")));
            case "full" -> new RatchetException(ErrorCode.RATE_LIMITED, "the queue is full");
            default -> new IllegalStateException("secret of the inside");
        };
    }

    @Test
    void answerWhenReadersOfLargeOnesAreSlowRefusesMoreOfThemOnly() throws Exception {
        HttpRequest picture = server.request("/api/v1/things/a/picture").build();
        HttpResponse<InputStream> slow =
                HttpClient.newHttpClient().send(picture, HttpResponse.BodyHandlers.ofInputStream());

        HttpResponse<String> refused = server.get("/api/v1/things/b/picture");
        HttpResponse<String> small = server.get("/api/v1/things/b");
        HttpResponse<String> smallOfUnknownLength = server.send(server.request("/api/v1/things")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream("{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8)))));
        byte[] read = slow.body().readAllBytes();

        problem(refused, 429, "RATE_LIMITED");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(small.statusCode()).isEqualTo(200);
        assertThat(smallOfUnknownLength.statusCode()).isEqualTo(201);
        assertThat(read).hasSize(LARGE.length);
        assertThat(answerOnceThereIsRoom("/api/v1/things/b/picture").statusCode())
                .isEqualTo(200);
    }

    @Test
    void pageWhenObjectsAreLargeIsRefusedBeforeAllOfThemAreInMemory() {
        HttpResponse<String> response = server.get("/api/v1/albums?limit=60");

        JsonNode problem = problem(response, 400, "VALIDATION_ERROR");
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("limit");
        assertThat(problem.at("/errors/0/message").asString()).contains("more than 33554432 bytes; accepted: fewer");
        assertThat(opened).hasSizeBetween(32, 34);
    }

    /** The server gives room back after the reader has the last byte. */
    private HttpResponse<String> answerOnceThereIsRoom(String path) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        HttpResponse<String> answer;
        do {
            answer = server.get(path);
        } while (answer.statusCode() == 429 && System.nanoTime() - deadline < 0);
        return answer;
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode problem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        JsonNode problem = mapper.readTree(response.body());
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("requestId").asString())
                .isEqualTo(response.headers().firstValue("X-Request-ID").orElseThrow());
        return problem;
    }

    @Test
    void bodyWhenWellFormedKeepsTheTextOfItsDocuments() {
        String input = "{ \"z\": 123456789012345678901234567890.10, \"a\": [1e5, \"\\u00e4\"] }";

        HttpResponse<String> response =
                server.json("POST", "/api/v1/things", "{\"input\": " + input + " , \"name\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains("/api/v1/things/x");
        assertThat(response.body()).isEqualTo("{\"data\":{\"name\":\"x\",\"input\":" + input + "}}");
    }

    @Test
    void bodyWhenUnfitNamesEveryProblem() {
        JsonNode problem = problem(
                server.json("POST", "/api/v1/things", "{\"nam\":\"x\",\"count\":10,\"name\":3}"),
                400,
                "VALIDATION_ERROR");

        assertThat(problem.path("errors").findValuesAsString("pointer")).containsExactly("/nam", "/count", "/name");
        assertThat(problem.path("errors").path(0).path("message").asString()).contains("did you mean 'name'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name":          | 400 | BAD_REQUEST
            {"name":1,}       | 400 | BAD_REQUEST
            {"name":"a","name":"b"} | 400 | BAD_REQUEST
            {"name":"a","input":{"x":1,"x":2}} | 400 | BAD_REQUEST
            {"name":"a"} x    | 400 | BAD_REQUEST
            []                | 400 | VALIDATION_ERROR
            {}                | 400 | VALIDATION_ERROR
            {"name":null}     | 400 | VALIDATION_ERROR
            """)
    void bodyWhenBrokenIsRefused(String body, int status, String code) {
        problem(server.json("POST", "/api/v1/things", body), status, code);
    }

    @Test
    void bodyWhenMalformedIsRefusedWithLineAndColumn() {
        JsonNode problem = problem(server.json("POST", "/api/v1/things", "{\n  \"name\" 1}"), 400, "BAD_REQUEST");

        assertThat(problem.path("detail").asString()).contains("line 2, column");
    }

    @Test
    void bodyWhenAMemberHoldsAnUnknownNumberOfOthersIsAnsweredWithFewProblems() {
        StringBuilder body = new StringBuilder("{\"name\":\"a\"");
        for (int i = 0; i < 5_000; i++) {
            body.append(",\"n").append(i).append("\":1");
        }

        JsonNode problem =
                problem(server.json("POST", "/api/v1/things", body.append('}').toString()), 400, "VALIDATION_ERROR");

        assertThat(problem.path("errors")).hasSize(50);
        assertThat(problem.path("errors").path(49).path("pointer").asString()).isEqualTo("/n49");
    }

    @Test
    void textWhenItHoldsWhatNoTextHoldsIsRefused() {
        JsonNode half =
                problem(server.json("POST", "/api/v1/things", "{\"name\":\"a\\ud800\"}"), 400, "VALIDATION_ERROR");
        JsonNode zero =
                problem(server.json("POST", "/api/v1/things", "{\"name\":\"a\\u0000\"}"), 400, "VALIDATION_ERROR");

        assertThat(half.path("errors").path(0).path("pointer").asString()).isEqualTo("/name");
        assertThat(zero.path("errors").path(0).path("pointer").asString()).isEqualTo("/name");
        assertThat(zero.path("errors").path(0).path("message").asString()).contains("U+0000");
        problem(server.get("/api/v1/things?status=%00"), 400, "BAD_REQUEST");
    }

    @Test
    void headerWhenGivenTwiceIsRefused() {
        JsonNode problem = problem(
                server.send(server.request("/api/v1/things/a")
                        .header("If-Match", "\"7\"")
                        .header("If-Match", "\"8\"")
                        .DELETE()),
                400,
                "BAD_REQUEST");

        assertThat(problem.path("detail").asString()).isEqualTo("If-Match is given 2 times; accepted: once");
    }

    @Test
    void bodyWhenTooDeepOrTooLargeIsRefused() {
        String deep = "[".repeat(200) + "]".repeat(200);

        problem(server.json("POST", "/api/v1/things", "{\"name\":\"a\",\"input\":" + deep + "}"), 400, "BAD_REQUEST");
        problem(
                server.json("POST", "/api/v1/things", "{\"name\":\"" + "a".repeat(70_000) + "\"}"),
                413,
                "PAYLOAD_TOO_LARGE");
    }

    @Test
    void bodyWhenOfAnotherTypeIsRefused() {
        JsonNode problem = problem(
                server.send(server.request("/api/v1/things")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                415,
                "UNSUPPORTED_MEDIA_TYPE");

        assertThat(problem.path("detail").asString()).contains("application/json");
    }

    @Test
    void addressWhenUnknownIsRefusedWithTheNearest() {
        JsonNode problem = problem(server.get("/api/v1/thingz"), 404, "NOT_FOUND");

        assertThat(problem.path("detail").asString()).contains("did you mean /api/v1/things?");
        problem(server.get("/elsewhere"), 404, "NOT_FOUND");
    }

    @Test
    void methodWhenNotOfferedIsRefusedWithThoseThatAre() {
        HttpResponse<String> response = server.json("PUT", "/api/v1/things", "{}");

        problem(response, 405, "METHOD_NOT_ALLOWED");
        assertThat(response.headers().firstValue("Allow")).contains("GET, POST, HEAD, OPTIONS");
        assertThat(server.send(server.request("/api/v1/things").method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                        .headers()
                        .firstValue("Allow"))
                .contains("GET, POST, HEAD, OPTIONS");
    }

    @Test
    void acceptWhenNothingFitsIsRefused() {
        problem(server.send(server.request("/api/v1/things").header("Accept", "text/html")), 406, "NOT_ACCEPTABLE");
        assertThat(server.send(server.request("/api/v1/things").header("Accept", "text/html, */*;q=0.1"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void parameterWhenUnknownIsRefusedWithTheNearest() {
        JsonNode problem = problem(server.get("/api/v1/things?statuss=FAILED"), 400, "VALIDATION_ERROR");

        assertThat(problem.path("errors").path(0).path("parameter").asString()).isEqualTo("statuss");
        assertThat(problem.path("errors").path(0).path("message").asString()).contains("did you mean 'status'");
    }

    @Test
    void headWhenSentAnswersLikeGetWithoutContent() {
        HttpResponse<String> response =
                server.send(server.request("/api/v1/things/a").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0))
                .isGreaterThan(10);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void tagWhenKnownToTheClientSavesTheContent() {
        HttpResponse<String> first = server.get("/api/v1/things/a");

        assertThat(first.headers().firstValue("ETag")).contains("\"7\"");
        assertThat(server.send(server.request("/api/v1/things/a").header("If-None-Match", "\"7\""))
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.send(server.request("/api/v1/things/a").header("If-None-Match", "\"6\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tagWhenOutdatedPreventsAChange() {
        problem(
                server.send(server.request("/api/v1/things/a")
                        .header("If-Match", "\"6\"")
                        .DELETE()),
                412,
                "PRECONDITION_FAILED");
        problem(
                server.send(server.request("/api/v1/things/a")
                        .header("If-Match", "\"abc\"")
                        .DELETE()),
                412,
                "PRECONDITION_FAILED");
        assertThat(server.send(server.request("/api/v1/things/a")
                                .header("If-Match", "\"7\"")
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void fieldsWhenChosenLeaveOutTheOthersAndKeepNumbers() {
        assertThat(server.get("/api/v1/things/a?fields=input.a.x").body())
                .isEqualTo("{\"data\":{\"input\":{\"a\":{\"x\":1E400}}}}");
        assertThat(server.get("/api/v1/things?limit=2&fields=name").body())
                .startsWith("{\"data\":[{\"name\":\"t0\"},{\"name\":\"t1\"}],\"meta\":{\"pagination\":{\"page\":1,");
        problem(server.get("/api/v1/things/a?fields=nam"), 400, "VALIDATION_ERROR");
    }

    @Test
    void pageWhenInTheMiddleSaysWhatIsAround() {
        HttpResponse<String> response = server.get("/api/v1/things?page=2&limit=25&status=FAILED");

        JsonNode pagination = mapper.readTree(response.body()).path("meta").path("pagination");
        assertThat(pagination.toString())
                .isEqualTo("{\"page\":2,\"limit\":25,\"total\":60,\"totalPages\":3,\"hasNext\":true,"
                        + "\"hasPrevious\":true,\"offset\":25,\"totalIsExact\":true,\"nextCursor\":null}");
        assertThat(response.headers().firstValue("X-Total-Count")).contains("60");
        assertThat(response.headers().firstValue("Content-Range")).contains("items 25-49/60");
        assertThat(response.headers().firstValue("Link")).hasValueSatisfying(link -> assertThat(link)
                .contains("status=FAILED")
                .contains("_start=50")
                .contains("rel=\"prev\""));
    }

    @Test
    void pageWhenByCursorLinksToTheNext() {
        HttpResponse<String> response = server.get("/api/v1/things?cursor=&limit=1&_sort=queuedAt");

        assertThat(mapper.readTree(response.body())
                        .path("meta")
                        .path("pagination")
                        .path("nextCursor")
                        .asString())
                .isEqualTo("abc");
        assertThat(response.headers().firstValue("Link"))
                .hasValueSatisfying(link -> assertThat(link).contains("limit=1").contains("cursor=abc"));
    }

    @Test
    void failureWhenRefusedShowsItsProblems() {
        JsonNode problem = problem(
                server.send(server.request("/api/v1/things/refusal/fail").POST(HttpRequest.BodyPublishers.noBody())),
                400,
                "VALIDATION_ERROR");

        assertThat(problem.path("errors").path(0).path("pointer").asString()).isEqualTo("/input/a");
        assertThat(problem.path("errors").path(1).path("source").asString()).isEqualTo("main.js");
    }

    @Test
    void failureWhenUnexpectedTellsNothingOfTheInside() {
        HttpResponse<String> response =
                server.send(server.request("/api/v1/things/x/fail").POST(HttpRequest.BodyPublishers.noBody()));

        problem(response, 500, "INTERNAL_ERROR");
        assertThat(response.body()).doesNotContain("secret");
    }

    @Test
    void failureWhenFullSaysWhenToComeBack() {
        HttpResponse<String> response =
                server.send(server.request("/api/v1/things/full/fail").POST(HttpRequest.BodyPublishers.noBody()));

        problem(response, 429, "RATE_LIMITED");
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void eventsWhenStreamedComeInTheirForm() {
        HttpResponse<String> response = server.get("/api/v1/things/a/events");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(response.body())
                .isEqualTo("id: 1\nevent: state\ndata: {\"status\":\"RUNNING\"}\n\n: \n\nevent: result\ndata: {}\n\n");
    }
}
