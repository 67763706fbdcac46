package dev.ratchet.storage;

import static dev.ratchet.storage.QueueFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.FailureDetails;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.RunRecorder;
import dev.ratchet.core.execution.RunResources;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.AttemptRunner;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.Dispatcher;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobRequest;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.QueueSettings;
import dev.ratchet.core.job.Submission;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ResultCachePolicy;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskLookup;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs from their submission to their end, with the real store and a runner that does as it is told. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class DispatcherTest {
    private static final QueueSettings SETTINGS = new QueueSettings(
            3,
            50,
            Duration.ofSeconds(3),
            Duration.ofMillis(200),
            Duration.ofMillis(100),
            new RetryPolicy(2, RetryPolicy.Backoff.FIXED, Duration.ofMillis(20), Duration.ofSeconds(1), false, false),
            Duration.ofHours(1),
            Duration.ofMillis(300));

    private final QueueFixture queue;
    private final ScriptedRunner runner = new ScriptedRunner();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, ResultCache.Remembered> remembered = new ConcurrentHashMap<>();
    private final Signals signals = Signals.local();

    DispatcherTest(TestDatabase.Vendor vendor) {
        this.queue = new QueueFixture(vendor);
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.dispatcher.close());
    }

    /** A server without its edges. */
    private final class Node {
        private final Dispatcher dispatcher;
        private final Jobs jobs;
        private final Executions executions;
        private volatile Optional<RatchetException> contentProblem = Optional.empty();

        Node(JobStore store, QueueSettings settings) {
            TaskStore tasks = queue.database.get(TaskStore.class);
            TaskLookup lookup = new TaskLookup(tasks);
            TaskExecutor executor =
                    new TaskExecutor(runner, (_, _) -> new SchemaCompiler.Compilation.Compiled((_, _) -> List.of()));
            ExecutionEvents events = new ExecutionEvents();
            InstantSource clock = InstantSource.system();
            AttemptRunner attempts = new AttemptRunner(
                    unreadable(tasks),
                    store,
                    queue.executions(),
                    executor,
                    new NoResources(),
                    RunRecorder.NONE,
                    new Remembering(),
                    DeliveryPlanner.NONE,
                    new PlainFailures(),
                    events,
                    queue.ids,
                    () -> "seed",
                    new Random(1),
                    clock);
            dispatcher = new Dispatcher(
                    store, queue.nodes(), attempts, signals, settings, clock, new NodeId(queue.ids.next()), "node");
            jobs = new Jobs(lookup, store, executor, dispatcher, events, settings, queue.ids, clock);
            executions = new Executions(
                    queue.executions(),
                    jobs,
                    lookup,
                    (_, _) -> CompletableFuture.failedFuture(new IllegalStateException("no replays in this test")),
                    events);
        }

        /** The store, of which attempts cannot read versions as long as there is a problem. */
        private TaskStore unreadable(TaskStore real) {
            return (TaskStore) Proxy.newProxyInstance(
                    TaskStore.class.getClassLoader(), new Class<?>[] {TaskStore.class}, (_, called, arguments) -> {
                        if (called.getName().equals("content") && contentProblem.isPresent()) {
                            throw contentProblem.get();
                        }
                        try {
                            return called.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        Submission submit(String input) {
            return jobs.submit(Caller.LOCAL, JobRequest.of("greet", new JsonText(input)));
        }

        Submission direct(String input) {
            return jobs.submit(Caller.LOCAL, request(input, RunOrigin.DIRECT, Optional.empty(), Optional.empty()));
        }

        Job job(Submission submission) {
            return jobs.get(Caller.LOCAL, submission.job());
        }

        Job ended(Submission submission) {
            await(() -> job(submission).status().isTerminal());
            return job(submission);
        }
    }

    private static JobRequest request(
            String input, RunOrigin origin, Optional<Instant> scheduledFor, Optional<Integer> maxRetries) {
        return new JobRequest(
                "greet",
                Optional.empty(),
                new JsonText(input),
                origin,
                JobPriority.NORMAL,
                scheduledFor,
                maxRetries,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Node node() {
        return node(queue.jobs(), SETTINGS);
    }

    private Node node(JobStore store, QueueSettings settings) {
        Node node = new Node(store, settings);
        nodes.add(node);
        node.dispatcher.start(false);
        return node;
    }

    private static final class NoResources implements RunResources {
        @Override
        public Secrets secrets(TenantId tenant, TaskPackage task) {
            return Secrets.NONE;
        }

        @Override
        public FetchHandler fetches(TenantId tenant, TaskId id, TaskPackage task, TaskLimits limits, Secrets secrets) {
            return (_, _, _) -> {
                throw new IllegalStateException("no fetches in this test");
            };
        }
    }

    private final class Remembering implements ResultCache {
        @Override
        public Optional<Remembered> find(TenantId tenant, VersionId version, JsonText input) {
            return Optional.ofNullable(remembered.get(version + input.value()));
        }

        @Override
        public void remember(
                TenantId tenant, VersionId version, JsonText input, ResultCachePolicy policy, Remembered result) {
            remembered.put(version + input.value(), result);
        }
    }

    private static final class PlainFailures implements FailureDetails {
        @Override
        public ExecutionError describe(ExecutionOutcome outcome) {
            return new ExecutionError(outcome.getClass().getSimpleName(), outcome.toString(), Optional.empty());
        }

        @Override
        public RetryHints hints(ExecutionOutcome outcome) {
            return RetryHints.NONE;
        }
    }

    private static ScriptedRunner.Script fails(String type) {
        return (_, ended) -> ended.complete(new ExecutionOutcome.TaskFailed(type, "broken", "", null));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the end of the wait").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private List<Execution> attempts(JobId job) {
        return queue.executions().ofJob(TENANT, job);
    }

    /** The store with something in the way of one of its methods. */
    private JobStore with(String method, Interference interference) {
        JobStore real = queue.jobs();
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (_, called, arguments) -> {
                    Call call = () -> {
                        try {
                            return called.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    };
                    return called.getName().equals(method) ? interference.around(call) : call.proceed();
                });
    }

    private interface Call {
        Object proceed() throws Throwable;
    }

    private interface Interference {
        Object around(Call call) throws Throwable;
    }

    private static RatchetException away() {
        return new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "the database is away");
    }

    // ---- the ways of a job

    @Test
    void submitWhenTheTaskSucceedsCompletes() {
        Node node = node();

        Submission submission = node.submit("{\"a\":1}");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
        Execution execution = node.executions.get(Caller.LOCAL, submission.execution());
        assertThat(execution.output().orElseThrow().text()).contains(new JsonText("{\"a\":1}"));
        assertThat(execution.node()).contains("node");
    }

    @Test
    void awaitWhenItEndsReturnsTheEnd() {
        Node node = node();

        Execution execution =
                node.executions.await(Caller.LOCAL, node.direct("{\"a\":1}").execution(), Duration.ofSeconds(20));

        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void submitWhenManyAtOnceRunsEachOnce() {
        Node node = node(queue.jobs(), withRoom(10, 1_000));
        List<Submission> all = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            all.add(i % 2 == 0 ? node.submit("" + i) : node.direct("" + i));
        }

        all.forEach(submission -> assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED));
        assertThat(runner.started()).hasSize(200);
        await(() -> node.dispatcher.running() == 0);
        await(() -> node.dispatcher.waiting() == 0);
    }

    private static QueueSettings withRoom(int running, int waiting) {
        return new QueueSettings(
                running,
                waiting,
                SETTINGS.lease(),
                SETTINGS.heartbeat(),
                SETTINGS.poll(),
                SETTINGS.retry(),
                SETTINGS.idempotencyTtl(),
                SETTINGS.drain());
    }

    /** Virtual threads wait in line for a processor, and a node that is busy for long would lose what it runs. */
    @Test
    void startKeepsTheLeaseOnAThreadOfTheSystem() {
        node();

        // Virtual threads are not among these.
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .contains("ratchet-lease");
    }

    @Test
    void submitWhenTheTaskFailsIsTriedAgainUntilRetriesAreUsedUp() {
        runner.script("1", fails("TypeError"));
        Node node = node();

        Job job = node.ended(node.submit("1"));

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.retryCount()).isEqualTo(2);
        assertThat(attempts(job.id()))
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.FAILED, ExecutionStatus.FAILED, ExecutionStatus.FAILED);
    }

    @Test
    void submitWhenTheSecondAttemptSucceedsCompletes() {
        AtomicInteger calls = new AtomicInteger();
        runner.script(
                "1",
                (request, ended) -> ended.complete(
                        calls.incrementAndGet() == 1
                                ? new ExecutionOutcome.TaskFailed("TypeError", "broken", "", null)
                                : new ExecutionOutcome.Succeeded(request.input())));
        Node node = node();

        Job job = node.ended(node.submit("1"));

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(attempts(job.id()))
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.FAILED, ExecutionStatus.COMPLETED);
    }

    @Test
    void submitWhenTheErrorIsPermanentFailsAtOnce() {
        runner.script("1", fails("ValidationError"));
        Node node = node();

        Job job = node.ended(node.submit("1"));

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(attempts(job.id())).hasSize(1);
    }

    @Test
    void submitWhenTheRunnerItselfThrowsHasAnEnd() {
        runner.script("1", (_, _) -> {
            throw new IllegalStateException("a defect");
        });
        Node node = node();

        Job job = node.ended(node.submit("1"));

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.errorMessage().orElseThrow()).contains("a defect");
        assertThat(attempts(job.id())).hasSize(3);
    }

    @Test
    void submitWhenScheduledRunsWhenDue() {
        Node node = node();
        Instant due = Instant.now().plusMillis(300);

        Submission submission =
                node.jobs.submit(Caller.LOCAL, request("1", RunOrigin.API, Optional.of(due), Optional.empty()));

        assertThat(node.job(submission).status()).isEqualTo(JobStatus.QUEUED);
        Job job = node.ended(submission);
        assertThat(job.startedAt().orElseThrow()).isAfterOrEqualTo(due.minusMillis(1));
    }

    @Test
    void submitWhenTheQueueIsFullIsRefused() {
        runner.script("1", ScriptedRunner.ENDLESS);
        Node node = node(queue.jobs(), withRoom(1, 2));
        node.submit("1");
        await(() -> node.dispatcher.running() == 1 && node.dispatcher.waiting() == 0);
        node.submit("1");
        node.submit("1");

        assertThatThrownBy(() -> node.submit("1"))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.RATE_LIMITED));
    }

    // ---- direct runs

    @Test
    void directWhenASlotIsFreeStartsWithoutAClaim() {
        AtomicInteger claimed = new AtomicInteger();
        Node node = node(
                with("claim", call -> {
                    List<?> claims = (List<?>) call.proceed();
                    claimed.addAndGet(claims.size());
                    return claims;
                }),
                SETTINGS);

        // While the dispatcher looks at the queue all slots are its own; then a direct run takes its turn.
        await(() -> {
            int before = claimed.get();
            Job job = node.ended(node.direct("1"));
            assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
            return claimed.get() == before;
        });
    }

    @Test
    void directWhenTheTaskIsPausedWaits() {
        Node node = node();
        queue.jobs().pauseTask(TENANT, queue.task.id(), true);

        Submission submission = node.direct("1");
        assertThat(node.job(submission).status()).isEqualTo(JobStatus.QUEUED);

        queue.jobs().pauseTask(TENANT, queue.task.id(), false);
        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void directWhenTheQueueIsPausedWaits() {
        Node node = node();
        node.jobs.pauseQueue(Caller.LOCAL);

        Submission submission = node.direct("1");
        assertThat(node.job(submission).status()).isEqualTo(JobStatus.QUEUED);

        node.jobs.resumeQueue(Caller.LOCAL);
        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
    }

    // ---- cancelling

    @Test
    void cancelWhenRunningStopsTheRun() {
        runner.script("1", ScriptedRunner.ENDLESS);
        Node node = node();
        Submission submission = node.submit("1");
        await(() -> !runner.started().isEmpty());

        node.jobs.cancel(Caller.LOCAL, submission.job(), "enough");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(attempts(submission.job())).hasSize(1);
    }

    @Test
    void cancelWhenWaitingEndsTheJobAndTellsWhoWaits() {
        Node node = node();
        node.jobs.pauseQueue(Caller.LOCAL);
        Submission submission = node.submit("1");

        Job job = node.jobs.cancel(Caller.LOCAL, submission.job(), "enough");

        assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(node.executions
                        .await(Caller.LOCAL, submission.execution(), Duration.ZERO)
                        .status())
                .isEqualTo(ExecutionStatus.CANCELLED);
        assertThatThrownBy(() -> node.jobs.cancel(Caller.LOCAL, submission.job(), "again"))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CONFLICT));
    }

    // ---- the end of a node

    @Test
    void closeWhenAttemptsDoNotEndHandsThemBack() {
        runner.script("1", ScriptedRunner.ENDLESS);
        Node first = node();
        Submission submission = first.submit("1");
        await(() -> runner.started().size() == 1);

        first.dispatcher.close();

        Job job = first.job(submission);
        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.retryCount()).isZero();
        assertThat(queue.nodes().nodes()).noneMatch(node -> node.id().equals(first.dispatcher.node()));
        runner.script("1", (request, ended) -> ended.complete(new ExecutionOutcome.Succeeded(request.input())));
        Node second = node();
        assertThat(second.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(attempts(submission.job()))
                .extracting(execution -> execution.outcome().orElseThrow())
                .containsExactly(OutcomeKind.LOST, OutcomeKind.SUCCEEDED);
    }

    @Test
    void startWhenAnotherNodeIsDeadTakesItsAttemptsOver() {
        Node first = new Node(queue.jobs(), SETTINGS);
        NodeId dead = queue.newNode(Instant.now().minusSeconds(1));
        Job job = queue.draft().at(Instant.now()).accepted();
        Claim claim = queue.jobs().claim(dead, 1, Instant.now()).getFirst();
        assertThat(claim.job().id()).isEqualTo(job.id());

        nodes.add(first);
        first.dispatcher.start(false);

        // At once, and not after the ten seconds of its policy.
        await(() -> first.jobs.get(Caller.LOCAL, job.id()).status() == JobStatus.COMPLETED);
        assertThat(attempts(job.id()))
                .extracting(execution -> execution.outcome().orElseThrow())
                .containsExactly(OutcomeKind.LOST, OutcomeKind.SUCCEEDED);
        assertThat(first.jobs.get(Caller.LOCAL, job.id()).dueAt())
                .isBeforeOrEqualTo(attempts(job.id()).getFirst().completedAt().orElseThrow());
        assertThat(first.jobs.get(Caller.LOCAL, job.id()).retryCount()).isEqualTo(1);
        assertThat(queue.jobs().complete(QueueFixture.succeeded(claim))).isFalse();
        await(() -> queue.nodes().nodes().stream().noneMatch(node -> node.id().equals(dead)));
    }

    @Test
    void takeOverWhenLostTheSecondTimeInARowWaitsAMoment() {
        Job job = queue.draft().at(Instant.now()).accepted();
        NodeId dead = queue.newNode(Instant.now().minusSeconds(1));
        Claim claim = queue.jobs().claim(dead, 1, Instant.now()).getFirst();
        queue.jobs()
                .complete(QueueFixture.end(
                        claim,
                        QueueFixture.failure(OutcomeKind.LOST),
                        new AttemptEnd.Then.Again(QueueFixture.NOW, new ExecutionId(queue.ids.next()))));
        queue.jobs().claim(dead, 1, Instant.now());

        Node node = node();

        await(() -> attempts(job.id()).get(1).completedAt().isPresent());
        Instant lostAgain = attempts(job.id()).get(1).completedAt().orElseThrow();
        assertThat(node.jobs.get(Caller.LOCAL, job.id()).dueAt())
                .isBetween(lostAgain.plusMillis(900), lostAgain.plusMillis(1_001));
        await(() -> node.jobs.get(Caller.LOCAL, job.id()).status() == JobStatus.COMPLETED);
    }

    @Test
    void takeOverWhenAnUnsafeRequestHasNoAnswerIsNotTriedAgain() {
        NodeId dead = queue.newNode(Instant.now().minusSeconds(1));
        Job job = queue.draft().at(Instant.now()).accepted();
        queue.jobs().claim(dead, 1, Instant.now());
        queue.jobs().requestIntended(job.execution(), 1, "POST", "https://example.com", Instant.now());

        Node node = node();

        await(() -> node.jobs.get(Caller.LOCAL, job.id()).status().isTerminal());
        assertThat(node.jobs.get(Caller.LOCAL, job.id()).status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void takeOverWhenItWasToBeCancelledEndsCancelledWithItsAttempt() {
        NodeId dead = queue.newNode(Instant.now().minusSeconds(1));
        Job job = queue.draft().at(Instant.now()).accepted();
        queue.jobs().claim(dead, 1, Instant.now());
        queue.jobs().cancel(job.tenant(), job.id(), "enough", Instant.now(), DeliveryPlanner.NONE);

        Node node = node();

        await(() -> node.jobs.get(Caller.LOCAL, job.id()).status().isTerminal());
        assertThat(node.jobs.get(Caller.LOCAL, job.id()).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(attempts(job.id()))
                .extracting(execution -> execution.outcome().orElseThrow())
                .containsExactly(OutcomeKind.CANCELLED);
    }

    // ---- a database that is away

    @Test
    void completeWhenTheDatabaseIsAwayForAWhileIsStoredLater() {
        AtomicInteger calls = new AtomicInteger();
        Node node = node(
                with("complete", call -> {
                    if (calls.incrementAndGet() <= 3) {
                        throw away();
                    }
                    return call.proceed();
                }),
                SETTINGS);

        Submission submission = node.submit("1");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(calls.get()).isGreaterThanOrEqualTo(4);
        assertThat(attempts(submission.job())).hasSize(1);
    }

    @Test
    void completeWhenTheAnswerOfTheCommitIsLostCountsOnce() {
        AtomicInteger calls = new AtomicInteger();
        Node node = node(
                with("complete", call -> {
                    Object answer = call.proceed();
                    if (calls.incrementAndGet() == 1) {
                        throw away();
                    }
                    return answer;
                }),
                SETTINGS);

        Submission submission = node.submit("1");

        Execution execution = node.executions.await(Caller.LOCAL, submission.execution(), Duration.ofSeconds(20));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        await(() -> calls.get() >= 2);
        assertThat(attempts(submission.job())).hasSize(1);
    }

    @Test
    void claimWhenTheAnswerIsLostIsFoundAndRunAgain() {
        AtomicInteger lost = new AtomicInteger();
        Node node = node(
                with("claim", call -> {
                    List<?> claims = (List<?>) call.proceed();
                    if (!claims.isEmpty() && lost.getAndIncrement() == 0) {
                        throw away();
                    }
                    return claims;
                }),
                SETTINGS);

        Submission submission = node.submit("1");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(node.job(submission).retryCount()).isZero();
        assertThat(runner.started()).hasSize(1);
    }

    @Test
    void completeWhenItMeetsADefectEndsAsLostAndCountsTheAttempt() {
        AtomicInteger calls = new AtomicInteger();
        Node node = node(
                with("complete", call -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("a defect");
                    }
                    return call.proceed();
                }),
                SETTINGS);

        Submission submission = node.submit("1");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(node.job(submission).retryCount()).isEqualTo(1);
        assertThat(attempts(submission.job())).hasSize(2);
    }

    @Test
    void submitWhenTheStoredVersionCannotBeReadFailsAfterItsRetries() {
        Node node = node(queue.jobs(), SETTINGS);
        node.contentProblem =
                Optional.of(new RatchetException(ErrorCode.INVALID_PACKAGE, "written by another program"));

        Submission submission = node.submit("1");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.FAILED);
        assertThat(attempts(submission.job())).hasSize(3);
    }

    @Test
    void completeWhenTheEndCannotBeStoredAsItIsEndsFailed() {
        AtomicInteger calls = new AtomicInteger();
        Node node = node(
                with("complete", call -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new RatchetException(ErrorCode.INTERNAL_ERROR, "not to the database's taste");
                    }
                    return call.proceed();
                }),
                SETTINGS);

        Submission submission = node.submit("1");

        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.FAILED);
    }

    // ---- what tasks say

    @Test
    void logAndProgressWhenStoredInBetweenAreComplete() {
        AtomicInteger flushes = new AtomicInteger();
        runner.script("1", (request, ended) -> Thread.ofVirtual().start(() -> {
            int lines = 0;
            while (flushes.get() < 3) {
                request.listener().onLog(new LogLine(LogLine.Level.INFO, lines, "line " + lines++));
                request.listener().onProgress(0.5, "half");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            request.listener().onLog(new LogLine(LogLine.Level.INFO, lines, "line " + lines++));
            request.listener().onProgress(1, "all");
            ended.complete(new ExecutionOutcome.Succeeded(new JsonText("" + lines)));
        }));
        Node node = node(
                with("appendLog", call -> {
                    // The first storing fails, and one more that has been done.
                    int flush = flushes.incrementAndGet();
                    if (flush == 1) {
                        throw away();
                    }
                    Object answer = call.proceed();
                    if (flush == 2) {
                        throw away();
                    }
                    return answer;
                }),
                SETTINGS);

        Submission submission = node.submit("1");
        assertThat(node.ended(submission).status()).isEqualTo(JobStatus.COMPLETED);

        Execution execution = node.executions.get(Caller.LOCAL, submission.execution());
        int lines = Integer.parseInt(
                execution.output().orElseThrow().text().orElseThrow().value());
        List<LogLine> stored = new ArrayList<>();
        long from = 0;
        List<?> page;
        do {
            var read = node.executions.log(Caller.LOCAL, submission.execution(), from, LogLine.Level.TRACE, "", 500);
            read.forEach(line -> stored.add(line.line()));
            from += read.size();
            page = read;
        } while (!page.isEmpty());
        assertThat(stored).hasSize(lines);
        assertThat(stored.getLast().message()).isEqualTo("line " + (lines - 1));
        assertThat(execution.progress()).contains(1.0);
        assertThat(execution.progressMessage()).contains("all");
    }

    // ---- remembered results

    @Test
    void submitWhenAResultIsRememberedDoesNotRun() {
        Task cached = queue.newTask("cached", TENANT, Optional.of(new ResultCachePolicy(Duration.ofMinutes(1), true)));
        Node node = node();
        JobRequest request = JobRequest.of(cached.name(), new JsonText("7"));

        Submission first = node.jobs.submit(Caller.LOCAL, request);
        node.ended(first);
        await(() -> !remembered.isEmpty());
        Submission second = node.jobs.submit(Caller.LOCAL, request);
        node.ended(second);

        assertThat(runner.started()).hasSize(1);
        Execution execution = node.executions.get(Caller.LOCAL, second.execution());
        assertThat(execution.cachedFrom()).contains(first.execution());
        assertThat(execution.output().orElseThrow().text()).contains(new JsonText("7"));
        ExecutionEnd end = remembered.values().iterator().next().end();
        assertThat(end.cachedFrom()).isEmpty();
    }

    @Test
    void retryWhenFailedRunsTheJobAgain() {
        runner.script("1", fails("ValidationError"));
        Node node = node();
        Submission submission = node.submit("1");
        node.ended(submission);
        runner.script("1", (request, ended) -> ended.complete(new ExecutionOutcome.Succeeded(request.input())));

        node.jobs.retry(Caller.LOCAL, submission.job());

        await(() -> node.job(submission).status() == JobStatus.COMPLETED);
        assertThat(attempts(submission.job())).hasSize(2);
    }
}
