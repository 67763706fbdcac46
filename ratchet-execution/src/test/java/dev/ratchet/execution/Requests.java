package dev.ratchet.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Builds the requests of the tests. */
final class Requests {
    private static final long MIB = 1024 * 1024;

    private TaskCode code = TaskCode.ofSingleFile("main.js", "x => x");
    private String input = "{}";
    private TaskLimits limits =
            new TaskLimits(Duration.ofSeconds(30), Duration.ofSeconds(30), 64 * MIB, 10 * MIB, MIB, 10, MIB);
    private UUID taskId = new UUID(0, 1);
    private Secrets secrets = Secrets.NONE;
    private FetchHandler fetches = (_, _, _) -> FetchHandler.FetchReply.of(
            new HttpAnswer.Failure(HttpAnswer.Reason.UNMATCHED, "no network here", null, HttpTiming.none(0)));
    private FetchJournal journal = FetchJournal.NONE;
    private ExecutionListener listener = ExecutionListener.SILENT;
    private boolean trace;

    static Requests request() {
        return new Requests();
    }

    static Requests request(String source) {
        Requests requests = new Requests();
        requests.code = TaskCode.ofSingleFile("main.js", source);
        return requests;
    }

    Requests input(String json) {
        input = json;
        return this;
    }

    Requests owner(long number) {
        taskId = new UUID(0, number);
        return this;
    }

    Requests secret(String name, String value) {
        secrets = new Secrets(Map.of(name, value));
        return this;
    }

    Requests fetches(FetchHandler handler) {
        fetches = handler;
        return this;
    }

    Requests journal(FetchJournal keeper) {
        journal = keeper;
        return this;
    }

    Requests listener(ExecutionListener ears) {
        listener = ears;
        return this;
    }

    Requests traced() {
        trace = true;
        return this;
    }

    Requests wallTime(Duration time) {
        limits = limits.withWallTime(time);
        return this;
    }

    Requests cpuTime(Duration time) {
        limits = new TaskLimits(
                limits.wallTime(),
                time,
                limits.memoryBytes(),
                limits.outputBytes(),
                limits.logBytes(),
                limits.fetches(),
                limits.fetchBytes());
        return this;
    }

    Requests memory(long mebibytes) {
        limits = new TaskLimits(
                limits.wallTime(),
                limits.cpuTime(),
                mebibytes * MIB,
                limits.outputBytes(),
                limits.logBytes(),
                limits.fetches(),
                limits.fetchBytes());
        return this;
    }

    Requests bytes(long output, long log, int fetchCount, long fetchBytes) {
        limits = new TaskLimits(
                limits.wallTime(), limits.cpuTime(), limits.memoryBytes(), output, log, fetchCount, fetchBytes);
        return this;
    }

    ExecutionRequest build() {
        return new ExecutionRequest(
                new ExecutionContext(UUID.randomUUID(), taskId, "task", "1.0.0", null, 1),
                ContentHash.of(code, JsonText.EMPTY_OBJECT),
                code,
                new JsonText(input),
                limits,
                secrets,
                new Determinism("seed", new Determinism.GuestClock.Live(0)),
                trace,
                fetches,
                journal,
                listener);
    }
}
