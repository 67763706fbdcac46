package dev.ratchet.execution.testing;

import static dev.ratchet.execution.recording.Fixtures.aTask;
import static dev.ratchet.execution.recording.Fixtures.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.ScriptedRunner.Guest;
import dev.ratchet.execution.testing.TestResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestRunnerTest {
    @Test
    void runWhenTheOutputIsAsExpectedPasses() {
        TestReport report = run("{\"input\":{\"a\":1},\"expected_output\":{\"a\":1.0}}", TestRunnerTest::echo);

        assertThat(report.allPassed()).isTrue();
        assertThat(report.count(Status.PASSED)).isEqualTo(1);
        assertThat(report.results().getFirst().failure()).isEmpty();
    }

    @Test
    void runWhenTheOutputDiffersShowsWhereAndWhatTheTaskLogged() {
        TestReport report = run("{\"input\":{\"a\":1},\"expected_output\":{\"a\":2}}", guest -> {
            guest.log("computing");
            return echo(guest);
        });

        TestResult result = report.results().getFirst();
        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.failure()).containsExactly("output /a: expected 2, is 1");
        assertThat(result.console()).extracting(LogLine::message).containsExactly("computing");
        assertThat(report.allPassed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"expected_error\":\"RateLimitError\" | PASSED",
                "\"expected_error\":\"429\" | PASSED",
                "\"expected_error\":\"RateLimitError: HTTP\" | PASSED",
                "\"expected_error\":\"RateLimit\" | PASSED",
                "\"expected_error\":\"500\" | FAILED",
                "\"expected_error\":{\"type\":\"RateLimitError\",\"message\":\"429\"} | PASSED",
                "\"expected_error\":{\"type\":\"RateLimit\"} | FAILED",
                "\"expected_error\":{\"message\":\"RateLimitError\"} | FAILED",
                "\"should_fail\":true | PASSED",
                "\"should_fail\":false | FAILED",
                "\"expected\":null | FAILED",
            })
    void runWhenTheTaskFailsComparesTheError(String expectation, Status status) {
        TestReport report = run(
                "{" + expectation + "}",
                _ -> new TaskFailed("RateLimitError", "HTTP 429", "at main (main.js:3:5)", null));

        assertThat(report.results().getFirst().status()).isEqualTo(status);
    }

    @Test
    void runWhenTheTaskFailsUnexpectedlyShowsItsStack() {
        TestReport report =
                run("{\"expected\":1}", _ -> new TaskFailed("Error", "boom", "at main (main.js:3:5)", null));

        assertThat(report.results().getFirst().failure())
                .containsExactly("expected an output, but: Error: boom\n    at main (main.js:3:5)");
    }

    @Test
    void runWhenALimitIsExpectedPassesAtIt() {
        TestReport report =
                run("{\"expected_error\":\"LimitExceeded\"}", _ -> new LimitExceeded(LimitKind.WALL_TIME, 61, 60));

        assertThat(report.allPassed()).isTrue();
    }

    @Test
    void runWhenTheSurroundingsFailIsAnErrorEvenWhereAFailureIsExpected() {
        assertThat(run("{\"should_fail\":true}", _ -> new WorkerCrashed("killed"))
                        .results())
                .extracting(TestResult::status)
                .containsExactly(Status.ERROR);
        TestReport noWorker = run("{\"should_fail\":true}", _ -> {
            throw new RatchetException(ErrorCode.WORKER_UNAVAILABLE, "no worker could be started");
        });
        assertThat(noWorker.results().getFirst().status()).isEqualTo(Status.ERROR);
        assertThat(noWorker.results().getFirst().failure()).containsExactly("no worker could be started");
    }

    @Test
    void runWhenAFetchHasNoMockFailsEvenIfTheTaskCopes() {
        TestReport report = run("{\"expected\":null}", guest -> {
            guest.get("https://a.example/");
            return new Succeeded(JsonText.NULL);
        });

        assertThat(report.results().getFirst().failure())
                .containsExactly("fetch 1 has no mock: GET https://a.example/; the test has no mocks");
    }

    @Test
    void runWhenATestIsRunGivesTheTaskWhatTheTestSays() {
        ConcurrentLinkedQueue<ExecutionRequest> requests = new ConcurrentLinkedQueue<>();
        TaskPackage task = aTask(
                "x",
                Set.of("DECLARED", "GIVEN"),
                Map.of(
                        "tests/a.json",
                        new JsonText(
                                "{\"expected\":\"hi\",\"clock\":1000,\"seed\":\"s\",\"secrets\":{\"GIVEN\":\"value\"},"
                                        + "\"mocks\":[{\"url\":\"https://a.example/\",\"body\":\"hi\"}]}")));
        Function<Guest, ExecutionOutcome> script = guest -> {
            requests.add(guest.request());
            return new Succeeded(new JsonText("\"" + guest.get("https://a.example/") + "\""));
        };

        TestReport first = run(task, script);
        run(task, script);

        assertThat(first.allPassed()).isTrue();
        ExecutionRequest request = requests.remove();
        assertThat(request.determinism().seed()).isEqualTo("s");
        assertThat(request.determinism().clock()).isEqualTo(new GuestClock.Virtual(10_000));
        assertThat(request.secrets().reveal())
                .containsExactlyInAnyOrderEntriesOf(Map.of("GIVEN", "value", "DECLARED", "[secret:DECLARED]"));
        assertThat(requests.remove().context()).isEqualTo(request.context());
    }

    @Test
    void runWhenAFileCannotBeReadReportsItAndRunsTheOthers() {
        TaskPackage task = aTask(
                "x",
                Set.of(),
                Map.of(
                        "tests/a.json", new JsonText("{\"expcted\":1}"),
                        "tests/b.json", new JsonText("{\"expected\":{}}")));

        TestReport report = run(task, TestRunnerTest::echo);

        assertThat(report.results())
                .extracting(TestResult::name, TestResult::status)
                .containsExactly(tuple("tests/a.json", Status.ERROR), tuple("b", Status.PASSED));
        assertThat(report.results().getFirst().failure()).anyMatch(line -> line.contains("did you mean 'expected'?"));
    }

    @ParameterizedTest
    @CsvSource({"'',3", "ADD,2", "add*,1", "*big*,1", "b.json,1", "tests/a*,2", "nothing,0"})
    void runWhenFilteredRunsTheChosenOnesOnly(String filter, int chosen) {
        TaskPackage task = aTask(
                "x",
                Set.of(),
                Map.of(
                        "tests/a.json",
                        new JsonText("[{\"name\":\"adds\",\"expected\":{}},{\"name\":\"cannot add\",\"expected\":{}}]"),
                        "tests/b.json",
                        new JsonText("{\"name\":\"a big one\",\"expected\":{}}")));

        TestReport report = new TestRunner(executor(TestRunnerTest::echo), 2)
                .run(task, new TestFilter(filter), _ -> {}, new Cancellation());

        assertThat(report.results()).hasSize(chosen);
        assertThat(report.filteredOut()).isEqualTo(3 - chosen);
    }

    @Test
    @Timeout(20)
    void runWhenParallelKeepsToTheBoundAndToTheOrder() {
        StringBuilder cases = new StringBuilder("[");
        for (int i = 0; i < 12; i++) {
            cases.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"t")
                    .append(i)
                    .append("\",\"input\":")
                    .append(i)
                    .append(",\"expected\":")
                    .append(i)
                    .append('}');
        }
        CountDownLatch threeAtOnce = new CountDownLatch(3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<String> heard = new ArrayList<>();

        TestReport report = new TestRunner(
                        executor(guest -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            threeAtOnce.countDown();
                            await(threeAtOnce);
                            running.decrementAndGet();
                            return echo(guest);
                        }),
                        3)
                .run(
                        aTask("x", Set.of(), Map.of("tests/a.json", new JsonText(cases + "]"))),
                        TestFilter.ALL,
                        result -> heard.add(result.name()),
                        new Cancellation());

        assertThat(report.allPassed()).isTrue();
        assertThat(most.get()).isEqualTo(3);
        assertThat(heard).containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11");
    }

    @Test
    @Timeout(20)
    void runWhenCancelledStopsTheRunsUnderWayAndStartsNoFurtherOnes() {
        Cancellation cancellation = new Cancellation();
        CountDownLatch never = new CountDownLatch(1);

        TestReport report = new TestRunner(
                        executor(guest -> {
                            cancellation.cancel();
                            await(never);
                            return echo(guest);
                        }),
                        1)
                .run(
                        aTask(
                                "x",
                                Set.of(),
                                Map.of("tests/a.json", new JsonText("[{\"expected\":1},{\"expected\":2}]"))),
                        TestFilter.ALL,
                        _ -> {},
                        cancellation);

        never.countDown();
        assertThat(report.results()).extracting(TestResult::status).containsExactly(Status.ERROR, Status.ERROR);
        assertThat(report.results().get(1).failure()).containsExactly("not run: cancelled");
    }

    private static ExecutionOutcome echo(Guest guest) {
        return new Succeeded(guest.request().input());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestReport run(String test, Function<Guest, ExecutionOutcome> script) {
        return run(aTask("x", Set.of(), Map.of("tests/a.json", new JsonText(test))), script);
    }

    private static TestReport run(TaskPackage task, Function<Guest, ExecutionOutcome> script) {
        return new TestRunner(executor(script), 2).run(task, TestFilter.ALL, _ -> {}, new Cancellation());
    }
}
