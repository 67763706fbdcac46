package dev.ratchet.execution.recording;

import static dev.ratchet.execution.recording.Fixtures.CLOCK;
import static dev.ratchet.execution.recording.Fixtures.ECHO;
import static dev.ratchet.execution.recording.Fixtures.aTask;
import static dev.ratchet.execution.recording.Fixtures.executor;
import static dev.ratchet.execution.recording.Fixtures.request;
import static dev.ratchet.execution.recording.Fixtures.response;
import static dev.ratchet.execution.recording.ScriptedRunner.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.ScriptedRunner.Guest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final TaskPackage TASK = aTask("original");

    @TempDir
    Path directory;

    @Test
    void requestWhenMadeCarriesWhatWasRecordedAndNothingElse() {
        Recording recording = recordingOf(ReplayTest::script);

        ExecutionRequest replay =
                new Replay(recording, TASK, recording.limits(), CLOCK).request(ExecutionListener.SILENT);

        assertThat(replay.context()).isEqualTo(recording.context());
        assertThat(replay.input()).isEqualTo(recording.input());
        assertThat(replay.determinism().seed()).isEqualTo("seed-1");
        assertThat(replay.determinism().clock())
                .isEqualTo(new GuestClock.Recorded(
                        recording.trace().clock(), recording.trace().settlements()));
        assertThat(replay.trace()).isTrue();
    }

    @Test
    void runWhenTheSameCodeRunsIsEqual() {
        RecordingFiles.write(directory, recordingOf(ReplayTest::script));

        ReplayReport report = replay(RecordingFiles.read(directory), ReplayTest::script);

        assertThat(report.lines()).containsExactly("equal: same outcome, fetches: 3");
        assertThat(report.equal()).isTrue();
        assertThat(report.exitCode()).isZero();
    }

    @Test
    void runWhenAnswersTookTimeTellsWhenTheyWereDue() {
        Recording recording = recordingOf(guest -> {
            guest.get("https://a.example/1");
            guest.fetchWithoutWaiting(call("GET", "https://a.example/2", null));
            return new Succeeded(JsonText.NULL);
        });
        List<Duration> delays = new ArrayList<>();

        replay(recording, guest -> {
            guest.get("https://a.example/1");
            guest.get("https://a.example/2");
            guest.replies().forEach(reply -> delays.add(reply.virtualDelay()));
            return new Succeeded(JsonText.NULL);
        });

        assertThat(delays).containsExactly(recording.exchanges().getFirst().delay(), Duration.ofDays(1));
    }

    @Test
    void runWhenTheOutputDiffersShowsWhere() {
        Recording recording = recordingOf(_ -> new Succeeded(new JsonText("{\"a\":[1,2]}")));

        ReplayReport report = replay(recording, _ -> new Succeeded(new JsonText("{\"a\":[1,3]}")));

        assertThat(report.outcomeDifferences()).containsExactly("output /a/1: expected 2, is 3");
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void runWhenTheErrorDiffersShowsTypeMessageAndDetailsButNotTheStack() {
        Recording recording = recordingOf(
                _ -> new TaskFailed("TypeError", "a", "at main (main.js:1:1)", new JsonText("{\"status\":500}")));

        ReplayReport same = replay(
                recording,
                _ -> new TaskFailed("TypeError", "a", "at main (main.js:9:9)", new JsonText("{\"status\":500.0}")));
        ReplayReport other = replay(recording, _ -> new TaskFailed("Error", "b", "", null));
        ReplayReport success = replay(recording, _ -> new Succeeded(new JsonText("1")));

        assertThat(same.equal()).isTrue();
        assertThat(other.outcomeDifferences())
                .containsExactly(
                        "error type: recorded TypeError, now Error",
                        "error message: recorded a, now b",
                        "error details /status: expected 500, is missing");
        assertThat(success.outcomeDifferences())
                .containsExactly("outcome: recorded TypeError: a; now succeeded with 1");
    }

    @Test
    void runWhenALimitWasExceededDoesNotCompareTheMeasurement() {
        Recording recording = recordingOf(_ -> new LimitExceeded(LimitKind.CPU_TIME, 61, 60));

        assertThat(replay(recording, _ -> new LimitExceeded(LimitKind.CPU_TIME, 77, 60))
                        .equal())
                .isTrue();
        assertThat(replay(recording, _ -> new LimitExceeded(LimitKind.MEMORY, 61, 60))
                        .equal())
                .isFalse();
    }

    @Test
    void runWhenTheReplayItselfIsLostHasTheExitCodeOfThat() {
        Recording recording = recordingOf(_ -> new Succeeded(JsonText.NULL));

        assertThat(replay(recording, _ -> new WorkerCrashed("killed")).exitCode())
                .isEqualTo(4);
        assertThat(replay(recording, _ -> new Cancelled("Ctrl-C")).exitCode()).isEqualTo(130);
    }

    @Test
    void runWhenAFetchDiffersSaysWhichAndHowFieldByField() {
        Recording recording = recordingOf(guest -> {
            guest.fetch(call(
                    "POST",
                    "https://a.example/1",
                    "{\"n\":1}",
                    new HttpHeader("X-A", "1"),
                    new HttpHeader("X-Gone", "g")));
            return new Succeeded(JsonText.NULL);
        });
        List<String> seen = new ArrayList<>();

        ReplayReport report = replay(recording, guest -> {
            seen.add(ScriptedRunner.text(guest.fetch(call(
                    "PUT",
                    "https://a.example/2",
                    "{\"n\":2}",
                    new HttpHeader("x-a", "2"),
                    new HttpHeader("X-New", "n")))));
            return new Succeeded(JsonText.NULL);
        });

        assertThat(seen).containsExactly("failed: fetch 1 (PUT https://a.example/2) has no answer in the recording");
        assertThat(report.divergences()).hasSize(1);
        assertThat(report.divergences().getFirst().lines())
                .containsExactly(
                        "fetch 1 (PUT https://a.example/2) differs from the recorded one:",
                        "    method: recorded POST, now PUT",
                        "    url: recorded https://a.example/1, now https://a.example/2",
                        "    header x-a: recorded 1, now 2",
                        "    header x-gone: recorded g, now absent",
                        "    header x-new: not recorded, now n",
                        "    body /n: expected 1, is 2");
        assertThat(report.outcomeDifferences()).isEmpty();
        assertThat(report.equal()).isFalse();
    }

    @Test
    void runWhenBodiesAreNoJsonShowsTheFirstDifference() {
        Recording recording = recordingOf(guest -> {
            guest.fetch(call("POST", "https://a.example/1", "name=one&x=1"));
            guest.fetch(call("POST", "https://a.example/2", "x"));
            return new Succeeded(JsonText.NULL);
        });

        ReplayReport report = replay(recording, guest -> {
            guest.fetch(call("POST", "https://a.example/1", "name=two&x=1"));
            guest.fetch(call("POST", "https://a.example/2", null));
            return new Succeeded(JsonText.NULL);
        });

        assertThat(report.lines())
                .contains(
                        "    body, from character 5: recorded \"name=one&x=1\", now \"name=two&x=1\"",
                        "    body: recorded 1 bytes, now none");
    }

    @Test
    void runWhenFetchesChangedPlacesAnswersThemAndSaysSo() {
        Recording recording = recordingOf(ReplayTest::script);

        ReplayReport report = replay(recording, guest -> {
            String one = guest.get("https://a.example/1");
            String three = guest.get("https://a.example/3");
            String two = guest.get("https://a.example/2");
            return new Succeeded(new JsonText(Json.quote(one + two + three)));
        });

        assertThat(report.outcomeDifferences()).isEmpty();
        assertThat(report.divergences())
                .containsExactly(
                        new Divergence.Reordered(2, "GET https://a.example/3", 3),
                        new Divergence.Reordered(3, "GET https://a.example/2", 2));
        assertThat(report.equal()).isFalse();
    }

    @Test
    void runWhenFetchesAreAddedAndLeftOutSaysSo() {
        Recording recording = recordingOf(guest -> {
            guest.get("https://a.example/1");
            guest.get("https://a.example/1");
            return new Succeeded(JsonText.NULL);
        });

        ReplayReport fewer = replay(recording, guest -> {
            guest.get("https://a.example/1");
            return new Succeeded(JsonText.NULL);
        });
        ReplayReport more = replay(recording, guest -> {
            for (int i = 0; i < 3; i++) {
                guest.get("https://a.example/1");
            }
            return new Succeeded(JsonText.NULL);
        });

        assertThat(fewer.divergences()).containsExactly(new Divergence.NotMade(2, "GET https://a.example/1"));
        assertThat(more.divergences()).containsExactly(new Divergence.Added(3, "GET https://a.example/1", 2));
    }

    @Test
    void runWhenASecretWentIntoRequestsNeedsOnlyItsPlaceholder() {
        Function<Guest, ExecutionOutcome> script = guest -> {
            String token = guest.request().secrets().reveal().get("TOKEN");
            String basic = Base64.getEncoder().encodeToString(("user:" + token).getBytes(StandardCharsets.UTF_8));
            guest.fetch(call(
                    "POST", "https://a.example/", "token=" + token, new HttpHeader("Authorization", "Basic " + basic)));
            guest.log("used " + token);
            return new Succeeded(new JsonText(Json.quote("with " + token)));
        };
        Recording recording = Fixtures.record(TASK, "{}", new Secrets(Map.of("TOKEN", "s3cr3t-value")), ECHO, script);

        ReplayReport report = replay(recording, script);

        assertThat(report.lines()).containsExactly("equal: same outcome, fetches: 1");
        assertThat(report.consoleDifferences()).isEmpty();
    }

    @Test
    void runWhenAnAnswerWasCutRefusesItAndSaysSo() {
        FetchHandler big = (_, _, _) -> FetchReply.of(response("0123456789", 1));
        Recorder recorder = new Recorder(CLOCK, new BodyLimits(4, 100));
        Function<Guest, ExecutionOutcome> script = guest -> {
            guest.fetch(call("POST", "https://a.example/", "long request body"));
            return new Succeeded(JsonText.NULL);
        };
        Recording recording = recorder.finish(executor(script)
                .start(TASK, recorder.attach(request(TASK, "{}", Secrets.NONE, big)))
                .result()
                .join());

        ReplayReport same = replay(recording, script);
        ReplayReport otherBody = replay(recording, guest -> {
            guest.fetch(call("POST", "https://a.example/", "long request bodY"));
            return new Succeeded(JsonText.NULL);
        });

        assertThat(same.divergences()).containsExactly(new Divergence.AnswerCut(1, "POST https://a.example/", 10, 4));
        assertThat(same.equal()).isFalse();
        assertThatThrownBy(same::update).hasMessageContaining("the recording has the first 4");
        assertThat(otherBody.lines()).anyMatch(line -> line.contains("with another digest"));
    }

    @Test
    void runWhenTheConsoleDiffersShowsItAndIsStillEqual() {
        Recording recording = recordingOf(guest -> {
            guest.log("one");
            guest.log("two");
            return new Succeeded(JsonText.NULL);
        });

        ReplayReport report = replay(recording, guest -> {
            guest.log("one");
            guest.log("debug");
            guest.log("two");
            return new Succeeded(JsonText.NULL);
        });

        assertThat(report.consoleDifferences()).containsExactly("+ INFO debug");
        assertThat(report.equal()).isTrue();
    }

    @Test
    void runWhenTheCodeChangedSaysSo() {
        Recording recording = recordingOf(ReplayTest::script);

        ReplayReport report = new Replay(recording, aTask("edited"), TaskLimits.DEFAULTS, CLOCK)
                .run(executor(ReplayTest::script), ExecutionListener.SILENT);

        assertThat(report.notes()).hasSize(1);
        assertThat(report.notes().getFirst()).startsWith("the task has changed since the recording");
        assertThat(report.equal()).isTrue();
    }

    @Test
    void updateWhenTheReplayIsAcceptedReplaysEqualFromThenOn() {
        Recording recording = recordingOf(ReplayTest::script);
        Function<Guest, ExecutionOutcome> edited = guest -> new Succeeded(
                new JsonText(Json.quote(guest.get("https://a.example/3") + guest.get("https://a.example/1"))));

        Recording updated = replay(recording, edited).update();
        RecordingFiles.write(directory, updated);

        ReplayReport again = replay(RecordingFiles.read(directory), edited);
        assertThat(again.lines()).containsExactly("equal: same outcome, fetches: 2");
        assertThat(updated.exchanges().getFirst().answer())
                .isEqualTo(recording.exchanges().get(2).answer());
        assertThat(updated.clockStartTicks()).isEqualTo(recording.clockStartTicks());
    }

    @Test
    void updateWhenAFetchHadNoAnswerRefuses() {
        ReplayReport report = replay(recordingOf(ReplayTest::script), guest -> {
            guest.get("https://b.example/new");
            return new Succeeded(JsonText.NULL);
        });

        assertThatThrownBy(report::update)
                .hasMessageContaining("record the run again")
                .hasMessageContaining("https://b.example/new");
    }

    @Test
    void toJsonWhenThereAreDifferencesTellsThemApart() {
        ReplayReport report = replay(recordingOf(ReplayTest::script), guest -> {
            guest.get("https://b.example/new");
            return new Succeeded(JsonText.NULL);
        });

        var tree = Json.parse("report", report.toJson());

        assertThat(tree.get("equal").asBoolean()).isFalse();
        assertThat(tree.get("outcome").get("status").stringValue()).isEqualTo("succeeded");
        assertThat(tree.get("divergences").valueStream().map(d -> d.get("kind").stringValue()))
                .containsExactly("changed", "not_made", "not_made");
        assertThat(tree.get("divergences").get(0).get("differences").size()).isEqualTo(1);
        assertThat(tree.get("console").size()).isEqualTo(1);
    }

    private static ExecutionOutcome script(Guest guest) {
        guest.log("starting");
        String all =
                guest.get("https://a.example/1") + guest.get("https://a.example/2") + guest.get("https://a.example/3");
        return new Succeeded(new JsonText(Json.quote(all)));
    }

    private static Recording recordingOf(Function<Guest, ExecutionOutcome> script) {
        return Fixtures.record(TASK, "{\"n\":1}", Secrets.NONE, ECHO, script);
    }

    private static ReplayReport replay(Recording recording, Function<Guest, ExecutionOutcome> script) {
        return new Replay(recording, TASK, recording.limits(), CLOCK).run(executor(script), ExecutionListener.SILENT);
    }
}
