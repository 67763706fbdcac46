package dev.ratchet.execution.recording;

import static dev.ratchet.execution.recording.Fixtures.CLOCK;
import static dev.ratchet.execution.recording.Fixtures.ECHO;
import static dev.ratchet.execution.recording.Fixtures.NOW;
import static dev.ratchet.execution.recording.Fixtures.OFFLINE;
import static dev.ratchet.execution.recording.Fixtures.aTask;
import static dev.ratchet.execution.recording.Fixtures.request;
import static dev.ratchet.execution.recording.Fixtures.response;
import static dev.ratchet.execution.recording.ScriptedRunner.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism.Settlement;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.execution.recording.Recording.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecorderTest {
    @Test
    void finishWhenATaskRanKeepsWhatItSaw() {
        Recording recording = Fixtures.record(aTask("x"), "{\"n\":1}", Secrets.NONE, ECHO, guest -> {
            guest.log("one");
            guest.progress(0.5, "half");
            String body = guest.get("https://api.example.com/a");
            guest.fetchWithoutWaiting(call("POST", "https://api.example.com/b", "{}"));
            return new Succeeded(new JsonText(Json.quote(body)));
        });

        assertThat(recording.createdAt()).isEqualTo(NOW);
        assertThat(recording.input()).isEqualTo(new JsonText("{\"n\":1}"));
        assertThat(recording.outcome())
                .isEqualTo(new Succeeded(new JsonText("\"answer to https://api.example.com/a\"")));
        assertThat(recording.seed()).isEqualTo("seed-1");
        assertThat(recording.clockStartTicks()).isEqualTo(17_672_256_000_000L);
        assertThat(recording.trace().settlements()).containsExactly(new Settlement(Settlement.Kind.FETCH, 1));
        assertThat(recording.console()).extracting(LogLine::message).containsExactly("one");
        assertThat(recording.progress()).containsExactly(new Recording.Progress(0.5, "half"));
        assertThat(recording.exchanges()).extracting(Exchange::id).containsExactly(1, 2);
        assertThat(recording.exchanges().get(0).answer()).isInstanceOf(HttpAnswer.Response.class);
        assertThat(recording.exchanges().get(1).answer()).isNull();
    }

    @Test
    void attachWhenOthersListenPassesEverythingOnToThem() {
        List<String> heard = new ArrayList<>();
        ExecutionRequest plain = request(aTask("x"), "{}", Secrets.NONE, ECHO);
        ExecutionRequest heardByOthers = new ExecutionRequest(
                plain.context(),
                plain.hash(),
                plain.code(),
                plain.input(),
                plain.limits(),
                plain.secrets(),
                plain.determinism(),
                false,
                plain.fetches(),
                new FetchJournal() {
                    @Override
                    public void intent(int fetchId, HttpCall call) {
                        heard.add("intent " + fetchId);
                    }

                    @Override
                    public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
                        heard.add("answered " + fetchId);
                    }
                },
                new ExecutionListener() {
                    @Override
                    public void onLog(LogLine line) {
                        heard.add(line.message());
                    }

                    @Override
                    public void onProgress(double fraction, String message) {
                        heard.add(message);
                    }

                    @Override
                    public void onAttempt(int attempt, String reason) {
                        heard.add("attempt " + attempt);
                    }
                });

        ExecutionRequest attached = new Recorder(CLOCK, BodyLimits.DEFAULT).attach(heardByOthers);
        new ScriptedRunner(guest -> {
                    guest.newAttempt();
                    guest.log("line");
                    guest.progress(1, "done");
                    guest.get("https://a.example/");
                    return new Succeeded(JsonText.NULL);
                })
                .start(attached)
                .result()
                .join();

        assertThat(attached.trace()).isTrue();
        assertThat(heard).containsExactly("attempt 2", "line", "done", "intent 1", "answered 1");
    }

    @Test
    void finishWhenAnAttemptWasLostKeepsTheLastOneOnly() {
        Recording recording = Fixtures.record(aTask("x"), "{}", Secrets.NONE, ECHO, guest -> {
            guest.log("lost");
            guest.get("https://a.example/lost");
            HttpCall pending = call("GET", "https://a.example/pending", null);
            guest.fetchWithoutWaiting(pending);
            guest.newAttempt();
            guest.log("kept");
            guest.get("https://a.example/kept");
            guest.request().journal().answered(2, pending, response("late", 1));
            return new Succeeded(JsonText.NULL);
        });

        assertThat(recording.context().attempt()).isEqualTo(2);
        assertThat(recording.console()).extracting(LogLine::message).containsExactly("kept");
        assertThat(recording.exchanges()).extracting(Exchange::title).containsExactly("GET https://a.example/kept");
    }

    @Test
    void finishWhenSecretsWereUsedHoldsThemNowhere() {
        Secrets secrets = new Secrets(Map.of("TOKEN", "s3cr3t-value", "PIN", "48151623"));
        FetchHandler echoing = (_, call, _) -> FetchReply.of(response(
                "you sent " + HttpHeader.first(call.headers(), "authorization").orElse(""), 1));

        Recording recording = Fixtures.record(
                aTask("x"), "{\"note\":\"use s3cr3t-value\",\"pin\":48151623}", secrets, echoing, guest -> {
                    guest.log("token s3cr3t-value");
                    guest.progress(0, "s3cr3t-value");
                    guest.fetch(call(
                            "POST",
                            "https://a.example/?t=s3cr3t-value",
                            "{\"t\":\"s3cr3t-value\"}",
                            new HttpHeader("Authorization", "Bearer s3cr3t-value")));
                    return new TaskFailed(
                            "Error",
                            "bad s3cr3t-value",
                            "at s3cr3t-value",
                            new JsonText("{\"s3cr3t-value\":[\"\\u00733cr3t-value\"]}"));
                });

        String stored = Json.write(RecordingJson.toTree(recording)) + Json.write(HarJson.toTree(recording));
        assertThat(stored).doesNotContain("s3cr3t-value").doesNotContain("48151623");
        assertThat(recording.input())
                .isEqualTo(new JsonText("{\"note\":\"use [secret:TOKEN]\",\"pin\":\"[secret:PIN]\"}"));
        assertThat(recording.secretNames()).containsExactly("PIN", "TOKEN");
        assertThat(recording.exchanges().getFirst().call().url()).isEqualTo("https://a.example/?t=[secret:TOKEN]");
    }

    @Test
    void finishWhenBodiesAreLongerThanAllowedCutsThemAndSaysSo() {
        FetchHandler big = (_, _, _) -> FetchReply.of(response("ä".repeat(10), 1));
        Recorder recorder = new Recorder(CLOCK, new BodyLimits(15, 20));
        ExecutionRequest attached = recorder.attach(request(aTask("x"), "{}", Secrets.NONE, big));

        var result = new ScriptedRunner(guest -> {
                    guest.fetch(call("POST", "https://a.example/", "0123456789"));
                    guest.get("https://a.example/");
                    return new Succeeded(JsonText.NULL);
                })
                .start(attached)
                .result()
                .join();
        List<Exchange> exchanges = recorder.finish(result).exchanges();

        assertThat(exchanges.get(0).callCut()).isNull();
        assertThat(exchanges.get(0).answerCut())
                .isEqualTo(new Recording.Cut(20, Bodies.sha256("ä".repeat(10).getBytes(StandardCharsets.UTF_8))));
        assertThat(body(exchanges.get(0))).isEqualTo("ääääääa".substring(0, 5));
        assertThat(body(exchanges.get(1))).isEmpty();
        assertThat(exchanges.get(1).answerCut()).isNotNull();
    }

    @Test
    void finishWhenAnswersHaveAVirtualDelayKeepsIt() {
        FetchHandler delayed = (_, _, _) -> new FetchReply(response("x", 0), Duration.ofMillis(250));

        Recording recording = Fixtures.record(aTask("x"), "{}", Secrets.NONE, delayed, guest -> {
            guest.get("https://a.example/");
            return new Succeeded(JsonText.NULL);
        });

        assertThat(recording.exchanges().getFirst().delay()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void finishWhenTimeIsRealKeepsHowLongAnswersTook() {
        AtomicLong nanos = new AtomicLong(1_000);
        Recorder recorder = new Recorder(CLOCK, BodyLimits.DEFAULT, nanos::get);
        ExecutionRequest attached = recorder.attach(request(aTask("x"), "{}", Secrets.NONE, (_, _, _) -> {
            nanos.addAndGet(30);
            return FetchReply.of(response("x", 1));
        }));

        var result = new ScriptedRunner(guest -> {
                    nanos.addAndGet(5);
                    guest.get("https://a.example/");
                    return new Succeeded(JsonText.NULL);
                })
                .start(attached)
                .result()
                .join();

        Exchange exchange = recorder.finish(result).exchanges().getFirst();
        assertThat(exchange.startedAfter()).isEqualTo(Duration.ofNanos(5));
        assertThat(exchange.delay()).isEqualTo(Duration.ofNanos(30));
    }

    @Test
    void attachWhenCalledTwiceRefuses() {
        Recorder recorder = new Recorder(CLOCK, BodyLimits.DEFAULT);
        ExecutionRequest request = request(aTask("x"), "{}", Secrets.NONE, OFFLINE);
        recorder.attach(request);

        assertThatThrownBy(() -> recorder.attach(request)).isInstanceOf(IllegalStateException.class);
    }

    private static String body(Exchange exchange) {
        return ScriptedRunner.text(Objects.requireNonNull(exchange.answer()));
    }
}
