package dev.ratchet.storage;

import static dev.ratchet.storage.QueueFixture.NOW;
import static dev.ratchet.storage.QueueFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations in any order: whatever happens, states change only as core's tables allow, and nothing is left hanging. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class QueueRandomTest {
    private static final int JOBS = 12;
    private static final int STEPS = 400;
    private static final List<JobPriority> PRIORITIES = List.of(JobPriority.values());

    private final QueueFixture queue;
    private final JobStore jobs;
    private final List<Job> accepted = new ArrayList<>();
    private final List<Claim> claims = new ArrayList<>();
    private final Map<JobId, JobStatus> jobStates = new HashMap<>();
    private final Map<ExecutionId, ExecutionStatus> executionStates = new HashMap<>();
    private Instant now = NOW;

    QueueRandomTest(TestDatabase.Vendor vendor) {
        this.queue = new QueueFixture(vendor);
        this.jobs = queue.jobs();
    }

    @Test
    void statesWhenAnythingHappensChangeAsTheTablesAllow() {
        for (long seed : new long[] {1, 2, 3}) {
            Random random = new Random(seed);
            accepted.clear();
            claims.clear();
            for (int step = 0; step < STEPS; step++) {
                String did = step(random);
                check("seed " + seed + ", step " + step + ": " + did);
            }
            drain("seed " + seed);
        }
    }

    private String step(Random random) {
        int what = random.nextInt(11);
        if (accepted.size() < JOBS && (what == 0 || accepted.isEmpty())) {
            QueueFixture.Draft draft = queue.draft().at(now).with(PRIORITIES.get(random.nextInt(PRIORITIES.size())));
            draft = random.nextBoolean() ? draft.alone("k", 1 + random.nextInt(2)) : draft;
            draft = random.nextInt(4) == 0 ? draft.later(now.plusSeconds(5)) : draft;
            accepted.add(draft.accepted());
            return "accept";
        }
        JobId any = accepted.get(random.nextInt(accepted.size())).id();
        switch (what) {
            case 1, 2 -> claims.addAll(jobs.claim(queue.node, 1 + random.nextInt(3), now));
            case 3, 4, 5 -> complete(random);
            case 6 -> jobs.cancel(TENANT, any, "random", now, DeliveryPlanner.NONE);
            case 7 -> jobs.redrive(TENANT, any, new ExecutionId(queue.ids.next()), now);
            case 8 -> jobs.pauseTask(TENANT, queue.task.id(), random.nextInt(3) == 0);
            case 9 -> {
                if (random.nextInt(5) == 0) {
                    // The node dies, and another takes everything over; old claims are kept to come late.
                    queue.nodes().renew(queue.node, now.minusSeconds(1));
                    List<Claim> over = jobs.takeOver(queue.newNode(now.plusSeconds(1_000_000)), now, 100);
                    claims.addAll(over);
                    queue.nodes().renew(queue.node, now.plusSeconds(1_000_000));
                }
            }
            default -> {
                now = now.plusSeconds(1);
                jobs.promoteDue(now, 100);
            }
        }
        return "case " + what;
    }

    private void complete(Random random) {
        if (claims.isEmpty()) {
            return;
        }
        // Sometimes twice, and sometimes with another end than before.
        Claim claim = claims.get(random.nextInt(claims.size()));
        AttemptEnd end =
                switch (random.nextInt(5)) {
                    case 0 -> QueueFixture.failed(claim);
                    case 1 -> queue.again(claim, now.plusSeconds(random.nextInt(3)));
                    case 2 -> queue.handedBack(claim);
                    case 3 -> QueueFixture.cancelled(claim);
                    default -> QueueFixture.succeeded(claim);
                };
        jobs.complete(end);
        if (random.nextInt(3) > 0) {
            claims.remove(claim);
        }
    }

    private void check(String when) {
        for (Job job : accepted) {
            Job found = queue.find(job.id());
            JobStatus before = jobStates.put(job.id(), found.status());
            if (before != null && before != found.status()) {
                assertThat(reachable(before, found.status()))
                        .as("%s: job %s > %s", when, before, found.status())
                        .isTrue();
            }
            List<Execution> attempts = queue.executions().ofJob(TENANT, job.id());
            for (Execution execution : attempts) {
                ExecutionStatus last = executionStates.put(execution.id(), execution.status());
                if (last != null && last != execution.status()) {
                    assertThat(last.allows(execution.status()))
                            .as("%s: execution %s > %s", when, last, execution.status())
                            .isTrue();
                }
            }
            assertThat(attempts).as(when).hasSize(found.attempt());
            Execution latest = attempts.getLast();
            assertThat(latest.id()).as(when).isEqualTo(found.execution());
            assertThat(attempts.subList(0, attempts.size() - 1)).as(when).allMatch(earlier -> earlier.status()
                    .isTerminal());
            ExecutionStatus expected =
                    switch (found.status()) {
                        case QUEUED, RETRYING -> ExecutionStatus.PENDING;
                        case PROCESSING -> ExecutionStatus.RUNNING;
                        case COMPLETED -> ExecutionStatus.COMPLETED;
                        case FAILED, CANCELLED ->
                            latest.status().isTerminal() ? latest.status() : ExecutionStatus.FAILED;
                    };
            assertThat(latest.status()).as("%s: %s", when, found.status()).isEqualTo(expected);
            assertThat(found.completedAt().isPresent())
                    .as(when)
                    .isEqualTo(found.status().isTerminal());
        }
    }

    /** A claim that finds no room is undone within its transaction, so a handed-back job may seem to change in one step. */
    private static boolean reachable(JobStatus from, JobStatus to) {
        return from.allows(to) || (from.allows(JobStatus.PROCESSING) && to == JobStatus.RETRYING);
    }

    /** Everything can be brought to an end: no job is stuck, no slot is lost. */
    private void drain(String when) {
        jobs.pauseTask(TENANT, queue.task.id(), false);
        Instant later = now.plusSeconds(1_000);
        for (int round = 0; round < 200; round++) {
            for (Claim claim : List.copyOf(claims)) {
                jobs.complete(QueueFixture.succeeded(claim));
            }
            claims.clear();
            jobs.promoteDue(later, 100);
            claims.addAll(jobs.claim(queue.node, 2, later));
            if (claims.isEmpty()
                    && accepted.stream()
                            .allMatch(job -> queue.find(job.id()).status().isTerminal())) {
                break;
            }
        }
        assertThat(accepted)
                .as(when)
                .allMatch(job -> queue.find(job.id()).status().isTerminal());
        long slots = queue.sql()
                .read(session ->
                        session.queryFirst("select count(*) as n from concurrency_slots", row -> row.getLong("n")))
                .orElse(0L);
        assertThat(slots).as(when).isZero();
    }
}
