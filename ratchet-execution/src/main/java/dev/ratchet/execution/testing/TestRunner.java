package dev.ratchet.execution.testing;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.JsonDiff;
import dev.ratchet.execution.recording.Outcomes;
import dev.ratchet.execution.testing.TestCase.Expectation;
import dev.ratchet.execution.testing.TestResult.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Runs the tests of a task: each in a run of its own, on a virtual clock, with mocks for a network. The same package
 * gives the same report, durations apart. Thread-safe.
 *
 * <pre>{@code
 * TestReport report = new TestRunner(executor, 4).run(task, TestFilter.ALL, result -> {}, new Cancellation());
 * }</pre>
 */
public final class TestRunner {
    private final TaskExecutor executor;
    private final int parallelism;

    /**
     * @param executor runs the tasks
     * @param parallelism tests under way at the same time, at least 1
     */
    public TestRunner(TaskExecutor executor, int parallelism) {
        this.executor = Objects.requireNonNull(executor, "executor");
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1, was " + parallelism);
        }
        this.parallelism = parallelism;
    }

    /**
     * Runs the chosen tests and waits for them on the calling thread.
     *
     * @param onResult hears each result on the calling thread, in the order of the report
     * @param cancellation cancels the runs under way and the ones to come, which then count as errors
     */
    public TestReport run(
            TaskPackage task, TestFilter filter, Consumer<TestResult> onResult, Cancellation cancellation) {
        long start = System.nanoTime();
        List<Callable<TestResult>> work = new ArrayList<>();
        int filteredOut = 0;
        for (String file : task.testPaths()) {
            TestCases.Parsed parsed =
                    TestCases.parse(file, Objects.requireNonNull(task.tests().get(file)));
            if (!parsed.problems().isEmpty()) {
                TestResult unreadable = unreadable(file, parsed.problems());
                work.add(() -> unreadable);
            }
            for (TestCase test : parsed.cases()) {
                if (filter.chooses(test)) {
                    work.add(() -> run(task, test, cancellation));
                } else {
                    filteredOut++;
                }
            }
        }
        List<TestResult> results = runAll(work, onResult, cancellation);
        return new TestReport(
                task.metadata().name(),
                task.metadata().version(),
                results,
                filteredOut,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private List<TestResult> runAll(
            List<Callable<TestResult>> work, Consumer<TestResult> onResult, Cancellation cancellation) {
        List<TestResult> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                parallelism, Thread.ofVirtual().name("test-", 1).factory())) {
            List<Future<TestResult>> futures =
                    work.stream().map(threads::submit).toList();
            for (Future<TestResult> future : futures) {
                TestResult result = future.get();
                results.add(result);
                onResult.accept(result);
            }
        } catch (InterruptedException _) {
            cancellation.cancel();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            cancellation.cancel();
            throw new IllegalStateException("a test broke its runner", e.getCause());
        }
        return results;
    }

    private static TestResult unreadable(String file, List<Problem> problems) {
        List<String> lines = problems.stream().map(Problem::toString).toList();
        return new TestResult(file, file, Status.ERROR, Duration.ZERO, lines, List.of(), null);
    }

    private TestResult run(TaskPackage task, TestCase test, Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            return new TestResult(
                    test.file(),
                    test.name(),
                    Status.ERROR,
                    Duration.ZERO,
                    List.of("not run: cancelled"),
                    List.of(),
                    null);
        }
        Console console = new Console();
        MockFetches mocks = new MockFetches(test.mocks(), test.clockTicks() / GuestClock.TICKS_PER_MILLI);
        ExecutionResult result;
        TaskRunner.Running running = executor.start(task, request(task, test, mocks, console));
        try (Cancellation.Registration _ = cancellation.onCancel(() -> running.cancel("the tests were cancelled"))) {
            result = running.result().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RatchetException noWorker) {
                return new TestResult(
                        test.file(),
                        test.name(),
                        Status.ERROR,
                        Duration.ZERO,
                        List.of(String.valueOf(noWorker.getMessage())),
                        console.lines(),
                        null);
            }
            throw e;
        }
        return judge(test, result, mocks.unmatched(), console.lines());
    }

    private static ExecutionRequest request(
            TaskPackage task, TestCase test, MockFetches mocks, ExecutionListener console) {
        return new ExecutionRequest(
                new ExecutionContext(
                        stableId("execution " + test.file() + " " + test.index()),
                        task.metadata()
                                .uuid()
                                .orElseGet(
                                        () -> stableId("task " + task.metadata().name())),
                        task.metadata().name(),
                        task.metadata().version(),
                        null,
                        1),
                task.contentHash(),
                task.code(),
                test.input(),
                task.limits(),
                secrets(task, test),
                new Determinism(test.seed(), new GuestClock.Virtual(test.clockTicks())),
                false,
                mocks,
                FetchJournal.NONE,
                console);
    }

    /** The task can read its identifiers, so a test that is to repeat has the same ones every time. */
    private static UUID stableId(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Those of the test, and placeholders for the ones the package declares beyond them. */
    private static Secrets secrets(TaskPackage task, TestCase test) {
        Map<String, String> values =
                new TreeMap<>(Secrets.placeholders(task.secrets()).reveal());
        values.putAll(test.secrets().reveal());
        return new Secrets(values);
    }

    private static TestResult judge(
            TestCase test, ExecutionResult result, List<String> unmatched, List<LogLine> console) {
        List<String> failure = new ArrayList<>(unmatched);
        ExecutionOutcome outcome = result.outcome();
        Status status = Status.FAILED;
        try {
            failure.addAll(unmet(test.expectation(), outcome));
        } catch (RatchetException tooDeep) {
            failure.add("cannot be compared: " + tooDeep.getMessage());
            status = Status.ERROR;
        }
        if (outcome instanceof WorkerCrashed || outcome instanceof Cancelled || outcome instanceof InvalidPackage) {
            status = Status.ERROR;
        }
        if (failure.isEmpty()) {
            status = Status.PASSED;
        }
        return new TestResult(test.file(), test.name(), status, result.wallTime(), failure, console, outcome);
    }

    private static List<String> unmet(Expectation expectation, ExecutionOutcome outcome) {
        return switch (expectation) {
            case Expectation.Output(JsonText expected, JsonDiff.Mode match) ->
                outcome instanceof Succeeded(JsonText actual)
                        ? JsonDiff.between(expected, actual, match).lines().stream()
                                .map(line -> "output " + line)
                                .toList()
                        : List.of("expected an output, but: " + withStack(outcome));
            case Expectation.AnyOutput _ ->
                outcome instanceof Succeeded ? List.of() : List.of("expected to succeed, but: " + withStack(outcome));
            case Expectation.AnyFailure _ ->
                isTaskFailure(outcome) ? List.of() : List.of("expected to fail, but: " + Outcomes.describe(outcome));
            case Expectation.FailureText(String text) ->
                isTaskFailure(outcome)
                                && (Outcomes.name(outcome).equals(text)
                                        || Outcomes.describe(outcome).contains(text))
                        ? List.of()
                        : List.of("expected an error of type or with text '" + text + "', but: " + withStack(outcome));
            case Expectation.Failure(String type, String message) -> {
                boolean met = isTaskFailure(outcome)
                        && (type == null || Outcomes.name(outcome).equals(type))
                        && (message == null || Outcomes.message(outcome).contains(message));
                yield met
                        ? List.of()
                        : List.of("expected an error" + (type == null ? "" : " of type " + type)
                                + (message == null ? "" : " with text '" + message + "'") + ", but: "
                                + withStack(outcome));
            }
        };
    }

    /** Whether the task, rather than its surroundings, made the run end without an output. */
    private static boolean isTaskFailure(ExecutionOutcome outcome) {
        return switch (outcome) {
            case TaskFailed _, InvalidInput _, InvalidOutput _, LimitExceeded _ -> true;
            case Succeeded _, InvalidPackage _, WorkerCrashed _, Cancelled _ -> false;
        };
    }

    private static String withStack(ExecutionOutcome outcome) {
        String text = Outcomes.describe(outcome);
        String stack = outcome instanceof TaskFailed failed ? failed.stack() : "";
        return stack.isBlank() ? text : text + "\n" + stack.indent(4).stripTrailing();
    }

    private static final class Console implements ExecutionListener {
        private final List<LogLine> lines = new ArrayList<>();

        @Override
        public synchronized void onLog(LogLine line) {
            lines.add(line);
        }

        @Override
        public synchronized void onAttempt(int attempt, String reason) {
            lines.clear();
        }

        synchronized List<LogLine> lines() {
            return List.copyOf(lines);
        }
    }
}
