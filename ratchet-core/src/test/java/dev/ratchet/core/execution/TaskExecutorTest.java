package dev.ratchet.core.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskExecutorTest {
    private static final JsonText ONE = new JsonText("1");

    /** Answers every run with one outcome, when told to. */
    private static final class FakeRunner implements TaskRunner {
        private final CompletableFuture<ExecutionResult> result = new CompletableFuture<>();
        private final List<ExecutionRequest> started = new ArrayList<>();
        private final List<String> cancelled = new ArrayList<>();

        void end(ExecutionOutcome outcome) {
            result.complete(new ExecutionResult(
                    outcome, Duration.ofMillis(5), Duration.ofMillis(4), ExecutionTrace.NONE, 3, 1));
        }

        @Override
        public Running start(ExecutionRequest request) {
            started.add(request);
            return new Running() {
                @Override
                public CompletableFuture<ExecutionResult> result() {
                    return result;
                }

                @Override
                public void cancel(String reason) {
                    cancelled.add(reason);
                }
            };
        }

        @Override
        public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
            throw new UnsupportedOperationException("not part of this test");
        }
    }

    /** A schema is a JSON text that values must be equal to; {@code "faulty"} does not compile. */
    private static final class FakeSchemas implements SchemaCompiler {
        private int compilations;

        @Override
        public Compilation compile(String source, JsonText schema) {
            compilations++;
            if (schema.value().equals("\"faulty\"")) {
                return new Compilation.Rejected(List.of(Problem.of(source, "faulty")));
            }
            return new Compilation.Compiled(
                    (name, value) -> value.equals(schema) ? List.of() : List.of(Problem.of(name, "is not " + schema)));
        }
    }

    private final FakeRunner runner = new FakeRunner();
    private final FakeSchemas schemas = new FakeSchemas();
    private final TaskExecutor executor = new TaskExecutor(runner, schemas);

    private static TaskPackage task(@Nullable String inputSchema, @Nullable String outputSchema) {
        TaskCode code = TaskCode.ofSingleFile("main.js", "(input) => input");
        return new TaskPackage(
                new TaskMetadata("t", "t", "1.0.0", Optional.empty(), "", List.of(), "", "", JsonText.EMPTY_OBJECT),
                code,
                Optional.ofNullable(inputSchema).map(JsonText::new),
                Optional.ofNullable(outputSchema).map(JsonText::new),
                TaskLimits.DEFAULTS,
                NetPermissions.ANY_PUBLIC_HOST,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of(),
                JsonText.EMPTY_OBJECT,
                ContentHash.of(code, new JsonText("[" + inputSchema + "," + outputSchema + "]")));
    }

    private static ExecutionRequest request(TaskPackage task, JsonText input) {
        return new ExecutionRequest(
                new ExecutionContext(new UUID(0, 1), new UUID(0, 2), "t", "1.0.0", null, 1),
                task.contentHash(),
                task.code(),
                input,
                task.limits(),
                Secrets.NONE,
                new Determinism("seed", new Determinism.GuestClock.Virtual(0)),
                false,
                (_, _, _) -> {
                    throw new UnsupportedOperationException("no fetches in this test");
                },
                FetchJournal.NONE,
                ExecutionListener.SILENT);
    }

    @Test
    void startWhenInputAndOutputSatisfyTheSchemasSucceeds() {
        TaskPackage task = task("1", "2");

        TaskRunner.Running running = executor.start(task, request(task, ONE));
        assertThat(running.result()).isNotDone();
        runner.end(new Succeeded(new JsonText("2")));

        ExecutionResult result = running.result().join();
        assertThat(result.outcome()).isEqualTo(new Succeeded(new JsonText("2")));
        assertThat(result.droppedLogBytes()).isEqualTo(3);
    }

    @Test
    void startWhenInputViolatesTheSchemaDoesNotRun() {
        TaskPackage task = task("2", null);

        ExecutionResult result =
                executor.start(task, request(task, ONE)).result().join();

        assertThat(result.outcome()).isEqualTo(new InvalidInput(List.of(Problem.of("input", "is not 2"))));
        assertThat(result.attempts()).isZero();
        assertThat(runner.started).isEmpty();
    }

    @Test
    void startWhenOutputViolatesTheSchemaReplacesTheOutcomeOnly() {
        TaskPackage task = task(null, "2");

        TaskRunner.Running running = executor.start(task, request(task, ONE));
        runner.end(new Succeeded(ONE));

        ExecutionResult result = running.result().join();
        assertThat(result.outcome()).isEqualTo(new InvalidOutput(List.of(Problem.of("output", "is not 2"))));
        assertThat(result.wallTime()).isEqualTo(Duration.ofMillis(5));
        assertThat(result.attempts()).isEqualTo(1);
    }

    @Test
    void startWhenTaskFailedLeavesTheOutcomeAlone() {
        TaskPackage task = task(null, "2");
        TaskFailed failed = new TaskFailed("Error", "no", "", null);

        TaskRunner.Running running = executor.start(task, request(task, ONE));
        runner.end(failed);

        assertThat(running.result().join().outcome()).isEqualTo(failed);
    }

    @Test
    void startWhenSchemasAreFaultyReportsBothAndDoesNotRun() {
        TaskPackage task = task("\"faulty\"", "\"faulty\"");

        ExecutionResult result =
                executor.start(task, request(task, ONE)).result().join();

        assertThat(result.outcome())
                .isEqualTo(new InvalidPackage(List.of(
                        Problem.of("input.schema.json", "faulty"), Problem.of("output.schema.json", "faulty"))));
        assertThat(runner.started).isEmpty();
    }

    @Test
    void startWhenCalledAgainCompilesTheSchemasOnce() {
        TaskPackage task = task("1", "2");

        for (int i = 0; i < 3; i++) {
            assertThat(executor.start(task, request(task, ONE)).result()).isNotDone();
        }

        assertThat(schemas.compilations).isEqualTo(2);
        assertThat(runner.started).hasSize(3);
    }

    @Test
    void cancelWhenRunIsUnderWayReachesTheRunner() {
        TaskPackage task = task(null, "2");

        executor.start(task, request(task, ONE)).cancel("enough");

        assertThat(runner.cancelled).containsExactly("enough");
    }

    @Test
    void cancelWhenRunNeverStartedIsHarmless() {
        TaskPackage task = task("2", null);
        TaskRunner.Running running = executor.start(task, request(task, ONE));

        running.cancel("late");

        assertThat(running.result().join().outcome()).isInstanceOf(InvalidInput.class);
    }

    @Test
    void startWhenRequestIsForAnotherVersionIsRefused() {
        TaskPackage task = task("1", null);
        TaskPackage other = task("2", null);

        assertThatIllegalArgumentException().isThrownBy(() -> executor.start(task, request(other, ONE)));
    }
}
