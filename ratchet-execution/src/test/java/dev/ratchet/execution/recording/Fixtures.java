package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.ScriptedRunner.Guest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Fixed tasks, requests and answers. */
public final class Fixtures {
    public static final Instant NOW = Instant.parse("2026-03-04T05:06:07.080Z");
    public static final InstantSource CLOCK = InstantSource.fixed(NOW);
    public static final ExecutionContext CONTEXT = new ExecutionContext(
            UUID.fromString("0195a000-0000-7000-8000-000000000001"),
            UUID.fromString("0195a000-0000-7000-8000-000000000002"),
            "greet",
            "1.2.3",
            null,
            1);

    private Fixtures() {}

    public static TaskPackage aTask(String source) {
        return aTask(source, Set.of(), Map.of());
    }

    public static TaskPackage aTask(String source, Set<String> secrets, Map<String, JsonText> tests) {
        TaskCode code = TaskCode.ofSingleFile("main.js", source);
        return new TaskPackage(
                new TaskMetadata(
                        "greet", "greet", "1.2.3", Optional.empty(), "", List.of(), "", "", JsonText.EMPTY_OBJECT),
                code,
                Optional.empty(),
                Optional.empty(),
                TaskLimits.DEFAULTS,
                NetPermissions.ANY_PUBLIC_HOST,
                secrets,
                Optional.empty(),
                Optional.empty(),
                false,
                tests,
                JsonText.EMPTY_OBJECT,
                ContentHash.of(code, JsonText.EMPTY_OBJECT));
    }

    public static TaskExecutor executor(Function<Guest, ExecutionOutcome> script) {
        SchemaCompiler schemas = (source, _) -> {
            throw new AssertionError("no schema was expected, got " + source);
        };
        return new TaskExecutor(new ScriptedRunner(script), schemas);
    }

    public static ExecutionRequest request(TaskPackage task, String input, Secrets secrets, FetchHandler fetches) {
        return new ExecutionRequest(
                CONTEXT,
                task.contentHash(),
                task.code(),
                new JsonText(input),
                task.limits(),
                secrets,
                new Determinism("seed-1", new GuestClock.Live(17_672_256_000_000L)),
                false,
                fetches,
                FetchJournal.NONE,
                ExecutionListener.SILENT);
    }

    /** Runs a scripted task for the first time and records it. */
    public static Recording record(
            TaskPackage task,
            String input,
            Secrets secrets,
            FetchHandler fetches,
            Function<Guest, ExecutionOutcome> script) {
        Recorder recorder = new Recorder(CLOCK, BodyLimits.DEFAULT);
        ExecutionRequest request = recorder.attach(request(task, input, secrets, fetches));
        return recorder.finish(executor(script).start(task, request).result().join());
    }

    /** A server that answers each URL with the text {@code answer to } and the URL. */
    public static final FetchHandler ECHO =
            (id, call, _) -> FetchReply.of(response("answer to " + call.url(), id * 10));

    public static HttpAnswer.Response response(String body, double awaited) {
        return new HttpAnswer.Response(
                200,
                "OK",
                "https://api.example.com/",
                false,
                List.of(new HttpHeader("content-type", "text/plain")),
                body.getBytes(StandardCharsets.UTF_8),
                new HttpTiming(NOW.toEpochMilli(), 1.5, 2, 1, 0.25, awaited, 3));
    }

    /** No network at all. */
    public static final FetchHandler OFFLINE = (_, call, _) -> {
        throw new AssertionError("no request was expected, got " + call);
    };
}
