package dev.ratchet.storage;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ends each run as a script says that is found by the input's text; a run without a script succeeds with its input. */
final class ScriptedRunner implements TaskRunner {
    /** What happens in a run. */
    interface Script {
        /** Calls {@code ended.complete} some time, or leaves it to a cancel. */
        void run(ExecutionRequest request, CompletableFuture<ExecutionOutcome> ended);
    }

    /** Runs until it is cancelled. */
    static final Script ENDLESS = (_, _) -> {};

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<ExecutionRequest> started = new CopyOnWriteArrayList<>();

    void script(String input, Script script) {
        scripts.put(input, script);
    }

    List<ExecutionRequest> started() {
        return started;
    }

    @Override
    public Running start(ExecutionRequest request) {
        started.add(request);
        CompletableFuture<ExecutionOutcome> ended = new CompletableFuture<>();
        scripts.getOrDefault(
                        request.input().value(),
                        (given, end) -> end.complete(new ExecutionOutcome.Succeeded(given.input())))
                .run(request, ended);
        CompletableFuture<ExecutionResult> result = ended.thenApply(outcome ->
                new ExecutionResult(outcome, Duration.ofMillis(3), Duration.ofMillis(2), ExecutionTrace.NONE, 0, 1));
        return new Running() {
            @Override
            public CompletableFuture<ExecutionResult> result() {
                return result;
            }

            @Override
            public void cancel(String reason) {
                ended.complete(new ExecutionOutcome.Cancelled(reason));
            }
        };
    }

    @Override
    public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
        return CompletableFuture.completedFuture(List.of());
    }
}
