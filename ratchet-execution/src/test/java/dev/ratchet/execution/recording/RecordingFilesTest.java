package dev.ratchet.execution.recording;

import static dev.ratchet.execution.recording.Fixtures.CONTEXT;
import static dev.ratchet.execution.recording.Fixtures.NOW;
import static dev.ratchet.execution.recording.Fixtures.aTask;
import static dev.ratchet.execution.recording.ScriptedRunner.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Determinism.ClockRun;
import dev.ratchet.core.execution.Determinism.Settlement;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.execution.recording.Recording.Cut;
import dev.ratchet.execution.recording.Recording.Exchange;
import dev.ratchet.execution.recording.Recording.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class RecordingFilesTest {
    private static final HttpTiming TIMING = new HttpTiming(NOW.toEpochMilli(), 1.5, 2, 1, 0.25, 10, 3);
    private static final List<Problem> PROBLEMS = List.of(new Problem("input", "/a", "must be a number"));

    @TempDir
    Path directory;

    static Stream<ExecutionOutcome> outcomes() {
        return Stream.of(
                new Succeeded(new JsonText("{\"big\":12345678901234567890,\"exact\":1.10,\"huge\":1E+400}")),
                new TaskFailed(
                        "RateLimitError", "slow\ndown", "at main (main.js:1:2)", new JsonText("{\"status\":429}")),
                new TaskFailed("Error", "", "", null),
                new InvalidOutput(PROBLEMS),
                new InvalidInput(PROBLEMS),
                new InvalidPackage(PROBLEMS),
                new LimitExceeded(LimitKind.CPU_TIME, 61_000, 60_000),
                new WorkerCrashed("signal 11"),
                new Cancelled("Ctrl-C"));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void readWhenWrittenGivesTheSameRecording(ExecutionOutcome outcome) {
        Recording recording = aRecording(CONTEXT, outcome);

        Path where = RecordingFiles.write(directory.resolve("new"), recording);

        assertThat(where).isEqualTo(directory.resolve("new"));
        assertThat(RecordingFiles.read(where)).usingRecursiveComparison().isEqualTo(recording);
        assertThat(RecordingFiles.read(where.resolve("recording.json")))
                .usingRecursiveComparison()
                .isEqualTo(recording);
    }

    @Test
    void writeWhenTheDirectoryIsUsedTakesOneInItNamedByTheExecution() throws IOException {
        Recording first = aRecording(CONTEXT, new Succeeded(JsonText.NULL));
        UUID secondId = UUID.fromString("0195a000-0000-7000-8000-00000000000f");
        Recording second = aRecording(
                new ExecutionContext(secondId, CONTEXT.taskId(), "greet", "1.2.3", UUID.randomUUID(), 2),
                new Succeeded(JsonText.NULL));

        RecordingFiles.write(directory, first);
        Path where = RecordingFiles.write(directory, second);

        assertThat(where).isEqualTo(directory.resolve(secondId.toString()));
        assertThat(RecordingFiles.read(where).context()).isEqualTo(second.context());
        assertThat(RecordingFiles.read(directory).context()).isEqualTo(first.context());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("recording.json", "requests.har", secondId.toString());
        }
    }

    @Test
    void replaceWhenThereIsARecordingPutsTheNewOneInItsPlace() {
        RecordingFiles.write(directory, aRecording(CONTEXT, new Succeeded(JsonText.NULL)));

        RecordingFiles.replace(directory, aRecording(CONTEXT, new Cancelled("now")));

        assertThat(RecordingFiles.read(directory).outcome()).isEqualTo(new Cancelled("now"));
    }

    @Test
    void readWhenThereIsNoRecordingSaysWhatIsThere() {
        Path inner = directory.resolve("run-1");
        RecordingFiles.write(inner, aRecording(CONTEXT, new Succeeded(JsonText.NULL)));

        assertThatThrownBy(() -> RecordingFiles.read(directory))
                .isInstanceOfSatisfying(
                        RatchetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("holds no recording.json")
                .hasMessageContaining(inner.toString());
        assertThatThrownBy(() -> RecordingFiles.read(directory.resolve("absent")))
                .hasMessageContaining("no such directory")
                .hasMessageContaining("--record");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"format\" : 1 | \"format\" : 2 | #/format: is 2; this version of Ratchet reads format 1 only",
                "\"seed\" : \"seed-1\" | \"seed\" : | :",
                "\"seed\" : \"seed-1\" | \"seed\" : 5 | #/seed: must be a string",
                "\"seed\" : \"seed-1\", | | #/seed: is missing",
                "\"attempt\" : 1 | \"attempt\" : 0 | #/execution/attempt: must be an integer of at least 1",
                "\"reason\" : \"dns\" | \"reason\" : \"dnss\" | #/fetches/1/failure/reason: 'dnss' is unknown; accepted: bad_url",
                "\"status\" : \"succeeded\" | \"status\" : \"won\" | #/outcome/status: 'won' is unknown; accepted: succeeded",
                "\"base64\" : \"/wA=\" | \"base64\" : \"?\" | #/fetches/0/response/body/base64: '?' is not Base64",
                "\"wallTime\" : \"PT1.5S\" | \"wallTime\" : \"1.5\" | #/execution/wallTime: '1.5' is not an ISO 8601 duration",
            })
    void readWhenTheFileIsDamagedNamesThePlace(String from, String to, String message) throws IOException {
        RecordingFiles.write(directory, aRecording(CONTEXT, new Succeeded(JsonText.NULL)));
        Path file = directory.resolve("recording.json");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to == null ? "" : to));

        assertThatThrownBy(() -> RecordingFiles.read(directory))
                .isInstanceOfSatisfying(
                        RatchetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void readWhenTheFileIsNotTextSaysSo() throws IOException {
        Files.write(directory.resolve("recording.json"), new byte[] {(byte) 0xFF, 1});

        assertThatThrownBy(() -> RecordingFiles.read(directory)).hasMessageContaining("is not UTF-8 text");
    }

    @Test
    void writeWhenThereWereFetchesWritesAnHttpArchive() throws IOException {
        RecordingFiles.write(directory, aRecording(CONTEXT, new Succeeded(JsonText.NULL)));

        JsonNode har = Json.parse("har", Files.readString(directory.resolve("requests.har")));

        JsonNode log = har.get("log");
        assertThat(log.get("version").stringValue()).isEqualTo("1.2");
        assertThat(log.get("creator").get("name").stringValue()).isEqualTo("Ratchet");
        assertThat(log.get("entries").size()).isEqualTo(2);
        JsonNode entry = log.get("entries").get(0);
        assertThat(entry.propertyNames())
                .contains("startedDateTime", "time", "request", "response", "cache", "timings");
        assertThat(entry.get("startedDateTime").stringValue()).isEqualTo("2026-03-04T05:06:07.080Z");
        assertThat(entry.get("time").doubleValue()).isEqualTo(16.75);
        JsonNode request = entry.get("request");
        assertThat(request.propertyNames())
                .contains(
                        "method",
                        "url",
                        "httpVersion",
                        "cookies",
                        "headers",
                        "queryString",
                        "postData",
                        "headersSize",
                        "bodySize");
        assertThat(Json.write(request.get("queryString")))
                .isEqualTo("[{\"name\":\"q\",\"value\":\"a b\"},{\"name\":\"flag\",\"value\":\"\"}]");
        assertThat(request.get("bodySize").intValue()).isEqualTo(99);
        JsonNode response = entry.get("response");
        assertThat(response.propertyNames())
                .contains(
                        "status",
                        "statusText",
                        "httpVersion",
                        "cookies",
                        "headers",
                        "content",
                        "redirectURL",
                        "headersSize",
                        "bodySize");
        assertThat(response.get("content").get("encoding").stringValue()).isEqualTo("base64");
        assertThat(response.get("content").get("text").stringValue()).isEqualTo("/wA=");
        assertThat(entry.get("timings").get("ssl").doubleValue()).isEqualTo(1);
        JsonNode failed = log.get("entries").get(1).get("response");
        assertThat(failed.get("status").intValue()).isZero();
        assertThat(failed.get("_error").stringValue()).isEqualTo("dns: no such host");
    }

    private static Recording aRecording(ExecutionContext context, ExecutionOutcome outcome) {
        return new Recording(
                NOW,
                context,
                aTask("x").contentHash(),
                new JsonText("{\"lone\":\"\\ud83d\"}"),
                outcome,
                Duration.ofMillis(1500),
                TaskLimits.DEFAULTS,
                "seed-1",
                17_672_256_000_000L,
                new ExecutionTrace(
                        List.of(new ClockRun(17_672_256_000_000L, 3), new ClockRun(-5, 1)),
                        List.of(
                                new Settlement(Settlement.Kind.TIMER, 2),
                                new Settlement(Settlement.Kind.FETCH, 1),
                                new Settlement(Settlement.Kind.ABORT, 1)),
                        true),
                Set.of("TOKEN"),
                List.of(new LogLine(LogLine.Level.WARN, 1, "half a pair: \ud83d")),
                7,
                List.of(new Progress(0.25, "quarter")),
                true,
                List.of(
                        new Exchange(
                                1,
                                call(
                                        "POST",
                                        "https://a.example/x?q=a%20b&flag#part",
                                        "{\"a\":1",
                                        new HttpHeader("Content-Type", "application/json")),
                                new Cut(99, "00ff"),
                                new HttpAnswer.Response(
                                        201,
                                        "Created",
                                        "https://a.example/y",
                                        true,
                                        List.of(
                                                new HttpHeader("Set-Cookie", "a=1"),
                                                new HttpHeader("Set-Cookie", "b=2")),
                                        new byte[] {(byte) 0xFF, 0},
                                        TIMING),
                                null,
                                Duration.ofMillis(2),
                                Duration.ofMillis(20)),
                        new Exchange(
                                2,
                                call("GET", "https://nowhere.example/", null),
                                null,
                                new HttpAnswer.Failure(HttpAnswer.Reason.DNS, "no such host", null, TIMING),
                                null,
                                Duration.ofMillis(3),
                                Duration.ZERO),
                        new Exchange(
                                3,
                                call("PUT", "https://a.example/z", "ü"),
                                null,
                                null,
                                null,
                                Duration.ZERO,
                                Duration.ZERO)));
    }
}
