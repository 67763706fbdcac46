package dev.ratchet.storage;

import static dev.ratchet.storage.QueueFixture.INPUT;
import static dev.ratchet.storage.QueueFixture.NOW;
import static dev.ratchet.storage.QueueFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.job.Acceptance;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NewJob;
import dev.ratchet.core.job.RetentionStore;
import dev.ratchet.core.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every database must do with the queue. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class JobStoreTest {
    private final QueueFixture queue;
    private final JobStore jobs;

    JobStoreTest(TestDatabase.Vendor vendor) {
        this.queue = new QueueFixture(vendor);
        this.jobs = queue.jobs();
    }

    // ---- accepting

    @Test
    void acceptWhenNewStoresTheJobAndAPendingExecution() {
        Job job = queue.draft().accepted();

        queue.database.restart();

        assertThat(queue.find(job.id())).isEqualTo(job);
        assertThat(queue.jobs().input(TENANT, job.id())).contains(INPUT);
        Execution execution = queue.execution(job.execution());
        assertThat(execution.status()).isEqualTo(ExecutionStatus.PENDING);
        assertThat(execution.attempt()).isEqualTo(1);
        assertThat(execution.job()).isEqualTo(job.id());
        assertThat(execution.input().text()).contains(INPUT);
        assertThat(execution.startedAt()).isEmpty();
    }

    @Test
    void everythingOfAnotherTenantIsAbsent() {
        Job job = queue.draft().accepted();
        TenantId other = new TenantId("other");

        assertThat(jobs.find(other, job.id())).isEmpty();
        assertThat(jobs.input(other, job.id())).isEmpty();
        assertThat(jobs.cancel(other, job.id(), "no", NOW, DeliveryPlanner.NONE))
                .isEqualTo(new JobStore.Cancellation.Unknown());
        assertThat(jobs.redrive(other, job.id(), new ExecutionId(queue.ids.next()), NOW))
                .isEqualTo(new JobStore.Redrive.Unknown());
        assertThat(jobs.delete(other, job.id())).isFalse();
        assertThat(queue.executions().find(other, job.execution())).isEmpty();
        assertThat(queue.executions().outline(other, job.execution())).isEmpty();
        assertThat(queue.executions().ofJob(other, job.id())).isEmpty();
        assertThat(queue.find(job.id())).isEqualTo(job);
    }

    @Test
    void acceptWhenLargeStoresTheInputOutOfLine() {
        JsonText large = new JsonText("\"" + "ä".repeat(40_000) + "\"");

        Claim claim = queue.running(queue.draft().input(large));

        assertThat(claim.input()).isEqualTo(large);
        assertThat(jobs.input(TENANT, claim.job().id())).contains(large);
        assertThat(queue.execution(claim.job().execution()).input().text()).contains(large);
        assertThat(queue.executions().outline(TENANT, claim.job().execution()).map(Execution::input))
                .contains(new StoredJson.Elsewhere(80_002));
        assertThat(queue.executions().ofJob(TENANT, claim.job().id()).getFirst().input())
                .isEqualTo(new StoredJson.Elsewhere(80_002));
        assertThat(payloads()).isEqualTo(1);
    }

    @Test
    void acceptWhenTheKeyIsKnownGivesTheSameJob() {
        QueueFixture.Draft draft = queue.draft().key("k", "same", NOW.plusSeconds(60));
        Job job = draft.accepted();

        assertThat(jobs.accept(draft.made())).isEqualTo(new Acceptance.Repeated(job.id(), job.execution()));
        assertThat(jobs.accept(
                        queue.draft().key("k", "other", NOW.plusSeconds(60)).made()))
                .isEqualTo(new Acceptance.KeyTaken(job.id()));
        assertThat(jobs.claim(queue.node, 10, NOW)).hasSize(1);
    }

    @Test
    void acceptWhenTheKeyIsKnownAndTheJobHasEndedGivesTheSameJobWithItsLatestExecution() {
        QueueFixture.Draft draft = queue.draft().key("k", "same", NOW.plusSeconds(60));
        Claim claim = queue.running(draft);
        jobs.complete(queue.again(claim, NOW));
        Claim second = queue.claimOne();
        jobs.complete(QueueFixture.succeeded(second));

        assertThat(jobs.accept(draft.made()))
                .isEqualTo(
                        new Acceptance.Repeated(claim.job().id(), second.job().execution()));
    }

    @Test
    void acceptWhenTheKeyHasExpiredMakesAnotherJob() {
        queue.draft().key("k", "same", NOW.plusSeconds(60)).accepted();

        Job job = queue.draft()
                .at(NOW.plusSeconds(60))
                .key("k", "other", NOW.plusSeconds(120))
                .accepted();

        assertThat(queue.find(job.id()).status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void acceptWhenTheJobOfTheKeyIsDeletedMakesAnotherJob() {
        QueueFixture.Draft draft = queue.draft().key("k", "same", NOW.plusSeconds(60));
        Claim claim = queue.running(draft);
        jobs.complete(QueueFixture.succeeded(claim));
        jobs.delete(TENANT, claim.job().id());

        Job job = draft.accepted();

        assertThat(jobs.accept(draft.made())).isEqualTo(new Acceptance.Repeated(job.id(), job.execution()));
    }

    @Test
    void acceptWhenRacingUnderOneKeyMakesOneJob() throws Exception {
        for (int round = 0; round < 20; round++) {
            QueueFixture.Draft draft = queue.draft().key("k" + round, "same", NOW.plusSeconds(60));
            List<Acceptance> answers = inParallel(4, _ -> jobs.accept(draft.made()));

            assertThat(answers)
                    .filteredOn(Acceptance.Accepted.class::isInstance)
                    .hasSize(1);
            Acceptance.Accepted made = (Acceptance.Accepted) answers.stream()
                    .filter(Acceptance.Accepted.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertThat(answers)
                    .filteredOn(Acceptance.Repeated.class::isInstance)
                    .hasSize(3)
                    .containsOnly(new Acceptance.Repeated(made.job(), made.execution()));
        }
        assertThat(jobs.waiting(1_000)).isEqualTo(20);
    }

    @Test
    void acceptWhenTheScheduleHasFiredForTheTimeIsRefused() {
        ScheduleId schedule = new ScheduleId(queue.ids.next());
        queue.draft().fire(schedule, NOW).accepted();

        assertThat(jobs.accept(queue.draft().fire(schedule, NOW).made())).isEqualTo(new Acceptance.FiredBefore());
        queue.draft().fire(schedule, NOW.plusSeconds(1)).accepted();
        assertThat(jobs.waiting(10)).isEqualTo(2);
    }

    @Test
    void acceptWithinWhenTheTransactionFailsStoresNothing() {
        Transactions transactions = queue.database.get(Transactions.class);
        NewJob lost = queue.draft().made();
        NewJob kept = queue.draft().made();

        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.write(() -> {
                    jobs.acceptWithin(lost);
                    throw new IllegalStateException("on purpose");
                }));
        transactions.write(() -> jobs.acceptWithin(kept));

        assertThat(jobs.find(TENANT, lost.job().id())).isEmpty();
        assertThat(queue.find(kept.job().id()).status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void acceptWhenStartedAtOnceIsRunningOnItsNode() {
        Job job = queue.draft().startOn(queue.node).accepted();

        assertThat(queue.find(job.id()).status()).isEqualTo(JobStatus.PROCESSING);
        Execution execution = queue.execution(job.execution());
        assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(execution.node()).contains("node-" + queue.node);
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
        assertThat(jobs.held(queue.node)).isEqualTo(Map.of(job.id(), Claim.FIRST_TOKEN));
        assertThat(jobs.complete(QueueFixture.succeeded(new Claim(job, INPUT, Claim.FIRST_TOKEN))))
                .isTrue();
    }

    @Test
    void acceptWhenItRepeatsAnExecutionMarksThatOnesJobAsRedriven() {
        Claim dead = queue.running();
        jobs.complete(QueueFixture.failed(dead));

        Job job = queue.draft().repeats(dead.job().execution()).accepted();

        assertThat(queue.find(dead).redriven()).isTrue();
        assertThat(queue.execution(job.execution()).origin())
                .contains(dead.job().execution());
    }

    // ---- claiming

    @Test
    void claimWhenTakenStartsAnAttempt() {
        Job job = queue.draft().accepted();

        Claim claim = queue.claimOne();

        assertThat(claim.input()).isEqualTo(INPUT);
        assertThat(claim.job().id()).isEqualTo(job.id());
        assertThat(claim.job().status()).isEqualTo(JobStatus.PROCESSING);
        assertThat(queue.find(job.id()).startedAt()).contains(NOW);
        Execution execution = queue.execution(job.execution());
        assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(execution.startedAt()).contains(NOW);
        assertThat(execution.node()).contains("node-" + queue.node);
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
    }

    @Test
    void claimWhenPrioritiesDifferTakesTheSmallestRankFirst() {
        Job low = queue.draft().with(JobPriority.LOW).accepted();
        Job normal = queue.draft().with(JobPriority.NORMAL).accepted();
        Job critical = queue.draft().with(JobPriority.CRITICAL).accepted();
        Job high = queue.draft().with(JobPriority.HIGH).accepted();
        // LOW never starves: after its wait it is before whatever is due later than that.
        Job lateHigh = queue.draft()
                .at(NOW.plus(JobPriority.HIGH.headStart()).plusMillis(1))
                .with(JobPriority.HIGH)
                .accepted();
        Job twin = queue.draft().with(JobPriority.NORMAL).accepted();

        List<JobId> order = new ArrayList<>();
        jobs.claim(queue.node, 3, NOW).forEach(claim -> order.add(claim.job().id()));
        jobs.claim(queue.node, 10, NOW).forEach(claim -> order.add(claim.job().id()));

        assertThat(order).containsExactly(critical.id(), high.id(), normal.id(), twin.id(), low.id(), lateHigh.id());
    }

    @Test
    void claimWhenManyTenantsWaitTakesThemInTurn() {
        Task other = queue.newTask("greet", new TenantId("other"), Optional.empty());
        for (int i = 0; i < 10; i++) {
            queue.draft().accepted();
            queue.draft().of(other).at(NOW.plusSeconds(100)).accepted();
        }

        List<Claim> claims = jobs.claim(queue.node, 10, NOW);

        assertThat(claims)
                .filteredOn(claim -> claim.job().tenant().equals(TENANT))
                .hasSize(5);
        assertThat(claims).hasSize(10);
    }

    @Test
    void claimWhenEightNodesRaceGivesEachJobOnce() throws Exception {
        for (int i = 0; i < 400; i++) {
            queue.draft().accepted();
        }
        Map<JobId, Integer> taken = new ConcurrentHashMap<>();

        inParallel(8, _ -> {
            NodeId node = queue.newNode(NOW.plusSeconds(30));
            int empty = 0;
            while (empty < 3) {
                List<Claim> claims = jobs.claim(node, 7, NOW);
                assertThat(claims).hasSizeLessThanOrEqualTo(7);
                claims.forEach(claim -> taken.merge(claim.job().id(), 1, Integer::sum));
                empty = claims.isEmpty() ? empty + 1 : 0;
            }
            return empty;
        });

        assertThat(taken).hasSize(400).allSatisfy((_, times) -> assertThat(times)
                .isEqualTo(1));
    }

    @Test
    void claimWhenTheTimeHasNotComeTakesNothingUntilPromoted() {
        Job job = queue.draft().later(NOW.plusSeconds(60)).accepted();

        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
        assertThat(jobs.nextDue()).contains(NOW.plusSeconds(60));
        assertThat(jobs.promoteDue(NOW.plusSeconds(59), 10)).isZero();
        assertThat(jobs.promoteDue(NOW.plusSeconds(60), 10)).isEqualTo(1);
        assertThat(jobs.nextDue()).isEmpty();
        assertThat(queue.claimOne().job().id()).isEqualTo(job.id());
    }

    // ---- concurrency keys

    @Test
    void claimWhenTheKeyHasNoRoomSetsTheJobAside() {
        Job first = queue.draft().alone("k", 1).accepted();
        Job second = queue.draft().alone("k", 1).accepted();
        Job free = queue.draft().accepted();

        List<Claim> claims = jobs.claim(queue.node, 10, NOW);

        assertThat(claims).extracting(claim -> claim.job().id()).containsExactly(first.id(), free.id());
        assertThat(queue.find(second.id()).status()).isEqualTo(JobStatus.QUEUED);
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
        assertThat(jobs.waiting(10)).isEqualTo(1);
        jobs.complete(QueueFixture.succeeded(claims.getFirst()));
        assertThat(queue.claimOne().job().id()).isEqualTo(second.id());
    }

    @Test
    void claimWhenManyOfAKeyHaveNoRoomFindsTheOneBehindThem() {
        queue.running(queue.draft().alone("k", 1));
        for (int i = 0; i < 30; i++) {
            queue.draft().alone("k", 1).accepted();
        }
        Job free = queue.draft().at(NOW.plusSeconds(1)).accepted();

        List<Claim> claims = jobs.claim(queue.node, 1, NOW.plusSeconds(1));

        assertThat(claims).extracting(claim -> claim.job().id()).containsExactly(free.id());
    }

    @Test
    void claimWhenThereIsNoRoomForOneHandedBackLeavesItQueued() {
        Claim claim = queue.running(queue.draft().alone("k", 1));
        jobs.complete(queue.again(claim, NOW));
        jobs.complete(queue.handedBack(queue.claimOne()));
        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.QUEUED);
        fill("k");

        assertThat(jobs.claim(queue.node, 10, NOW.plusSeconds(1))).isEmpty();

        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.QUEUED);
        assertThat(queue.find(claim).attempt()).isEqualTo(3);
        assertThat(count("select count(*) as n from jobs where gate = 2")).isEqualTo(1);
    }

    @Test
    void claimWhenThereIsNoRoomForARetryLeavesItRetrying() {
        Claim retried = queue.running(queue.draft().alone("k", 1));
        jobs.complete(queue.again(retried, NOW));
        fill("k");

        assertThat(jobs.claim(queue.node, 10, NOW.plusSeconds(1))).isEmpty();

        assertThat(queue.find(retried).status()).isEqualTo(JobStatus.RETRYING);
        assertThat(count("select count(*) as n from jobs where gate = 2")).isEqualTo(1);
    }

    /** Leaves no room under a concurrency key, as others that run beside. */
    private void fill(String key) {
        queue.sql().commit(session -> session.update("""
                insert into concurrency_slots (tenant_id, key, max_running, running) values (?, ?, 1, 1)
                on conflict (tenant_id, key) do update set running = 1""", TENANT.value(), key));
    }

    @Test
    void claimWhenTheOneLetInIsCancelledLetsTheNextIn() {
        Claim first = queue.running(queue.draft().alone("k", 1));
        Job second = queue.draft().alone("k", 1).accepted();
        Job third = queue.draft().alone("k", 1).accepted();
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
        jobs.complete(QueueFixture.succeeded(first));

        jobs.cancel(TENANT, second.id(), "not needed", NOW, DeliveryPlanner.NONE);
        jobs.promoteDue(NOW, 10);

        assertThat(queue.claimOne().job().id()).isEqualTo(third.id());
    }

    @Test
    void concurrencySlotsWhenNobodyNeedsThemAreGone() {
        Claim first = queue.running(queue.draft().alone("k", 2));
        Claim second = queue.running(queue.draft().alone("k", 2));
        assertThat(count("select count(*) as n from concurrency_slots")).isEqualTo(1);

        jobs.complete(QueueFixture.succeeded(first));
        jobs.complete(queue.again(second, NOW));

        assertThat(count("select count(*) as n from concurrency_slots")).isZero();
        assertThat(queue.claimOne().job().id()).isEqualTo(second.job().id());
    }

    @Test
    void concurrencyLimitWhenThirtyTwoThreadsRunJobsIsNeverExceeded() throws Exception {
        int limit = 3;
        int many = 150;
        for (int i = 0; i < many; i++) {
            queue.draft().alone("k" + i % 2, limit).accepted();
        }
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();

        inParallel(32, _ -> {
            NodeId node = queue.newNode(NOW.plusSeconds(30));
            while (done.get() < many && !Thread.interrupted()) {
                for (Claim claim : jobs.claim(node, 2, NOW)) {
                    AtomicInteger now = running.computeIfAbsent(
                            claim.job().concurrency().orElseThrow().key(), _ -> new AtomicInteger());
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(100_000);
                    now.decrementAndGet();
                    assertThat(jobs.complete(QueueFixture.succeeded(claim))).isTrue();
                    done.incrementAndGet();
                }
                jobs.promoteDue(NOW, 10);
            }
            return 0;
        });

        assertThat(done).hasValue(many);
        assertThat(most.get()).isBetween(2, limit);
        assertThat(jobs.stats(TENANT).byStatus()).containsEntry(JobStatus.COMPLETED, (long) many);
        assertThat(count("select count(*) as n from concurrency_slots")).isZero();
    }

    // ---- ending

    @Test
    void completeKeepsOutputsOfCharactersThatTextCannotHold() {
        Claim claim = queue.running();
        JsonText output = new JsonText("{\"a\\u0000b\":\"\\u0000 \\ud800 \\uffff\"}");

        jobs.complete(
                QueueFixture.end(claim, QueueFixture.success(output), new AttemptEnd.Then.Done(JobStatus.COMPLETED)));

        assertThat(queue.execution(claim.job().execution())
                        .output()
                        .orElseThrow()
                        .text())
                .contains(output);
    }

    @Test
    void completeWhenSucceededStoresEverything() {
        Claim claim = queue.running();
        NewDelivery delivery =
                new NewDelivery(new DeliveryId(queue.ids.next()), "STDIO", new JsonText("{\"type\":\"stdio\"}"));
        JsonText recording = new JsonText("\"" + "r".repeat(70_000) + "\"");
        AttemptEnd end = new AttemptEnd(
                claim,
                QueueFixture.success(new JsonText("\"" + "x".repeat(70_000) + "\"")),
                NOW.plusSeconds(1),
                new AttemptEnd.Then.Done(JobStatus.COMPLETED),
                0,
                List.of(new LogLine(LogLine.Level.WARN, 17, "a \0 line")),
                Optional.of(recording),
                List.of(delivery),
                Optional.empty());

        assertThat(jobs.complete(end)).isTrue();

        Job job = queue.find(claim);
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.completedAt()).contains(NOW.plusSeconds(1));
        assertThat(job.errorMessage()).isEmpty();
        Execution execution = queue.execution(job.execution());
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(execution.outcome()).contains(OutcomeKind.SUCCEEDED);
        assertThat(execution.output().orElseThrow().text()).isEqualTo(end.end().output());
        assertThat(execution.wallTime()).contains(end.end().wallTime());
        assertThat(execution.cpuTime()).contains(end.end().cpuTime());
        assertThat(execution.httpRequests()).isEqualTo(3);
        assertThat(execution.hasRecording()).isTrue();
        assertThat(queue.executions().recording(TENANT, execution.id())).contains(recording);
        assertThat(queue.executions().log(TENANT, execution.id(), 0, LogLine.Level.TRACE, "", 10))
                .singleElement()
                .satisfies(line -> assertThat(line.line().message()).isEqualTo("a \uFFFD line"));
        assertThat(queue.deliveries().ofExecution(TENANT, execution.id()))
                .singleElement()
                .satisfies(stored -> assertThat(stored.id()).isEqualTo(delivery.id()));
        assertThat(jobs.held(queue.node)).isEmpty();
        assertThat(jobs.stats(TENANT).averageMillis()).isEqualTo(20.0);
    }

    @Test
    void completeWhenRepeatedAfterAnUnknownCommitIsTrueAndChangesNothing() {
        Claim claim = queue.running();
        AttemptEnd end = queue.again(claim, NOW);
        assertThat(jobs.complete(end)).isTrue();
        Job after = queue.find(claim);

        assertThat(jobs.complete(end)).isTrue();

        assertThat(queue.find(claim)).isEqualTo(after);
        assertThat(queue.executions().ofJob(TENANT, after.id())).hasSize(2);
        assertThat(count("select failed as n from task_counters")).isEqualTo(1);
        // And still so when the next attempt is under way.
        queue.claimOne();
        assertThat(jobs.complete(end)).isTrue();
        assertThat(queue.execution(claim.job().execution()).lateResult()).isEmpty();
    }

    @Test
    void completeWhenFailedForGoodIsADeadLetter() {
        Claim claim = queue.running();

        assertThat(jobs.complete(QueueFixture.failed(claim))).isTrue();

        Job job = queue.find(claim);
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.errorMessage()).contains("no \uFFFD such thing");
        Execution execution = queue.execution(job.execution());
        assertThat(execution.error().orElseThrow().type()).isEqualTo("TypeError");
        assertThat(execution.output()).isEmpty();
    }

    @Test
    void completeWhenToBeTriedAgainWaitsWithANewExecution() {
        Claim claim = queue.running();
        Instant due = NOW.plusSeconds(60);

        jobs.complete(queue.again(claim, due));

        Job job = queue.find(claim);
        assertThat(job.status()).isEqualTo(JobStatus.RETRYING);
        assertThat(job.retryCount()).isEqualTo(1);
        assertThat(job.attempt()).isEqualTo(2);
        assertThat(job.dueAt()).isEqualTo(due);
        assertThat(queue.executions().ofJob(TENANT, job.id()))
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.FAILED, ExecutionStatus.PENDING);
        assertThat(jobs.claim(queue.node, 1, NOW)).isEmpty();
        jobs.promoteDue(due, 10);
        Claim second = queue.claimOne();
        assertThat(second.job().execution()).isEqualTo(job.execution());
        assertThat(second.job().retryCount()).isEqualTo(1);
        assertThat(second.token()).isGreaterThan(claim.token());
        assertThat(queue.find(claim).startedAt()).contains(NOW);
    }

    @Test
    void completeWhenHandedBackIsQueuedAndNoRetry() {
        Claim claim = queue.running();

        jobs.complete(queue.handedBack(claim));

        Job job = queue.find(claim);
        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.retryCount()).isZero();
        assertThat(queue.claimOne().job().execution()).isEqualTo(job.execution());
    }

    @Test
    void completeWhenTheLeaseWasLostIsRefusedAndNoted() {
        Claim claim = queue.running();
        NodeId survivor = queue.newNode(NOW.plusSeconds(100));
        List<Claim> taken = jobs.takeOver(survivor, NOW.plusSeconds(31), 10);
        assertThat(taken).singleElement().satisfies(over -> {
            assertThat(over.job().id()).isEqualTo(claim.job().id());
            assertThat(over.token()).isGreaterThan(claim.token());
            assertThat(over.input()).isEqualTo(INPUT);
        });

        assertThat(jobs.complete(QueueFixture.succeeded(claim))).isFalse();

        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.PROCESSING);
        assertThat(queue.execution(claim.job().execution()).lateResult().orElseThrow())
                .contains("SUCCEEDED");
        assertThat(jobs.complete(QueueFixture.failed(taken.getFirst()))).isTrue();
        assertThat(jobs.complete(QueueFixture.succeeded(claim))).isFalse();
        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.FAILED);
        assertThat(queue.execution(claim.job().execution()).output()).isEmpty();
    }

    @Test
    void completeWhenSomebodyWantsItCancelledIsNotTriedAgain() {
        Claim claim = queue.running();
        assertThat(jobs.cancel(TENANT, claim.job().id(), "enough", NOW, DeliveryPlanner.NONE))
                .isEqualTo(new JobStore.Cancellation.Requested(claim.job().execution()));

        assertThat(jobs.complete(queue.again(claim, NOW.plusSeconds(60)))).isTrue();

        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(queue.executions().ofJob(TENANT, claim.job().id())).hasSize(1);
    }

    @Test
    void completeWhenSucceededDespiteAWishToCancelIsCompleted() {
        Claim claim = queue.running();
        jobs.cancel(TENANT, claim.job().id(), "too late", NOW, DeliveryPlanner.NONE);

        jobs.complete(QueueFixture.succeeded(claim));

        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(queue.find(claim).cancelRequested()).isFalse();
    }

    // ---- what running tasks say

    @Test
    void progressAndLogWhenTheClaimHoldsAreKept() {
        Claim claim = queue.running();
        LogLine info = new LogLine(LogLine.Level.INFO, 1, "Half 100% done_");
        LogLine error = new LogLine(LogLine.Level.ERROR, 2, "oops");

        jobs.progress(claim, 0.5, "half");
        jobs.appendLog(claim, 0, List.of(info));
        jobs.appendLog(claim, 0, List.of(info));
        jobs.appendLog(claim, 1, List.of(error));

        ExecutionId id = claim.job().execution();
        assertThat(queue.execution(id).progress()).contains(0.5);
        assertThat(queue.execution(id).progressMessage()).contains("half");
        assertThat(lines(id, 0, LogLine.Level.TRACE, "")).containsExactly(info, error);
        assertThat(lines(id, 1, LogLine.Level.TRACE, "")).containsExactly(error);
        assertThat(lines(id, 0, LogLine.Level.WARN, "")).containsExactly(error);
        assertThat(lines(id, 0, LogLine.Level.TRACE, "half 100% DONE_")).containsExactly(info);
        assertThat(lines(id, 0, LogLine.Level.TRACE, "_oops")).isEmpty();
    }

    @Test
    void progressAndLogWhenTheClaimIsLostAreDropped() {
        Claim claim = queue.running();
        jobs.takeOver(queue.newNode(NOW.plusSeconds(100)), NOW.plusSeconds(31), 10);

        jobs.progress(claim, 0.5, "half");
        jobs.appendLog(claim, 0, List.of(new LogLine(LogLine.Level.INFO, 1, "late")));

        ExecutionId id = claim.job().execution();
        assertThat(queue.execution(id).progress()).isEmpty();
        assertThat(lines(id, 0, LogLine.Level.TRACE, "")).isEmpty();
    }

    @Test
    void unsafeRequestsWhenUnansweredAreUnsettled() {
        ExecutionId id = queue.running().job().execution();
        assertThat(queue.executions().hasUnsettledRequest(id)).isFalse();

        jobs.requestIntended(id, 1, "POST", "https://example.com", NOW);
        assertThat(queue.executions().hasUnsettledRequest(id)).isTrue();

        jobs.requestAnswered(id, 1, "HTTP 200", NOW);
        assertThat(queue.executions().hasUnsettledRequest(id)).isFalse();
    }

    // ---- dead nodes

    @Test
    void takeOverWhenLeasesHoldTakesNothing() {
        queue.running();

        assertThat(jobs.takeOver(queue.newNode(NOW.plusSeconds(100)), NOW.plusSeconds(30), 10))
                .isEmpty();
    }

    @Test
    void takeOverWhenSeveralNodesRaceGivesEachJobOnce() throws Exception {
        for (int i = 0; i < 60; i++) {
            queue.draft().accepted();
        }
        assertThat(jobs.claim(queue.node, 60, NOW)).hasSize(60);
        Set<JobId> taken = ConcurrentHashMap.newKeySet();
        AtomicInteger count = new AtomicInteger();

        inParallel(4, _ -> {
            NodeId node = queue.newNode(NOW.plusSeconds(100));
            List<Claim> claims;
            do {
                claims = jobs.takeOver(node, NOW.plusSeconds(31), 7);
                claims.forEach(claim -> taken.add(claim.job().id()));
                count.addAndGet(claims.size());
            } while (!claims.isEmpty());
            return 0;
        });

        assertThat(taken).hasSize(60);
        assertThat(count).hasValue(60);
        queue.nodes().forgetDead(NOW.plusSeconds(31));
        assertThat(queue.nodes().nodes()).hasSize(4).noneMatch(node -> node.id().equals(queue.node));
    }

    @Test
    void reclaimWhenOnlyTheDatabaseKnowsOfTheClaimGivesItANewToken() {
        Claim claim = queue.running();
        assertThat(jobs.held(queue.node)).isEqualTo(Map.of(claim.job().id(), claim.token()));

        JobStore.Reclaimed again =
                jobs.reclaim(queue.node, claim.job().id(), claim.token()).orElseThrow();

        assertThat(again.elsewhere()).isFalse();
        assertThat(again.claim().token()).isGreaterThan(claim.token());
        assertThat(jobs.reclaim(queue.node, claim.job().id(), claim.token())).isEmpty();
        assertThat(jobs.complete(QueueFixture.succeeded(claim))).isFalse();
        assertThat(jobs.complete(QueueFixture.succeeded(again.claim()))).isTrue();
    }

    @Test
    void reclaimWhenTakenOverSaysThatItBeganElsewhere() {
        queue.running();
        NodeId survivor = queue.newNode(NOW.plusSeconds(100));
        Claim over = jobs.takeOver(survivor, NOW.plusSeconds(31), 10).getFirst();

        assertThat(jobs.reclaim(survivor, over.job().id(), over.token())
                        .orElseThrow()
                        .elsewhere())
                .isTrue();
    }

    // ---- cancelling

    @Test
    void cancelWhenWaitingEndsTheJobAndItsExecution() {
        Job queued = queue.draft().accepted();
        Job later = queue.draft().later(NOW.plusSeconds(60)).accepted();
        Claim failed = queue.running(queue.draft().with(JobPriority.CRITICAL));
        jobs.complete(queue.again(failed, NOW.plusSeconds(60)));
        Job retrying = queue.find(failed);

        for (Job job : List.of(queued, later, retrying)) {
            assertThat(jobs.cancel(TENANT, job.id(), "no more", NOW, DeliveryPlanner.NONE))
                    .isEqualTo(new JobStore.Cancellation.Done(job.execution()));
            Job cancelled = queue.find(job.id());
            assertThat(cancelled.status()).isEqualTo(JobStatus.CANCELLED);
            assertThat(cancelled.completedAt()).contains(NOW);
            Execution execution = queue.execution(job.execution());
            assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(execution.error().orElseThrow().message()).isEqualTo("no more");
        }
        jobs.promoteDue(NOW.plusSeconds(60), 10);
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
        assertThat(count("select cancelled as n from task_counters")).isEqualTo(3);
    }

    @Test
    void cancelWhenWaitingStoresTheDeliveriesOfItsEnd() {
        Claim failed = queue.running();
        jobs.complete(queue.again(failed, NOW.plusSeconds(60)));
        Job retrying = queue.find(failed);
        NewDelivery planned =
                new NewDelivery(new DeliveryId(queue.ids.next()), "STDIO", new JsonText("{\"type\":\"stdio\"}"));

        jobs.cancel(TENANT, retrying.id(), "no more", NOW, (destinations, succeeded) -> {
            assertThat(destinations).isEqualTo(retrying.destinations());
            assertThat(succeeded).isFalse();
            return List.of(planned);
        });

        assertThat(queue.deliveries().ofExecution(TENANT, retrying.execution()))
                .extracting(delivery -> delivery.id())
                .containsExactly(planned.id());
        assertThat(queue.deliveries().nextDue()).contains(NOW);
        jobs.cancel(TENANT, retrying.id(), "again", NOW, (_, _) -> {
            throw new AssertionError("it had ended");
        });
    }

    @Test
    void completeWhenCancelledElsewhereInsteadOfTriedAgainStoresTheDeliveries() {
        Claim claim = queue.running();
        jobs.cancel(TENANT, claim.job().id(), "enough", NOW, DeliveryPlanner.NONE);
        NewDelivery planned =
                new NewDelivery(new DeliveryId(queue.ids.next()), "STDIO", new JsonText("{\"type\":\"stdio\"}"));

        jobs.complete(QueueFixture.end(
                claim,
                QueueFixture.failure(OutcomeKind.TASK_FAILED),
                new AttemptEnd.Then.Again(NOW.plusSeconds(60), new ExecutionId(queue.ids.next())),
                List.of(planned)));

        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(queue.deliveries().ofExecution(TENANT, claim.job().execution()))
                .extracting(delivery -> delivery.id())
                .containsExactly(planned.id());
    }

    @Test
    void completeWhenTriedAgainStoresNoDeliveries() {
        Claim claim = queue.running();
        NewDelivery planned =
                new NewDelivery(new DeliveryId(queue.ids.next()), "STDIO", new JsonText("{\"type\":\"stdio\"}"));

        jobs.complete(QueueFixture.end(
                claim,
                QueueFixture.failure(OutcomeKind.TASK_FAILED),
                new AttemptEnd.Then.Again(NOW.plusSeconds(60), new ExecutionId(queue.ids.next())),
                List.of(planned)));

        assertThat(queue.deliveries().ofExecution(TENANT, claim.job().execution()))
                .isEmpty();
    }

    @Test
    void cancelWhenRunningIsAWishThatTheNodeHears() {
        Claim claim = queue.running();

        jobs.cancel(TENANT, claim.job().id(), "stop", NOW, DeliveryPlanner.NONE);

        assertThat(queue.find(claim).cancelRequested()).isTrue();
        assertThat(jobs.cancelRequests(queue.node)).containsExactly(claim.job().id());
        jobs.complete(QueueFixture.cancelled(claim));
        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(jobs.cancelRequests(queue.node)).isEmpty();
    }

    @Test
    void cancelWhenEndedSaysHow() {
        Claim done = queue.running();
        jobs.complete(QueueFixture.succeeded(done));
        Claim dead = queue.running();
        jobs.complete(QueueFixture.failed(dead));
        Job gone = queue.draft().accepted();
        jobs.cancel(TENANT, gone.id(), "first", NOW, DeliveryPlanner.NONE);

        assertThat(jobs.cancel(TENANT, done.job().id(), "x", NOW, DeliveryPlanner.NONE))
                .isEqualTo(new JobStore.Cancellation.Ended(JobStatus.COMPLETED));
        assertThat(jobs.cancel(TENANT, dead.job().id(), "x", NOW, DeliveryPlanner.NONE))
                .isEqualTo(new JobStore.Cancellation.Ended(JobStatus.FAILED));
        assertThat(jobs.cancel(TENANT, gone.id(), "x", NOW, DeliveryPlanner.NONE))
                .isEqualTo(new JobStore.Cancellation.Ended(JobStatus.CANCELLED));
        assertThat(jobs.cancel(TENANT, new JobId(queue.ids.next()), "x", NOW, DeliveryPlanner.NONE))
                .isEqualTo(new JobStore.Cancellation.Unknown());
    }

    // ---- trying again

    @Test
    void redriveWhenEndedWithoutSuccessTriesAgainWithFreshRetries() {
        Claim claim = queue.running();
        jobs.complete(queue.again(claim, NOW));
        jobs.complete(QueueFixture.failed(queue.claimOne()));
        ExecutionId next = new ExecutionId(queue.ids.next());

        assertThat(jobs.redrive(TENANT, claim.job().id(), next, NOW.plusSeconds(9)))
                .isEqualTo(new JobStore.Redrive.Done(next));

        Job job = queue.find(claim);
        assertThat(job.status()).isEqualTo(JobStatus.RETRYING);
        assertThat(job.retryCount()).isZero();
        assertThat(job.attempt()).isEqualTo(3);
        assertThat(job.completedAt()).isEmpty();
        assertThat(job.errorMessage()).isEmpty();
        assertThat(queue.claimOne().job().execution()).isEqualTo(next);
    }

    @Test
    void redriveWhenCancelledForgetsTheWish() {
        Claim claim = queue.running();
        jobs.cancel(TENANT, claim.job().id(), "stop", NOW, DeliveryPlanner.NONE);
        jobs.complete(QueueFixture.cancelled(claim));

        jobs.redrive(TENANT, claim.job().id(), new ExecutionId(queue.ids.next()), NOW);

        Claim again = queue.claimOne();
        assertThat(again.job().cancelRequested()).isFalse();
        assertThat(jobs.complete(queue.again(again, NOW))).isTrue();
        assertThat(queue.find(claim).status()).isEqualTo(JobStatus.RETRYING);
    }

    @Test
    void redriveWhenWaitingForItsTimeRunsAtOnceAndAnotherKeepsItsPlace() {
        Job first = queue.draft().accepted();
        Job second = queue.draft().accepted();
        Job later = queue.draft().later(NOW.plusSeconds(600)).accepted();

        jobs.redrive(TENANT, later.id(), new ExecutionId(queue.ids.next()), NOW.plusSeconds(1));
        jobs.redrive(TENANT, first.id(), new ExecutionId(queue.ids.next()), NOW.plusSeconds(1));

        assertThat(jobs.claim(queue.node, 10, NOW.plusSeconds(1)))
                .extracting(claim -> claim.job().id())
                .containsExactly(first.id(), second.id(), later.id());
    }

    @Test
    void redriveWhenRunningOrCompletedIsNotPossible() {
        Claim claim = queue.running();
        ExecutionId next = new ExecutionId(queue.ids.next());

        assertThat(jobs.redrive(TENANT, claim.job().id(), next, NOW))
                .isEqualTo(new JobStore.Redrive.NotPossible(JobStatus.PROCESSING));
        jobs.complete(QueueFixture.succeeded(claim));
        assertThat(jobs.redrive(TENANT, claim.job().id(), next, NOW))
                .isEqualTo(new JobStore.Redrive.NotPossible(JobStatus.COMPLETED));
    }

    // ---- pausing

    @Test
    void pauseQueueWhenPausedLeavesEverything() {
        Job job = queue.draft().accepted();
        assertThat(jobs.isQueuePaused(TENANT)).isFalse();

        jobs.pauseQueue(TENANT, true);
        assertThat(jobs.isQueuePaused(TENANT)).isTrue();
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();

        jobs.pauseQueue(TENANT, false);
        assertThat(queue.claimOne().job().id()).isEqualTo(job.id());
    }

    @Test
    void pauseTaskWhenPausedLeavesItsJobsOnly() {
        Job before = queue.draft().accepted();
        Task other = queue.newTask("other", TENANT, Optional.empty());
        jobs.pauseTask(TENANT, queue.task.id(), true);
        Job during = queue.draft().accepted();
        Job later = queue.draft().later(NOW.plusSeconds(60)).accepted();
        Job others = queue.draft().of(other).accepted();
        jobs.promoteDue(NOW.plusSeconds(60), 10);

        assertThat(jobs.claim(queue.node, 10, NOW))
                .extracting(claim -> claim.job().id())
                .containsExactly(others.id());
        assertThat(jobs.waiting(10)).isEqualTo(3);

        jobs.pauseTask(TENANT, queue.task.id(), false);
        assertThat(jobs.claim(queue.node, 10, NOW))
                .extracting(claim -> claim.job().id())
                .containsExactly(before.id(), during.id(), later.id());
    }

    @Test
    void pauseTaskWhenAGateWasMissedIsMadeGoodLater() {
        Job job = queue.draft().accepted();
        // As when one is accepted while its task is paused: neither sees the other.
        queue.sql().commit(session -> session.update("update tasks set paused = ?", true));
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();
        assertThat(queue.find(job.id()).status()).isEqualTo(JobStatus.QUEUED);
        queue.sql().commit(session -> session.update("update tasks set paused = ?", false));
        assertThat(jobs.claim(queue.node, 10, NOW)).isEmpty();

        assertThat(jobs.promoteDue(NOW, 10)).isEqualTo(1);

        assertThat(queue.claimOne().job().id()).isEqualTo(job.id());
    }

    // ---- changing

    @Test
    void updateWhenTheRevisionIsTheNextReplacesWhatMayChange() {
        Job job = queue.draft().accepted();
        Job changed = next(job.changed(
                JobPriority.CRITICAL,
                9,
                Optional.of(NOW.plusSeconds(60)),
                NOW.plusSeconds(60),
                List.of("red"),
                Optional.empty()));

        assertThat(jobs.update(changed)).isTrue();

        assertThat(queue.find(job.id())).isEqualTo(changed);
        assertThat(jobs.claim(queue.node, 1, NOW)).isEmpty();
        assertThat(jobs.nextDue()).contains(NOW.plusSeconds(60));
        assertThat(jobs.update(changed)).isFalse();
        Job atOnce = next(changed.changed(JobPriority.LOW, 1, Optional.empty(), NOW, List.of(), Optional.empty()));
        assertThat(jobs.update(atOnce)).isTrue();
        assertThat(queue.claimOne().job().id()).isEqualTo(job.id());
    }

    @Test
    void updateWhenRunningIsRefused() {
        Claim claim = queue.running();
        Job job = queue.find(claim);

        assertThat(jobs.update(next(job))).isFalse();
    }

    private static Job next(Job job) {
        return new Job(
                job.id(),
                job.tenant(),
                job.task(),
                job.version(),
                job.origin(),
                job.schedule(),
                job.actor(),
                job.priority(),
                job.status(),
                job.retryCount(),
                job.retry(),
                job.concurrency(),
                job.timeout(),
                job.tags(),
                job.destinations(),
                job.queuedAt(),
                job.scheduledFor(),
                job.dueAt(),
                job.startedAt(),
                job.completedAt(),
                job.execution(),
                job.attempt(),
                job.errorMessage(),
                job.cancelRequested(),
                job.redriven(),
                job.revision() + 1);
    }

    @Test
    void deleteWhenEndedRemovesEverythingOfTheJob() {
        JsonText large = new JsonText("\"" + "x".repeat(70_000) + "\"");
        Claim claim = queue.running(queue.draft().input(large));
        assertThat(jobs.delete(TENANT, claim.job().id())).isFalse();
        jobs.complete(new AttemptEnd(
                claim,
                QueueFixture.success(large),
                NOW,
                new AttemptEnd.Then.Done(JobStatus.COMPLETED),
                0,
                List.of(new LogLine(LogLine.Level.INFO, 1, "x")),
                Optional.of(large),
                List.of(),
                Optional.empty()));
        assertThat(payloads()).isEqualTo(3);

        assertThat(jobs.delete(TENANT, claim.job().id())).isTrue();

        assertThat(jobs.find(TENANT, claim.job().id())).isEmpty();
        assertThat(queue.executions().find(TENANT, claim.job().execution())).isEmpty();
        assertThat(payloads()).isZero();
        assertThat(count("select count(*) as n from execution_logs")).isZero();
        assertThat(jobs.delete(TENANT, claim.job().id())).isFalse();
    }

    @Test
    void deleteAttemptWhenTheJobDoesNotStandWithItRemovesItAndWhatBelongsToIt() {
        Claim first = queue.running();
        NewDelivery planned =
                new NewDelivery(new DeliveryId(queue.ids.next()), "STDIO", new JsonText("{\"type\":\"stdio\"}"));
        jobs.appendLog(first, 0, List.of(new LogLine(LogLine.Level.INFO, 1, "line")));
        jobs.complete(QueueFixture.end(
                first,
                QueueFixture.failure(OutcomeKind.TASK_FAILED),
                new AttemptEnd.Then.Done(JobStatus.FAILED),
                List.of(planned)));
        ExecutionId gone = first.job().execution();
        assertThat(jobs.deleteAttempt(TENANT, gone))
                .as("it is what the job stands with")
                .isFalse();
        jobs.redrive(TENANT, first.job().id(), new ExecutionId(queue.ids.next()), NOW);
        assertThat(jobs.deleteAttempt(TENANT, gone))
                .as("its delivery is under way")
                .isFalse();
        assertThat(jobs.deleteAttempt(TENANT, queue.find(first).execution())).isFalse();
        queue.sql().commit(session -> session.update("update deliveries set due_at = null, completed_at = 1"));
        assertThat(jobs.deleteAttempt(new TenantId("other"), gone)).isFalse();

        assertThat(jobs.deleteAttempt(TENANT, gone)).isTrue();

        assertThat(queue.executions().find(TENANT, gone)).isEmpty();
        assertThat(queue.deliveries().ofExecution(TENANT, gone)).isEmpty();
        assertThat(count("select count(*) as n from execution_logs")).isZero();
        assertThat(jobs.deleteAttempt(TENANT, gone)).isFalse();
        jobs.complete(QueueFixture.succeeded(queue.claimOne()));
        assertThat(queue.find(first).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(queue.executions().ofJob(TENANT, first.job().id())).hasSize(1);
    }

    @Test
    void statsWhenJobsStandEverywhereCountsThem() {
        Claim done = queue.running();
        jobs.complete(QueueFixture.succeeded(done));
        jobs.complete(QueueFixture.failed(queue.running()));
        queue.running();
        queue.draft().later(NOW.plusSeconds(60)).accepted();
        queue.draft().at(NOW.plusSeconds(5)).accepted();

        JobStore.JobStats stats = jobs.stats(TENANT);

        assertThat(stats.byStatus())
                .isEqualTo(Map.of(
                        JobStatus.QUEUED, 2L,
                        JobStatus.PROCESSING, 1L,
                        JobStatus.RETRYING, 0L,
                        JobStatus.COMPLETED, 1L,
                        JobStatus.FAILED, 1L,
                        JobStatus.CANCELLED, 0L));
        assertThat(stats.oldestWaiting()).contains(NOW.plusSeconds(5));
        assertThat(jobs.waiting(10)).isEqualTo(1);
        assertThat(queue.executions().stats(TENANT, NOW).byStatus())
                .containsEntry(ExecutionStatus.COMPLETED, 1L)
                .containsEntry(ExecutionStatus.PENDING, 2L);
        assertThat(queue.executions().stats(TENANT, NOW.plusSeconds(6)).byStatus())
                .containsEntry(ExecutionStatus.PENDING, 0L);
    }

    @Test
    void statsWhenEndedJobsAreTriedAgainOrRemovedCountsTheOthers() {
        Claim done = queue.running();
        jobs.complete(QueueFixture.succeeded(done));
        Claim kept = queue.running();
        jobs.complete(QueueFixture.succeeded(kept));
        Claim dead = queue.running();
        jobs.complete(QueueFixture.failed(dead));
        Job gone = queue.draft().accepted();
        jobs.cancel(TENANT, gone.id(), "no more", NOW, DeliveryPlanner.NONE);
        assertThat(jobs.stats(TENANT).byStatus())
                .containsEntry(JobStatus.COMPLETED, 2L)
                .containsEntry(JobStatus.FAILED, 1L)
                .containsEntry(JobStatus.CANCELLED, 1L);

        jobs.delete(TENANT, done.job().id());
        jobs.redrive(TENANT, dead.job().id(), new ExecutionId(queue.ids.next()), NOW);
        RetentionStore retention = queue.database.get(RetentionStore.class);
        JobId newest = retention.newestBeyondCount(TENANT, queue.task.id(), 0).orElseThrow();
        assertThat(retention.removeUpTo(TENANT, queue.task.id(), newest, RetentionStore.MAX_JOBS))
                .isEqualTo(2);

        assertThat(jobs.stats(TENANT).byStatus())
                .isEqualTo(Map.of(
                        JobStatus.QUEUED, 0L,
                        JobStatus.PROCESSING, 0L,
                        JobStatus.RETRYING, 1L,
                        JobStatus.COMPLETED, 0L,
                        JobStatus.FAILED, 0L,
                        JobStatus.CANCELLED, 0L));
        assertThat(queue.find(dead).status()).isEqualTo(JobStatus.RETRYING);
    }

    // ---- helpers

    private List<LogLine> lines(ExecutionId id, long from, LogLine.Level atLeast, String containing) {
        return queue.executions().log(TENANT, id, from, atLeast, containing, 100).stream()
                .map(numbered -> numbered.line())
                .toList();
    }

    private long payloads() {
        return count("select count(*) as n from payloads");
    }

    private long count(String sql) {
        return queue.sql()
                .read(session -> session.queryFirst(sql, row -> row.getLong("n")))
                .orElse(0L);
    }

    private interface Work<T> {
        T run(int index) throws Exception;
    }

    private static <T> List<T> inParallel(int threads, Work<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            ExecutorCompletionService<T> running = new ExecutorCompletionService<>(pool);
            for (int i = 0; i < threads; i++) {
                int index = i;
                running.submit(() -> work.run(index));
            }
            List<T> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                // Whichever ends first: one that fails must not be waited for in vain by the others.
                Future<T> ended = running.poll(60, TimeUnit.SECONDS);
                assertThat(ended).as("a thread that ends in time").isNotNull();
                results.add(ended.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
