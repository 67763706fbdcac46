package dev.ratchet.core.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.SchemaCompiler.CompiledSchema;
import dev.ratchet.core.task.TaskPackage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The use case "run this task on that input": checks the input, runs, checks the output. Every edge that runs a task
 * goes through here, so that a task behaves the same from all of them. Thread-safe.
 *
 * <pre>{@code
 * ExecutionResult result = executor.start(taskPackage, request).result().join();
 * }</pre>
 */
public final class TaskExecutor {
    private static final int MAX_CACHED_SCHEMAS = 256;
    private static final Executor CHECKS =
            check -> Thread.ofVirtual().name("ratchet-output-check").start(check);

    private final TaskRunner runner;
    private final SchemaCompiler schemas;
    private final Map<ContentHash, Contract> contracts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ContentHash, Contract> eldest) {
            return size() > MAX_CACHED_SCHEMAS;
        }
    };

    /** The compiled schemas of a package; with problems when one of them is faulty. */
    private record Contract(
            @Nullable CompiledSchema input, @Nullable CompiledSchema output, List<Problem> problems) {}

    public TaskExecutor(TaskRunner runner, SchemaCompiler schemas) {
        this.runner = Objects.requireNonNull(runner, "runner");
        this.schemas = Objects.requireNonNull(schemas, "schemas");
    }

    /**
     * What is wrong with an input, for those who check it before they store it.
     *
     * @return empty when a run may be started with it by {@link #startChecked}
     * @throws RatchetException INVALID_PACKAGE when a schema of the task is faulty
     */
    public List<Problem> inputProblems(TaskPackage task, JsonText input) {
        Contract contract = contract(task);
        if (!contract.problems().isEmpty()) {
            throw new RatchetException(
                    ErrorCode.INVALID_PACKAGE,
                    "the schemas of " + task.metadata().name() + " cannot be used",
                    contract.problems());
        }
        return contract.input() == null ? List.of() : contract.input().validate("input", input);
    }

    /**
     * Starts a run of {@code task}.
     *
     * @param request must carry the code and hash of {@code task}
     */
    public TaskRunner.Running start(TaskPackage task, ExecutionRequest request) {
        Contract contract = contract(task);
        if (contract.problems().isEmpty() && contract.input() != null) {
            List<Problem> problems = contract.input().validate("input", request.input());
            if (!problems.isEmpty()) {
                return ended(new InvalidInput(problems));
            }
        }
        return startChecked(task, request);
    }

    /** Starts a run whose input was found right by {@link #inputProblems}. */
    public TaskRunner.Running startChecked(TaskPackage task, ExecutionRequest request) {
        if (!task.contentHash().equals(request.hash())) {
            throw new IllegalArgumentException(
                    "the request is for another version of " + task.metadata().name());
        }
        Contract contract = contract(task);
        if (!contract.problems().isEmpty()) {
            return ended(new InvalidPackage(contract.problems()));
        }
        TaskRunner.Running running = runner.start(request);
        CompiledSchema outputSchema = contract.output();
        return outputSchema == null ? running : new Checked(running, outputSchema);
    }

    private Contract contract(TaskPackage task) {
        synchronized (contracts) {
            return contracts.computeIfAbsent(task.contentHash(), _ -> {
                List<Problem> problems = new ArrayList<>();
                CompiledSchema input = compile("input.schema.json", task.inputSchema(), problems);
                CompiledSchema output = compile("output.schema.json", task.outputSchema(), problems);
                return new Contract(input, output, List.copyOf(problems));
            });
        }
    }

    private @Nullable CompiledSchema compile(String source, Optional<JsonText> schema, List<Problem> problems) {
        if (schema.isEmpty()) {
            return null;
        }
        return switch (schemas.compile(source, schema.get())) {
            case SchemaCompiler.Compilation.Compiled(CompiledSchema compiled) -> compiled;
            case SchemaCompiler.Compilation.Rejected(List<Problem> found) -> {
                problems.addAll(found);
                yield null;
            }
        };
    }

    private static TaskRunner.Running ended(ExecutionOutcome outcome) {
        CompletableFuture<ExecutionResult> result = CompletableFuture.completedFuture(
                new ExecutionResult(outcome, Duration.ZERO, Duration.ZERO, ExecutionTrace.NONE, 0, 0));
        return new TaskRunner.Running() {
            @Override
            public CompletableFuture<ExecutionResult> result() {
                return result;
            }

            @Override
            public void cancel(String reason) {
                // It has ended.
            }
        };
    }

    /** A run whose output is checked before anybody sees it. */
    private static final class Checked implements TaskRunner.Running {
        private final TaskRunner.Running running;
        private final CompletableFuture<ExecutionResult> result;

        Checked(TaskRunner.Running running, CompiledSchema outputSchema) {
            this.running = running;
            // Not on the runner's thread, which has other runs to look after while a large output is checked.
            this.result = running.result().thenApplyAsync(ended -> check(ended, outputSchema), CHECKS);
        }

        private static ExecutionResult check(ExecutionResult ended, CompiledSchema outputSchema) {
            if (ended.outcome() instanceof Succeeded(JsonText output)) {
                List<Problem> problems = outputSchema.validate("output", output);
                if (!problems.isEmpty()) {
                    return ended.withOutcome(new InvalidOutput(problems));
                }
            }
            return ended;
        }

        @Override
        public CompletableFuture<ExecutionResult> result() {
            return result;
        }

        @Override
        public void cancel(String reason) {
            running.cancel(reason);
        }
    }
}
