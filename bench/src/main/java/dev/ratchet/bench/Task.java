package dev.ratchet.bench;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/** A task to run over and over. */
final class Task {
    private static final long MIB = 1024 * 1024;
    private static final TaskLimits LIMITS = new TaskLimits(
            Duration.ofSeconds(60), Duration.ofSeconds(60), Distribution.TASK_MEMORY, 10 * MIB, MIB, 100, 50 * MIB);

    /** Gives back a little JSON, like the smallest real task. */
    static final Task NO_OP = new Task("function main(input) { return { sum: input.a + input.b }; }");

    private final TaskCode code;
    private final ContentHash hash;
    private final FetchHandler fetches;

    Task(String source) {
        this(
                source,
                (_, _, _) -> FetchHandler.FetchReply.of(new HttpAnswer.Failure(
                        HttpAnswer.Reason.UNMATCHED, "benchmarks use no network", null, HttpTiming.none(0))));
    }

    Task(String source, FetchHandler fetches) {
        this.code = TaskCode.ofSingleFile("main.js", source);
        this.hash = ContentHash.of(code, JsonText.EMPTY_OBJECT);
        this.fetches = fetches;
    }

    /** A task from a file beside this class. */
    static Task ofResource(String name) {
        return new Task(resource(name));
    }

    /** The text of a file beside this class. */
    static String resource(String name) {
        try (InputStream in = Task.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar of the benchmarks");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    /** Runs it and returns its output. */
    String run(TaskRunner runner, String input) {
        ExecutionOutcome outcome = end(runner, input);
        if (outcome instanceof ExecutionOutcome.Succeeded(JsonText output)) {
            return output.value();
        }
        throw new IllegalStateException("a benchmark's task did not succeed: " + outcome);
    }

    /** Runs it and returns how it ended. */
    ExecutionOutcome end(TaskRunner runner, String input) {
        return start(runner, input).result().join().outcome();
    }

    /** Starts it. */
    TaskRunner.Running start(TaskRunner runner, String input) {
        return runner.start(new ExecutionRequest(
                new ExecutionContext(UUID.randomUUID(), new UUID(0, 1), "bench", "1.0.0", null, 1),
                hash,
                code,
                new JsonText(input),
                LIMITS,
                Secrets.NONE,
                new Determinism("bench", new Determinism.GuestClock.Live(0)),
                false,
                fetches,
                FetchJournal.NONE,
                ExecutionListener.SILENT));
    }
}
