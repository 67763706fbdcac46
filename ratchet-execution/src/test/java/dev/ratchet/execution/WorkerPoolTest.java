package dev.ratchet.execution;

import static dev.ratchet.execution.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.TaskRunner.Running;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.Ending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class WorkerPoolTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Longer than a slow machine needs to answer; {@link #IMPATIENT} is for tests of what comes after them. */
    private static final WorkerPoolSettings SETTINGS = WorkerPoolSettings.forCommand(1)
            .withGraces(new WorkerPoolSettings.Graces(Duration.ofSeconds(20), Duration.ofSeconds(20)));

    private static final WorkerPoolSettings IMPATIENT =
            SETTINGS.withGraces(new WorkerPoolSettings.Graces(Duration.ofMillis(50), Duration.ofSeconds(1)));

    @SuppressWarnings("NullAway.Init") // made by each test
    private WorkerPool pool;

    @AfterEach
    void close() {
        if (pool != null) {
            pool.close();
        }
    }

    private WorkerPool pool(WorkerPoolSettings settings, FakeWorkers workers) {
        pool = new WorkerPool(settings, WorkerProfile.QUICK, InstantSource.system(), _ -> workers);
        return pool;
    }

    private WorkerPool pool(FakeWorkers workers) {
        return pool(SETTINGS, workers);
    }

    private static ExecutionResult result(Running running) throws Exception {
        return running.result().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static ExecutionOutcome outcome(Running running) throws Exception {
        return result(running).outcome();
    }

    private static FakeWorkers echoing() {
        return FakeWorkers.executing((worker, execute) -> worker.returned(execute.runId(), execute.input()));
    }

    @Test
    void startWhenTaskReturnsSucceeds() throws Exception {
        pool(echoing());

        ExecutionResult result = result(pool.start(request().input("{\"a\":1}").build()));

        assertThat(result.outcome()).isEqualTo(new Succeeded(new JsonText("{\"a\":1}")));
        assertThat(result.attempts()).isEqualTo(1);
        assertThat(result.wallTime()).isPositive();
    }

    @Test
    void startWhenCodeIsTheSameSendsItOnce() throws Exception {
        FakeWorkers workers = echoing();
        pool(SETTINGS.withCode(1, Duration.ofSeconds(1)), workers);

        outcome(pool.start(request("a => a").build()));
        outcome(pool.start(request("a => a").build()));
        outcome(pool.start(request("b => b").build()));

        assertThat(workers.launched).hasSize(1);
        assertThat(workers.launched.getFirst().received)
                .extracting(message -> message.getClass().getSimpleName())
                .containsExactly("LoadCode", "Execute", "Execute", "UnloadCode", "LoadCode", "Execute");
    }

    @Test
    void startWhenOutputHoldsASecretMasksItAndStaysJson() throws Exception {
        pool(echoing());

        ExecutionOutcome outcome = outcome(pool.start(request()
                .secret("PIN", "123456")
                .input("{\"a\":1234567,\"b\":\"x123456\",\"123456\":null,\"c\":\"\\u0031\\u00323456\"}")
                .build()));

        assertThat(outcome)
                .isEqualTo(
                        new Succeeded(
                                new JsonText(
                                        "{\"a\":\"[secret:PIN]7\",\"b\":\"x[secret:PIN]\",\"[secret:PIN]\":null,\"c\":\"[secret:PIN]\"}")));
    }

    @Test
    void startWhenOutputIsLargerThanAllowedExceedsTheLimit() throws Exception {
        pool(FakeWorkers.executing(
                (worker, execute) -> worker.returned(execute.runId(), "\"" + "ä".repeat(50) + "\"")));

        ExecutionOutcome outcome =
                outcome(pool.start(request().bytes(100, 1000, 1, 1000).build()));

        assertThat(outcome).isEqualTo(new LimitExceeded(LimitKind.OUTPUT_BYTES, 102, 100));
    }

    @Test
    void startWhenOutputIsTooDeepIsInvalidOutput() throws Exception {
        String deep = "[".repeat(600) + "]".repeat(600);
        pool(FakeWorkers.executing((worker, execute) -> worker.returned(execute.runId(), deep)));

        assertThat(outcome(pool.start(request().build()))).isInstanceOf(InvalidOutput.class);
    }

    @Test
    void startWhenTaskThrowsFailsMasked() throws Exception {
        pool(FakeWorkers.executing((worker, execute) -> worker.ended(
                execute.runId(),
                new Ending.Threw("TypeError", "no s3cret here", "at main (main.js:1:1)", "{\"k\":\"s3cret\"}"))));

        ExecutionOutcome outcome =
                outcome(pool.start(request().secret("KEY", "s3cret").build()));

        assertThat(outcome)
                .isEqualTo(new TaskFailed(
                        "TypeError",
                        "no [secret:KEY] here",
                        "at main (main.js:1:1)",
                        new JsonText("{\"k\":\"[secret:KEY]\"}")));
    }

    @Test
    void startWhenTaskLogsPassesLinesOnUpToTheLimit() throws Exception {
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        List<String> progress = new CopyOnWriteArrayList<>();
        pool(FakeWorkers.executing((worker, execute) -> {
            worker.send(new Message.Progress(execute.runId(), 0.25, "first"));
            for (int i = 0; i < 5; i++) {
                worker.send(new Message.Log(execute.runId(), 2, i, "s3cret " + "x".repeat(500)));
            }
            worker.send(new Message.Progress(execute.runId(), 0.5, "lost"));
            worker.send(new Message.Progress(execute.runId(), 1, "last"));
            worker.returned(execute.runId(), "1");
        }));

        ExecutionResult result = result(pool.start(request()
                .secret("KEY", "s3cret")
                .bytes(100, 1000, 1, 1000)
                .listener(new ExecutionListener() {
                    @Override
                    public void onLog(LogLine line) {
                        lines.add(line);
                        throw new IllegalStateException("a listener's failure is its own");
                    }

                    @Override
                    public void onProgress(double fraction, String message) {
                        progress.add(fraction + " " + message);
                    }
                })
                .build()));

        assertThat(result.outcome()).isInstanceOf(Succeeded.class);
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).isEqualTo(new LogLine(LogLine.Level.INFO, 0, "[secret:KEY] " + "x".repeat(500)));
        assertThat(result.droppedLogBytes()).isEqualTo(2 * 508);
        assertThat(progress).startsWith("0.25 first").endsWith("1.0 last");
    }

    @Test
    void fetchWhenAnsweredIsJournaledBeforeTheTaskSeesIt() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        byte[] body = new byte[150_000];
        body[149_999] = 7;
        pool(FakeWorkers.executing((worker, execute) -> {
            long id = execute.runId();
            worker.send(new Message.FetchOpen(
                    id, 1, "POST", "https://example.com/", List.of(new Message.Field("A", "b")), "follow", 70_000));
            worker.send(new Message.FetchChunk(id, 1, new byte[60_000]));
            worker.send(new Message.FetchChunk(id, 1, new byte[10_000]));
            Message.FetchHead head = worker.await(Message.FetchHead.class);
            order.add("head " + head.status() + " " + head.bodyBytes());
            int bytes = 0;
            while (bytes < head.bodyBytes()) {
                bytes += worker.await(Message.FetchChunk.class).bytes().length;
            }
            worker.returned(id, "1");
        }));

        ExecutionOutcome outcome = outcome(pool.start(request()
                .fetches((fetchId, call, _) -> {
                    order.add("fetch " + fetchId + " " + call.method() + " "
                            + Objects.requireNonNull(call.body()).length);
                    return FetchReply.of(
                            new HttpAnswer.Response(200, "OK", call.url(), false, List.of(), body, HttpTiming.none(0)));
                })
                .journal(journal(order))
                .build()));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertThat(order).containsExactly("intent 1", "fetch 1 POST 70000", "answered 1", "head 200 150000");
    }

    @Test
    void fetchWhenJournalFailsDoesNotLeave() throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        pool(FakeWorkers.executing((worker, execute) -> {
            worker.send(get(execute.runId(), 1));
            Message.FetchFailed failed = worker.await(Message.FetchFailed.class);
            worker.returned(execute.runId(), "\"" + failed.message() + "\"");
        }));

        ExecutionOutcome outcome = outcome(pool.start(request()
                .fetches((_, _, _) -> {
                    handled.add("handled");
                    return ok(new byte[0]);
                })
                .journal(new FetchJournal() {
                    @Override
                    public void intent(int fetchId, HttpCall call) {
                        throw new IllegalStateException("disk full");
                    }

                    @Override
                    public void answered(int fetchId, HttpCall call, HttpAnswer answer) {}
                })
                .build()));

        assertThat(outcome).isInstanceOfSatisfying(Succeeded.class, succeeded -> assertThat(
                        succeeded.output().value())
                .contains("journal"));
        assertThat(handled).isEmpty();
    }

    @Test
    void fetchWhenThereAreTooManyFailsAndEndsTheRun() throws Exception {
        List<String> reasons = new CopyOnWriteArrayList<>();
        pool(FakeWorkers.executing((worker, execute) -> {
            worker.send(get(execute.runId(), 1));
            worker.await(Message.FetchHead.class);
            worker.send(get(execute.runId(), 2));
            reasons.add(worker.await(Message.FetchFailed.class).reason());
            worker.await(Message.Abort.class);
            worker.returned(execute.runId(), "\"too late\"");
        }));

        ExecutionOutcome outcome = outcome(pool.start(request()
                .bytes(100, 100, 1, 1000)
                .fetches((_, _, _) -> ok(new byte[0]))
                .build()));

        assertThat(outcome).isEqualTo(new LimitExceeded(LimitKind.FETCHES, 2, 1));
        assertThat(reasons).containsExactly("NOT_PERMITTED");
    }

    @Test
    void fetchWhenBodiesAreTooLargeFailsAndEndsTheRun() throws Exception {
        pool(FakeWorkers.executing((worker, execute) -> {
            worker.send(get(execute.runId(), 1));
            worker.await(Message.FetchFailed.class);
            worker.await(Message.Abort.class);
            worker.ended(execute.runId(), new Ending.Threw("AbortError", "", "", null));
        }));

        ExecutionOutcome outcome = outcome(pool.start(request()
                .bytes(100, 100, 1, 1000)
                .fetches((_, _, _) -> ok(new byte[1001]))
                .build()));

        assertThat(outcome).isEqualTo(new LimitExceeded(LimitKind.FETCH_BYTES, 1001, 1000));
    }

    @Test
    void fetchWhenTheTaskAbortsItIsCancelled() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch handling = new CountDownLatch(1);
        pool(FakeWorkers.executing((worker, execute) -> {
            worker.send(get(execute.runId(), 1));
            handling.await();
            worker.send(new Message.FetchAborted(execute.runId(), 1));
            cancelled.await();
            worker.returned(execute.runId(), "1");
        }));

        ExecutionOutcome outcome = outcome(pool.start(request()
                .fetches((_, _, cancellation) -> waiting(cancellation, handling, cancelled))
                .build()));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertThat(cancelled.getCount()).isZero();
    }

    @Test
    void resultWhenARequestIsUnderWayComesAfterItsJournalEntry() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch handling = new CountDownLatch(1);
        pool(FakeWorkers.executing((worker, execute) -> {
            worker.send(get(execute.runId(), 1));
            handling.await();
            worker.returned(execute.runId(), "1");
        }));

        Running running = pool.start(request()
                .fetches((_, _, cancellation) -> waiting(cancellation, handling, new CountDownLatch(1)))
                .journal(journal(order))
                .build());
        running.result().thenRun(() -> order.add("result")).get(SOON.toSeconds(), TimeUnit.SECONDS);

        assertThat(order).containsExactly("intent 1", "answered 1", "result");
    }

    @Test
    void limitWhenTheListenerOfAnotherRunIsStuckIsKeptAllTheSame() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        pool(
                IMPATIENT
                        .withSizing(new WorkerPoolSettings.Sizing(0, 2, 0, 1, 10))
                        .withHealth(new WorkerPoolSettings.Health(
                                SOON, Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofMillis(5))),
                FakeWorkers.executing((worker, execute) -> {
                    if (execute.input().equals("1")) {
                        worker.send(new Message.Progress(execute.runId(), 0.25, "held back"));
                        worker.send(new Message.Progress(execute.runId(), 0.5, "held back"));
                        worker.send(new Message.Log(execute.runId(), 2, 0, "line"));
                        worker.returned(execute.runId(), "1");
                    }
                }));

        Running slow = pool.start(request()
                .input("1")
                .listener(new ExecutionListener() {
                    @Override
                    public void onLog(LogLine line) {
                        stuck.countDown();
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                })
                .build());
        stuck.await();
        // Longer than a worker may be silent: the one that waits for its listener must not be taken for dead.
        ExecutionOutcome other = outcome(
                pool.start(request().wallTime(Duration.ofSeconds(3)).input("2").build()));
        release.countDown();

        assertThat(other).isInstanceOf(LimitExceeded.class);
        assertThat(outcome(slow)).isEqualTo(new Succeeded(new JsonText("1")));
    }

    @Test
    void limitWhenTaskHeedsTheSignalKeepsTheWorker() throws Exception {
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("1")) {
                Message.Abort abort = worker.await(Message.Abort.class);
                worker.ended(execute.runId(), new Ending.Threw(abort.reason(), abort.message(), "", null));
            } else {
                worker.returned(execute.runId(), "2");
            }
        });
        pool(workers);

        ExecutionOutcome first = outcome(
                pool.start(request().wallTime(Duration.ofMillis(30)).input("1").build()));
        ExecutionOutcome second = outcome(pool.start(request().input("2").build()));

        assertThat(first).isInstanceOfSatisfying(LimitExceeded.class, exceeded -> {
            assertThat(exceeded.limit()).isEqualTo(LimitKind.WALL_TIME);
            assertThat(exceeded.used()).isGreaterThanOrEqualTo(30);
            assertThat(exceeded.allowed()).isEqualTo(30);
        });
        assertThat(second).isInstanceOf(Succeeded.class);
        assertThat(workers.launched).hasSize(1);
    }

    @Test
    void limitWhenTaskHeedsNothingKillsTheWorkerAndGoesOn() throws Exception {
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("2")) {
                worker.returned(execute.runId(), "2");
            }
        });
        pool(IMPATIENT, workers);

        ExecutionOutcome first = outcome(
                pool.start(request().wallTime(Duration.ofMillis(30)).input("1").build()));
        ExecutionOutcome second = outcome(pool.start(request().input("2").build()));

        assertThat(first).isInstanceOf(LimitExceeded.class);
        assertThat(second).isInstanceOf(Succeeded.class);
        assertThat(workers.launched).hasSize(2);
        assertThat(workers.launched.getFirst().isDead()).isTrue();
        assertThat(workers.launched.getFirst().received)
                .extracting(message -> message.getClass().getSimpleName())
                .containsSubsequence("Execute", "Abort", "Terminate");
    }

    @Test
    void cancelWhenRunningIsCancelledWhateverTheTaskReturns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        pool(FakeWorkers.executing((worker, execute) -> {
            running.countDown();
            worker.await(Message.Abort.class);
            worker.returned(execute.runId(), "1");
        }));

        Running run = pool.start(request().build());
        running.await();
        run.cancel("enough");

        assertThat(outcome(run)).isEqualTo(new Cancelled("enough"));
    }

    @Test
    void cancelWhenQueuedNeverRuns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            release.await();
            worker.returned(execute.runId(), "1");
        });
        pool(workers);

        Running first = pool.start(request().build());
        Running second = pool.start(request().build());
        second.cancel("changed my mind");
        ExecutionResult cancelled = result(second);
        release.countDown();

        assertThat(cancelled.outcome()).isEqualTo(new Cancelled("changed my mind"));
        assertThat(cancelled.attempts()).isZero();
        assertThat(outcome(first)).isInstanceOf(Succeeded.class);
    }

    /** Ways to break the rules, each of which costs the worker its life and the run its result. */
    enum Breach {
        GARBAGE,
        ABSURD_LENGTH,
        UNKNOWN_RUN,
        PARENTS_MESSAGE,
        SECOND_READY,
        UNASKED_PONG,
        NO_JSON,
        TWO_VALUES,
        STOPPED_UNASKED,
        LOG_LEVEL,
        LOG_FLOOD,
        PROGRESS,
        FETCH_TWICE,
        FETCH_CHUNK_TOO_MANY,
        FETCH_REDIRECT,
        FETCH_ABORT_UNKNOWN,
        INSPECTED,
        CLOSE
    }

    private static void commit(Breach breach, FakeWorkers.Fake worker, long id) throws IOException {
        switch (breach) {
            case GARBAGE -> worker.socket().write(ByteBuffer.wrap(new byte[] {0, 0, 0, 3, 99, 1, 2}));
            case ABSURD_LENGTH ->
                worker.socket()
                        .write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
            case UNKNOWN_RUN -> worker.returned(id + 1, "1");
            case PARENTS_MESSAGE -> worker.send(new Message.Terminate(id));
            case SECOND_READY -> worker.send(new Message.Ready("", false, 0));
            case UNASKED_PONG -> worker.send(new Message.Pong(99));
            case NO_JSON -> worker.returned(id, "{\"a\":");
            case TWO_VALUES -> worker.returned(id, "1 2");
            case STOPPED_UNASKED -> worker.ended(id, new Ending.Stopped());
            case LOG_LEVEL -> worker.send(new Message.Log(id, 9, 0, ""));
            case LOG_FLOOD -> {
                for (int i = 0; i < 60; i++) {
                    worker.send(new Message.Log(id, 1, 0, "x".repeat(60_000)));
                }
            }
            case PROGRESS -> worker.send(new Message.Progress(id, Double.NaN, ""));
            case FETCH_TWICE -> {
                worker.send(get(id, 1));
                worker.send(get(id, 1));
            }
            case FETCH_CHUNK_TOO_MANY -> {
                worker.send(new Message.FetchOpen(id, 1, "POST", "https://a/", List.of(), "follow", 3));
                worker.send(new Message.FetchChunk(id, 1, new byte[4]));
            }
            case FETCH_REDIRECT ->
                worker.send(new Message.FetchOpen(id, 1, "GET", "https://a/", List.of(), "FOLLOW", -1));
            case FETCH_ABORT_UNKNOWN -> worker.send(new Message.FetchAborted(id, 1));
            case INSPECTED -> worker.send(new Message.Inspected(id, List.of()));
            case CLOSE -> worker.socket().close();
        }
    }

    @ParameterizedTest
    @EnumSource(Breach.class)
    void startWhenWorkerBreaksTheRulesCrashesAndGoesOn(Breach breach) throws Exception {
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("1")) {
                commit(breach, worker, execute.runId());
            } else {
                worker.returned(execute.runId(), "2");
            }
        });
        pool(workers);

        ExecutionOutcome first = outcome(pool.start(request().input("1").build()));
        ExecutionOutcome second = outcome(pool.start(request().input("2").build()));

        assertThat(first).isInstanceOf(WorkerCrashed.class);
        assertThat(second).isInstanceOf(Succeeded.class);
        assertThat(workers.launched).hasSize(2);
        assertThat(workers.launched.getFirst().isDead()).isTrue();
    }

    @Test
    void startWhenWorkerDiesTellsHow() throws Exception {
        pool(FakeWorkers.executing((worker, _) -> worker.die(134, "# Internal Error (SIGSEGV)")));

        assertThat(outcome(pool.start(request().build())))
                .isInstanceOfSatisfying(WorkerCrashed.class, crashed -> assertThat(crashed.detail())
                        .contains("SIGABRT")
                        .contains("# Internal Error (SIGSEGV)"));
    }

    @Test
    void startWhenWorkerRunsOutOfHeapExceedsMemoryAndReplacesIt() throws Exception {
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("1")) {
                worker.ended(execute.runId(), new Ending.HeapExhausted(70_000_000));
            } else if (execute.input().equals("2")) {
                worker.die(71, "");
            } else {
                worker.returned(execute.runId(), "3");
            }
        });
        pool(workers);

        ExecutionOutcome said = outcome(pool.start(request().input("1").build()));
        ExecutionOutcome died = outcome(pool.start(request().input("2").build()));
        ExecutionOutcome next = outcome(pool.start(request().input("3").build()));

        assertThat(said).isEqualTo(new LimitExceeded(LimitKind.MEMORY, 70_000_000 - 1000, 64 * 1024 * 1024));
        assertThat(died).isEqualTo(new LimitExceeded(LimitKind.MEMORY, 64 * 1024 * 1024, 64 * 1024 * 1024));
        assertThat(next).isInstanceOf(Succeeded.class);
        assertThat(workers.launched).hasSize(3);
    }

    @Test
    void startWhenWorkerStopsAnsweringIsFoundOut() throws Exception {
        FakeWorkers workers = new FakeWorkers(worker -> new CountDownLatch(1).await());
        pool(
                SETTINGS.withHealth(new WorkerPoolSettings.Health(
                        Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(5))),
                workers);

        assertThat(outcome(pool.start(request().build())))
                .isInstanceOfSatisfying(WorkerCrashed.class, crashed -> assertThat(crashed.detail())
                        .contains("did not answer for 100 ms"));
    }

    @Test
    void startWhenNoWorkerStartsFailsWithTheReason() {
        FakeWorkers workers = echoing();
        workers.failToLaunch(new IOException("error=2, No such file or directory"));
        pool(workers);

        CompletableFuture<ExecutionResult> result =
                pool.start(request().build()).result();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(result::join)
                .havingCause()
                .isInstanceOfSatisfying(RatchetException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.WORKER_UNAVAILABLE);
                    assertThat(failure).hasMessageContaining("No such file").hasMessageContaining("3 attempts");
                });
    }

    @Test
    void startWhenWorkersStartAgainRecovers() throws Exception {
        FakeWorkers workers = echoing();
        workers.failToLaunch(new IOException("busy"));
        pool(workers);
        assertThat(pool.start(request().build()).result()).failsWithin(SOON);

        workers.failToLaunch(null);
        boolean recovered = false;
        while (!recovered) {
            // Refused as long as the pool still holds off.
            recovered = pool.start(request().build())
                    .result()
                    .handle((_, failure) -> failure == null)
                    .get(SOON.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(outcome(pool.start(request().build()))).isInstanceOf(Succeeded.class);
    }

    @Test
    void startWhenQueueIsFullRefuses() {
        pool(SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 1, 0, 1, 1)), FakeWorkers.executing((_, _) -> {}));

        pool.start(request().build());
        assertThat(pool.awaitReady(1, SOON)).isTrue();
        pool.start(request().build());
        CompletableFuture<ExecutionResult> third = pool.start(request().build()).result();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(third::join)
                .withMessageContaining("queue");
    }

    @Test
    void closeWhenRunsAreUnderWayCancelsThem() throws Exception {
        pool(FakeWorkers.executing((_, _) -> {}));
        Running running = pool.start(request().build());
        Running waiting = pool.start(request().build());
        assertThat(pool.awaitReady(1, SOON)).isTrue();

        pool.close();

        assertThat(outcome(running)).isInstanceOf(Cancelled.class);
        assertThat(outcome(waiting)).isInstanceOf(Cancelled.class);
        assertThat(pool.workers()).isEmpty();
        assertThat(pool.start(request().build()).result()).isCompletedExceptionally();
    }

    @Test
    void recyclingWhenRunsAreUsedUpReplacesTheWorker() throws Exception {
        FakeWorkers workers = echoing();
        pool(
                SETTINGS.withRecycling(new WorkerPoolSettings.Recycling(2, Duration.ofHours(1), Duration.ofMinutes(1))),
                workers);

        for (int i = 0; i < 5; i++) {
            assertThat(outcome(pool.start(request().build()))).isInstanceOf(Succeeded.class);
        }

        assertThat(workers.launched).hasSize(3);
    }

    @Test
    void sparesWhenAWorkerIsBusyAreReadyForTheNext() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            release.await();
            worker.returned(execute.runId(), "1");
        });
        pool(
                SETTINGS.withSizing(new WorkerPoolSettings.Sizing(1, 2, 1, 1, 10))
                        .withMemory(WorkerPoolSettings.Memory.DEFAULTS.withDefaultLimit(64 << 20)),
                workers);
        assertThat(pool.awaitReady(1, SOON)).isTrue();

        Running run = pool.start(request().build());
        boolean spare = pool.await(
                all -> all.stream()
                                        .filter(w -> w.state() == WorkerInfo.State.READY)
                                        .count()
                                == 1
                        && all.stream().anyMatch(w -> w.state() == WorkerInfo.State.BUSY),
                SOON);
        release.countDown();

        assertThat(spare).isTrue();
        assertThat(outcome(run)).isInstanceOf(Succeeded.class);
    }

    @Test
    void startWhenMemoryLimitsDifferUsesWorkersOfTheirOwn() throws Exception {
        FakeWorkers workers = echoing();
        pool(workers);

        outcome(pool.start(request().memory(64).build()));
        outcome(pool.start(request().memory(32).build()));
        outcome(pool.start(request().memory(64).build()));

        assertThat(workers.launched)
                .extracting(worker -> worker.shape.memoryBytes() >> 20)
                .containsExactly(64L, 32L, 64L);
    }

    @Test
    void prepareWhenAnotherMemoryLimitIsAskedForMakesRoomAtOnce() throws Exception {
        FakeWorkers workers = echoing();
        workers.behave(worker -> new CountDownLatch(1).await());
        pool(workers);
        pool.prepare(128 << 20);
        workers.behave(FakeWorkers.serving((worker, execute) -> worker.returned(execute.runId(), "1")));

        assertThat(outcome(pool.start(request().memory(64).build()))).isInstanceOf(Succeeded.class);

        assertThat(pool.await(all -> all.size() == 1, SOON)).isTrue();
    }

    @Test
    void prepareWhenTheWorkerIsUsedNeedsNoOther() throws Exception {
        FakeWorkers workers = echoing();
        pool(workers);

        pool.prepare(64 << 20);
        outcome(pool.start(request().memory(64).build()));

        assertThat(workers.launched).hasSize(1);
    }

    @Test
    void slotsWhenANeighbourCrashesTheInnocentRunsAgainAlone() throws Exception {
        List<String> attempts = new CopyOnWriteArrayList<>();
        CountDownLatch both = new CountDownLatch(2);
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.context().attempt() == 1) {
                both.countDown();
                if (both.getCount() == 0) {
                    worker.die(139, "crash");
                }
            } else if (execute.input().equals("\"guilty\"")) {
                worker.die(139, "crash");
            } else {
                worker.returned(execute.runId(), execute.input());
            }
        });
        pool(SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 1, 0, 2, 10)), workers);

        Running innocent = pool.start(request()
                .input("\"innocent\"")
                .listener(new ExecutionListener() {
                    @Override
                    public void onAttempt(int attempt, String reason) {
                        attempts.add(attempt + " " + reason);
                    }
                })
                .build());
        Running guilty = pool.start(request().input("\"guilty\"").build());

        ExecutionResult saved = result(innocent);
        assertThat(saved.outcome()).isInstanceOf(Succeeded.class);
        assertThat(saved.attempts()).isEqualTo(2);
        assertThat(attempts).singleElement().asString().startsWith("2 ");
        assertThat(outcome(guilty)).isInstanceOf(WorkerCrashed.class);
    }

    @Test
    void startWhenAnEarlierRunBrokeTheWorkerRunsAgainInAnother() throws Exception {
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            long orders = worker.received.stream()
                    .filter(Message.Execute.class::isInstance)
                    .count();
            if (orders > 1) {
                worker.die(70, "a class cannot be used");
            } else {
                worker.returned(execute.runId(), execute.input());
            }
        });
        pool(SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 1, 0, 1, 10)), workers);
        result(pool.start(request().input("\"earlier\"").build()));

        assertThat(outcome(pool.start(request().input("\"innocent\"").build())))
                .isEqualTo(new Succeeded(new JsonText("\"innocent\"")));
        assertThat(workers.launched).hasSize(2);
    }

    @Test
    void startWhenAFreshWorkerBreaksIsACrash() throws Exception {
        pool(SETTINGS, FakeWorkers.executing((worker, execute) -> worker.die(70, "a class cannot be used")));

        assertThat(outcome(pool.start(request().build()))).isInstanceOf(WorkerCrashed.class);
    }

    @Test
    void slotsWhenAnUnsafeRequestHasLeftTheInnocentIsNotRunAgain() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("1")) {
                worker.send(new Message.FetchOpen(execute.runId(), 1, "POST", "https://a/", List.of(), "follow", -1));
            } else {
                left.await();
                worker.die(139, "crash");
            }
        });
        pool(SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 1, 0, 2, 10)), workers);

        Running unsafe = pool.start(request()
                .input("1")
                .fetches((_, _, _) -> {
                    left.countDown();
                    return ok(new byte[0]);
                })
                .build());
        pool.start(request().input("2").build());

        ExecutionResult result = result(unsafe);
        assertThat(result.outcome()).isInstanceOf(WorkerCrashed.class);
        assertThat(result.attempts()).isEqualTo(1);
    }

    @Test
    void slotsWhenAWorkerIsWornOutItGetsNoMoreToShare() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("1")) {
                worker.returned(execute.runId(), "1");
            } else {
                Thread.ofVirtual().start(() -> {
                    try {
                        release.await();
                        worker.returned(execute.runId(), "2");
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        });
        pool(
                SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 2, 0, 2, 10))
                        .withRecycling(new WorkerPoolSettings.Recycling(1, Duration.ofHours(1), Duration.ofMinutes(1))),
                workers);

        Running lasting = pool.start(request().input("2").build());
        assertThat(pool.await(all -> all.stream().anyMatch(w -> w.state() == WorkerInfo.State.BUSY), SOON))
                .isTrue();
        outcome(pool.start(request().input("1").build()));
        outcome(pool.start(request().input("1").build()));
        release.countDown();

        assertThat(outcome(lasting)).isInstanceOf(Succeeded.class);
        assertThat(workers.launched).hasSize(2);
    }

    @Test
    void slotsWhenOwnersDifferDoNotShare() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FakeWorkers workers = FakeWorkers.executing((worker, execute) -> {
            Thread.ofVirtual().start(() -> {
                try {
                    release.await();
                    worker.returned(execute.runId(), "1");
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        });
        pool(SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 2, 0, 2, 10)), workers);

        List<Running> runs = List.of(
                pool.start(request().owner(1).build()),
                pool.start(request().owner(2).build()),
                pool.start(request().owner(1).build()),
                pool.start(request().owner(2).build()));
        boolean placed = pool.await(
                all -> all.stream().mapToInt(w -> w.executions().size()).sum() == 4, SOON);
        release.countDown();

        assertThat(placed).isTrue();
        for (Running run : runs) {
            assertThat(outcome(run)).isInstanceOf(Succeeded.class);
        }
        assertThat(workers.launched).hasSize(2);
    }

    @Test
    void inspectWhenCodeHasFaultsGivesThem() throws Exception {
        pool(new FakeWorkers(worker -> {
            for (Message message = worker.receive(); message != null; message = worker.receive()) {
                if (message instanceof Message.Inspect inspect) {
                    worker.send(new Message.Inspected(
                            inspect.runId(), List.of(new Message.Fault("main.js", "1:3", "no function"))));
                }
            }
        }));

        assertThat(inspect()).containsExactly(new Problem("main.js", "1:3", "no function"));
    }

    @Test
    void inspectWhenTimePassesUnusedDoesNotBlameTheCode() {
        pool(IMPATIENT.withCode(1, Duration.ofMillis(100)), new FakeWorkers(worker -> {
            Message.Inspect inspect = worker.await(Message.Inspect.class);
            worker.await(Message.Terminate.class);
            worker.send(new Message.Inspected(inspect.runId(), List.of()));
        }));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(this::inspect)
                .withMessageContaining("within 600 ms")
                .satisfies(e -> assertThat(e.getCause())
                        .isInstanceOfSatisfying(RatchetException.class, cause -> assertThat(cause.code())
                                .isEqualTo(ErrorCode.WORKER_UNAVAILABLE)));
    }

    @Test
    void inspectWhenTheCodeIsMadeToActEndsTheWorker() {
        pool(new FakeWorkers(worker -> {
            Message.Inspect inspect = worker.await(Message.Inspect.class);
            worker.send(get(inspect.runId(), 1));
            worker.send(new Message.Inspected(inspect.runId(), List.of()));
        }));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(this::inspect)
                .withMessageContaining("only to be looked at");
    }

    private List<Problem> inspect() throws Exception {
        TaskCode code = TaskCode.ofSingleFile("main.js", "1");
        return pool.inspect(ContentHash.of(code, JsonText.EMPTY_OBJECT), code).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void profileWhenAutoIsTheInterpreterUntilCodeComputes() throws Exception {
        FakeWorkers workers = computing(Duration.ofMillis(150));
        adaptive(SETTINGS, workers);

        outcome(pool.start(request("light").build()));
        outcome(pool.start(request("light").build()));
        outcome(pool.start(request("heavy").input("150").build()));
        outcome(pool.start(request("heavy").input("150").build()));
        outcome(pool.start(request("light").build()));

        assertThat(workers.launched)
                .extracting(worker -> worker.shape.profile(), WorkerPoolTest::runsOf)
                .containsExactly(tuple(WorkerProfile.QUICK, 4L), tuple(WorkerProfile.JIT, 1L));
    }

    @Test
    void compilingWorkerAheadOfWorkIsStartedOnlyWhenThereHasBeenNoWorkForAWhile() throws Exception {
        FakeWorkers workers = computing(Duration.ofMillis(150));
        adaptive(keepingOne(), workers);
        long begun = System.nanoTime();
        long last = begun;
        long longestPause = 0;
        boolean started = false;
        while (last - begun < Lifecycle.QUIET_NANOS * 3 / 2) {
            outcome(pool.start(request("light").build()));
            started |= hasLaunched(workers, WorkerProfile.JIT);
            long now = System.nanoTime();
            longestPause = Math.max(longestPause, now - last);
            last = now;
        }
        assumeThat(longestPause).isLessThan(Lifecycle.QUIET_NANOS);

        assertThat(started).isFalse();
        assertThat(pool.await(_ -> hasLaunched(workers, WorkerProfile.JIT), SOON))
                .isTrue();
    }

    @Test
    void compilingWorkerThatIsThereIsKeptWhileOthersWork() throws Exception {
        FakeWorkers workers = computing(Duration.ofMillis(150));
        Duration idle = Duration.ofSeconds(1);
        adaptive(
                keepingOne().withRecycling(new WorkerPoolSettings.Recycling(1000, Duration.ofHours(1), idle)), workers);
        outcome(pool.start(request("light").build()));
        assertThat(pool.await(WorkerPoolTest::hasIdleCompiler, SOON)).isTrue();

        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 3 * idle.toNanos()) {
            outcome(pool.start(request("light").build()));
        }

        assertThat(hasIdleCompiler(pool.workers())).isTrue();
    }

    private static boolean hasIdleCompiler(List<WorkerInfo> workers) {
        return workers.stream()
                .anyMatch(worker -> worker.profile() == WorkerProfile.JIT && worker.state() == WorkerInfo.State.READY);
    }

    private static WorkerPoolSettings keepingOne() {
        return SETTINGS.withSizing(new WorkerPoolSettings.Sizing(1, 1, 0, 1, 10))
                .withMemory(WorkerPoolSettings.Memory.DEFAULTS.withDefaultLimit(64 * 1024 * 1024));
    }

    private static boolean hasLaunched(FakeWorkers workers, WorkerProfile profile) {
        return workers.launched.stream().anyMatch(worker -> worker.shape.profile() == profile);
    }

    @Test
    void profileWhenAutoAndCompilerDoesNotStartIsTheInterpreterUntilItDoes() throws Exception {
        FakeWorkers workers = computing(Duration.ofMillis(150));
        AtomicBoolean broken = new AtomicBoolean(true);
        adaptive(keepingOne(), (shape, socket, token) -> {
            if (shape.profile() == WorkerProfile.JIT && broken.get()) {
                throw new IOException("Version check failed");
            }
            return workers.launch(shape, socket, token);
        });

        for (int i = 0; i < 3; i++) {
            assertThat(outcome(pool.start(request("heavy").input("150").build())))
                    .isInstanceOf(Succeeded.class);
        }
        assertThat(workers.launched)
                .extracting(worker -> worker.shape.profile())
                .containsOnly(WorkerProfile.QUICK);
        assertThat(pool.compilerTrouble().orElseThrow()).contains("Version check failed");

        broken.set(false);
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!hasLaunched(workers, WorkerProfile.JIT)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            outcome(pool.start(request("heavy").input("150").build()));
        }
        assertThat(pool.await(_ -> pool.compilerTrouble().isEmpty(), SOON)).isTrue();
    }

    @Test
    void profileWhenAutoAndCompilingWorkersOfOneMemoryLimitDoNotStartInterpretsWhatNeedsThose() throws Exception {
        FakeWorkers workers = computing(Duration.ofMillis(150));
        adaptive(SETTINGS, (shape, socket, token) -> {
            if (shape.profile() == WorkerProfile.JIT && shape.memoryBytes() > 64 * 1024 * 1024) {
                throw new IOException("not that much memory");
            }
            return workers.launch(shape, socket, token);
        });
        for (int i = 0; i < 2; i++) {
            outcome(pool.start(request("heavy").input("150").build()));
            outcome(pool.start(request("large").memory(128).input("150").build()));
        }

        assertThat(outcome(pool.start(request("large").memory(128).input("150").build())))
                .isInstanceOf(Succeeded.class);
        assertThat(workers.launched)
                .filteredOn(worker -> worker.shape.memoryBytes() > 64 * 1024 * 1024)
                .extracting(worker -> worker.shape.profile())
                .containsOnly(WorkerProfile.QUICK);
    }

    private void adaptive(WorkerPoolSettings settings, WorkerLauncher workers) {
        pool = new WorkerPool(
                settings.withProfile(WorkerProfile.AUTO), WorkerProfile.AUTO, InstantSource.system(), _ -> workers);
    }

    /** Tasks with an input that is not empty take so much processor time. */
    private static FakeWorkers computing(Duration time) {
        return FakeWorkers.executing((worker, execute) -> {
            if (execute.input().equals("{}")) {
                worker.worked(execute.runId(), Duration.ofMillis(1));
            } else {
                LockSupport.parkNanos(time.toNanos());
                worker.worked(execute.runId(), time);
            }
        });
    }

    private static long runsOf(FakeWorkers.Fake worker) {
        return worker.received.stream()
                .filter(Message.Execute.class::isInstance)
                .count();
    }

    private static FetchReply waiting(Cancellation cancellation, CountDownLatch handling, CountDownLatch cancelled) {
        CountDownLatch end = new CountDownLatch(1);
        try (var _ = cancellation.onCancel(end::countDown)) {
            handling.countDown();
            end.await();
            cancelled.countDown();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return FetchReply.of(new HttpAnswer.Failure(HttpAnswer.Reason.ABORTED, "given up", null, HttpTiming.none(0)));
    }

    private static Message.FetchOpen get(long runId, int fetchId) {
        return new Message.FetchOpen(runId, fetchId, "GET", "https://example.com/", List.of(), "follow", -1);
    }

    private static FetchReply ok(byte[] body) {
        return FetchReply.of(
                new HttpAnswer.Response(200, "OK", "https://example.com/", false, List.of(), body, HttpTiming.none(0)));
    }

    private static FetchJournal journal(List<String> order) {
        return new FetchJournal() {
            @Override
            public void intent(int fetchId, HttpCall call) {
                order.add("intent " + fetchId);
            }

            @Override
            public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
                order.add("answered " + fetchId);
            }
        };
    }
}
