package dev.ratchet.execution.testing;

import static dev.ratchet.execution.recording.Fixtures.CLOCK;
import static dev.ratchet.execution.recording.Fixtures.aTask;
import static dev.ratchet.execution.recording.Fixtures.executor;
import static dev.ratchet.execution.recording.Fixtures.request;
import static dev.ratchet.execution.recording.Fixtures.response;
import static dev.ratchet.execution.recording.ScriptedRunner.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism.Settlement;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.execution.recording.BodyLimits;
import dev.ratchet.execution.recording.Fixtures;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.recording.Recorder;
import dev.ratchet.execution.recording.Recording;
import dev.ratchet.execution.recording.Recording.Exchange;
import dev.ratchet.execution.recording.ScriptedRunner;
import dev.ratchet.execution.recording.ScriptedRunner.Guest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TestFromRecordingTest {
    private static final Secrets SECRETS = new Secrets(Map.of("TOKEN", "s3cr3t-value"));

    private static final FetchHandler SERVER = (id, call, _) -> FetchReply.of(
            switch (id) {
                case 1 -> json("{\"n\":1}");
                case 2 -> json("{ \"n\": 2 }");
                case 3 ->
                    new HttpAnswer.Response(
                            404,
                            "Not Found",
                            "https://b.example/moved",
                            true,
                            List.of(new HttpHeader("x", "1"), new HttpHeader("X", "2")),
                            new byte[] {(byte) 0xFF},
                            HttpTiming.none(0));
                default -> new HttpAnswer.Failure(HttpAnswer.Reason.TIMEOUT, "too slow", null, HttpTiming.none(0));
            });

    @Test
    void convertWhenTheRunSucceededGivesATestThatPasses() {
        Recording recording =
                Fixtures.record(aTask("x"), "{\"in\":1.50}", SECRETS, SERVER, TestFromRecordingTest::script);

        JsonText test = TestFromRecording.convert(recording, "as recorded");

        TestReport report = run(test, TestFromRecordingTest::script);
        assertThat(report.results().getFirst().failure()).isEmpty();
        assertThat(report.results().getFirst().name()).isEqualTo("as recorded");
        assertThat(test.value())
                .doesNotContain("s3cr3t-value")
                .contains("\"clock\" : \"2026-01-01T00:00:00Z\"", "\"seed\" : \"seed-1\"");
    }

    @Test
    void convertWhenTheCodeChangesGivesATestThatFails() {
        Recording recording = Fixtures.record(aTask("x"), "{}", SECRETS, SERVER, TestFromRecordingTest::script);
        JsonText test = TestFromRecording.convert(recording, "as recorded");

        TestReport report = run(test, guest -> {
            guest.get("https://a.example/other");
            return new Succeeded(JsonText.NULL);
        });

        assertThat(report.results().getFirst().failure().getFirst())
                .startsWith("fetch 1 has no mock: GET https://a.example/other");
    }

    @Test
    void convertWhenAnswersWereUnderWayTogetherKeepsTheirOrder() {
        Recording run = Fixtures.record(aTask("x"), "{}", Secrets.NONE, SERVER, guest -> {
            for (int i = 0; i < 4; i++) {
                guest.get("https://a.example/");
            }
            return new Succeeded(JsonText.NULL);
        });
        // Fetches 1 to 3 start almost together and settle as 2, 1, 3; 4 starts when they are done.
        Recording recording = withExchanges(
                run,
                List.of(
                        at(run.exchanges().get(0), 0, 50),
                        at(run.exchanges().get(1), 3, 50),
                        at(run.exchanges().get(2), 6, 48),
                        at(run.exchanges().get(3), 60, 10)),
                2,
                1,
                3,
                4);

        JsonNode mocks =
                Json.parse("test", TestFromRecording.convert(recording, "x")).get("mocks");

        assertThat(mocks.valueStream().map(mock -> mock.get("delay").doubleValue()))
                .containsExactly(50.1, 50.0, 50.1, 10.0);
    }

    @Test
    void convertWhenTheRunFailedExpectsTheSameError() {
        Function<Guest, ExecutionOutcome> failing = _ -> new TaskFailed("TypeError", "x is null", "", null);
        Recording failed = Fixtures.record(aTask("x"), "{}", Secrets.NONE, SERVER, failing);
        Recording stopped =
                Fixtures.record(aTask("x"), "{}", Secrets.NONE, SERVER, _ -> new LimitExceeded(LimitKind.MEMORY, 2, 1));

        JsonText test = TestFromRecording.convert(failed, "fails");
        JsonText limit = TestFromRecording.convert(stopped, "stops");

        assertThat(run(test, failing).allPassed()).isTrue();
        assertThat(run(test, _ -> new TaskFailed("Error", "x is null", "", null))
                        .allPassed())
                .isFalse();
        assertThat(run(limit, _ -> new LimitExceeded(LimitKind.MEMORY, 5, 1)).allPassed())
                .isTrue();
    }

    @Test
    void convertWhenTheOutcomeIsNotTheTasksDoingRefuses() {
        Recording recording = Fixtures.record(aTask("x"), "{}", Secrets.NONE, SERVER, _ -> new Cancelled("Ctrl-C"));

        assertThatThrownBy(() -> TestFromRecording.convert(recording, "x")).hasMessageContaining("Cancelled: Ctrl-C");
    }

    @Test
    void convertWhenAnAnswerWasCutRefuses() {
        Recorder recorder = new Recorder(CLOCK, new BodyLimits(2, 2));
        Recording recording = recorder.finish(new ScriptedRunner(guest -> {
                    guest.get("https://a.example/");
                    return new Succeeded(JsonText.NULL);
                })
                .start(recorder.attach(
                        request(aTask("x"), "{}", Secrets.NONE, (_, _, _) -> FetchReply.of(response("0123", 1)))))
                .result()
                .join());

        assertThatThrownBy(() -> TestFromRecording.convert(recording, "x"))
                .hasMessageContaining(
                        "of the 4 bytes that answered fetch 1 (GET https://a.example/) it has the first 2");
    }

    private static Exchange at(Exchange e, long startedAfter, long delay) {
        return new Exchange(
                e.id(),
                e.call(),
                e.callCut(),
                e.answer(),
                e.answerCut(),
                Duration.ofMillis(startedAfter),
                Duration.ofMillis(delay));
    }

    private static Recording withExchanges(Recording r, List<Exchange> exchanges, Integer... settled) {
        return new Recording(
                r.createdAt(),
                r.context(),
                r.contentHash(),
                r.input(),
                r.outcome(),
                r.wallTime(),
                r.limits(),
                r.seed(),
                r.clockStartTicks(),
                new ExecutionTrace(
                        r.trace().clock(),
                        Stream.of(settled)
                                .map(id -> new Settlement(Settlement.Kind.FETCH, id))
                                .toList(),
                        true),
                r.secretNames(),
                r.console(),
                r.droppedLogBytes(),
                r.progress(),
                r.progressCut(),
                exchanges);
    }

    /** Puts everything it sees into its output. */
    private static ExecutionOutcome script(Guest guest) {
        StringBuilder seen = new StringBuilder(guest.request().input().value());
        String token = guest.request().secrets().reveal().get("TOKEN");
        seen.append(guest.get("https://a.example/same?b=1&a=2"));
        seen.append(guest.get("https://a.example/same?b=1&a=2"));
        HttpAnswer moved = guest.fetch(call("POST", "https://a.example/", "{\"t\":\"" + token + "\"}"));
        HttpAnswer.Response response = (HttpAnswer.Response) moved;
        seen.append(response.status())
                .append(response.statusText())
                .append(response.url())
                .append(response.redirected())
                .append(response.headers().stream().map(HttpHeader::value).toList())
                .append(Base64.getEncoder().encodeToString(response.body()));
        seen.append(guest.get("https://a.example/slow"));
        return new Succeeded(new JsonText(Json.quote(seen.toString())));
    }

    private static HttpAnswer json(String body) {
        return new HttpAnswer.Response(
                200,
                "",
                "https://a.example/same?b=1&a=2",
                false,
                List.of(new HttpHeader("Content-Type", "application/json")),
                body.getBytes(StandardCharsets.UTF_8),
                new HttpTiming(0, -1, -1, -1, 1, 10, 5.75));
    }

    private static TestReport run(JsonText test, Function<Guest, ExecutionOutcome> script) {
        return new TestRunner(executor(script), 1)
                .run(aTask("x", Set.of(), Map.of("tests/r.json", test)), TestFilter.ALL, _ -> {}, new Cancellation());
    }
}
