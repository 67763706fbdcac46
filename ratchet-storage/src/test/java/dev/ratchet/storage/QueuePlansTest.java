package dev.ratchet.storage;

import static dev.ratchet.storage.QueueFixture.NOW;
import static dev.ratchet.storage.QueueFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryField;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionField;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.Field;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Order;
import dev.ratchet.core.listing.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** That the queue's hot queries walk their indexes, and that its lists find what they are asked for. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class QueuePlansTest {
    private final QueueFixture queue;
    private final TestDatabase.Vendor vendor;

    QueuePlansTest(TestDatabase.Vendor vendor) {
        this.vendor = vendor;
        this.queue = new QueueFixture(vendor);
    }

    // ---- plans

    @Test
    void claimWhenManyJobsHaveEndedWalksTheIndexOfClaimableJobs() {
        fill();

        assertThat(plan("select id from jobs where tenant_id = 'default' and gate = 1 order by rank, id limit 10"))
                .contains("jobs_claimable")
                .doesNotContain("TEMP B-TREE")
                .doesNotContain("Sort");
        assertThat(plan("select tenant_id from jobs where gate = 1 and tenant_id > '' order by tenant_id limit 1"))
                .contains("jobs_claimable");
    }

    @Test
    void nextDueWhenManyJobsHaveEndedWalksTheIndexOfLaterJobs() {
        fill();

        assertThat(plan("select due_at from jobs where gate = 0 order by due_at limit 1"))
                .contains("jobs_for_later");
        assertThat(plan("select id from jobs where gate = 0 and due_at <= 1 order by due_at limit 10"))
                .contains("jobs_for_later");
    }

    @Test
    void statsWhenManyJobsHaveEndedLooksAtTheUnfinishedOnly() {
        fill();

        String unfinished = plan("select status, count(*) as n from jobs where tenant_id = '" + TENANT.value()
                + "' and status <> 'COMPLETED' and status in ('QUEUED', 'PROCESSING', 'RETRYING') group by status");
        assertThat(unfinished).contains("jobs_unfinished").doesNotContain("Seq Scan");
        assertThat(queue.jobs().stats(TENANT).byStatus()).containsEntry(JobStatus.QUEUED, 2L);
    }

    /** Ended jobs by the thousand, and some of every other kind. */
    private void fill() {
        queue.draft().accepted();
        queue.draft().later(NOW.plusSeconds(60)).accepted();
        String columns =
                "tenant_id, task_id, version_id, origin, actor, priority, rank, due_at, queued_at, retry_count, "
                        + "max_retries, retry_policy, tags, input, input_bytes, execution_id, attempt, redriven, lease_token, "
                        + "revision";
        queue.sql().commit(session -> {
            String numbers =
                    switch (vendor) {
                        case SQLITE ->
                            "(with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) "
                                    + "select i from n)";
                        case POSTGRESQL -> "(select generate_series(1, 5000) as i)";
                    };
            session.update("insert into jobs (id, status, gate, " + columns + ") select 'done-' || n.i, 'COMPLETED', "
                    + "null, " + columns + " from jobs, " + numbers + " n where jobs.gate = 1");
            return session.update("analyze");
        });
    }

    private String plan(String statement) {
        String explain =
                switch (vendor) {
                    case SQLITE -> "explain query plan ";
                    case POSTGRESQL -> "explain ";
                };
        int column =
                switch (vendor) {
                    case SQLITE -> 4;
                    case POSTGRESQL -> 1;
                };
        List<String> lines =
                queue.sql().read(session -> session.query(explain + statement, row -> row.getString(column)));
        return String.join("\n", lines);
    }

    // ---- lists

    @Test
    void jobsWhenFilteredByAnyFieldFindsTheRightOnes() {
        Job waiting = queue.draft()
                .with(JobPriority.HIGH)
                .alone("k", 2)
                .later(NOW.plusSeconds(600))
                .accepted();
        Claim dead = queue.running(queue.draft().retries(0));
        queue.jobs().complete(QueueFixture.failed(dead));
        Claim done = queue.running();
        queue.jobs().complete(QueueFixture.succeeded(done));

        assertThat(jobs(Condition.equal(JobField.ID, waiting.id().value())))
                .containsExactly(waiting.id().value());
        for (JobField field : JobField.values()) {
            assertThat(jobs(new Condition<>(field, Operator.NE, List.of(sample(field)))))
                    .as("%s", field)
                    .isNotNull();
        }
        assertThat(jobs(Condition.equal(JobField.STATUS, "FAILED"))).containsExactly(id(dead));
        assertThat(jobs(new Condition<>(JobField.STATUS, Operator.NE, List.of("COMPLETED"))))
                .containsExactlyInAnyOrder(waiting.id().value(), id(dead));
        assertThat(jobs(new Condition<>(JobField.STATUS, Operator.IN, List.of("COMPLETED", "FAILED"))))
                .containsExactlyInAnyOrder(id(done), id(dead));
        assertThat(jobs(Condition.equal(JobField.DEAD_LETTER, true))).containsExactly(id(dead));
        assertThat(jobs(Condition.equal(JobField.PRIORITY, "HIGH")))
                .containsExactly(waiting.id().value());
        assertThat(jobs(Condition.equal(JobField.CONCURRENCY_KEY, "k")))
                .containsExactly(waiting.id().value());
        assertThat(jobs(Condition.equal(JobField.IS_SCHEDULED, true)))
                .containsExactly(waiting.id().value());
        assertThat(jobs(Condition.equal(JobField.HAS_ERROR, true))).containsExactly(id(dead));
        assertThat(jobs(Condition.equal(JobField.HAS_RETRIES_REMAINING, false))).containsExactly(id(dead));
        assertThat(jobs(new Condition<>(JobField.DUE_AT, Operator.GT, List.of(NOW))))
                .containsExactly(waiting.id().value());
        assertThat(jobs(Condition.equal(JobField.TAG, "a \"quoted\" one"))).hasSize(3);
        assertThat(jobs(Condition.equal(JobField.TAG, "quoted"))).isEmpty();
    }

    @Test
    void jobsWhenSortedAndPagedGivesEachOnce() {
        for (JobPriority priority : JobPriority.values()) {
            queue.draft().with(priority).accepted();
            queue.draft().with(priority).accepted();
        }
        for (JobField field : JobField.values()) {
            if (!field.sortable()) {
                continue;
            }
            List<UUID> seen = new ArrayList<>();
            Optional<String> cursor = Optional.empty();
            do {
                Listing<Job> page = queue.jobs()
                        .list(
                                TENANT,
                                new ListQuery<>(
                                        List.of(), List.of(new Order<>(field, true)), new Slice.After(cursor, 3)));
                page.items().forEach(job -> seen.add(job.id().value()));
                cursor = page.nextCursor();
            } while (cursor.isPresent());
            assertThat(seen).as("%s", field).hasSize(8).doesNotHaveDuplicates();
        }
        Listing<Job> first = queue.jobs()
                .list(
                        TENANT,
                        new ListQuery<>(
                                List.of(), List.of(new Order<>(JobField.PRIORITY, true)), new Slice.Numbered(0, 3)));
        assertThat(first.items())
                .extracting(Job::priority)
                .containsExactly(JobPriority.CRITICAL, JobPriority.CRITICAL, JobPriority.HIGH);
        assertThat(first.total()).contains(new Listing.Total(8, true));
    }

    @Test
    void executionsWhenFilteredByAnyFieldFindsTheRightOnes() {
        Claim done = queue.running();
        queue.jobs().complete(QueueFixture.succeeded(done));
        Claim dead = queue.running();
        queue.jobs().complete(QueueFixture.failed(dead));
        Job waiting = queue.draft().accepted();

        for (ExecutionField field : ExecutionField.values()) {
            List<Order<ExecutionField>> order = field.sortable() ? List.of(new Order<>(field, false)) : List.of();
            Listing<Execution> found = queue.executions()
                    .list(
                            TENANT,
                            new ListQuery<>(
                                    List.of(new Condition<>(field, Operator.NE, List.of(sample(field)))),
                                    order,
                                    new Slice.Numbered(0, 10)));
            assertThat(found.items()).as("%s", field).isNotNull();
        }
        assertThat(executions(Condition.equal(ExecutionField.STATUS, "FAILED")))
                .containsExactly(dead.job().execution().value());
        assertThat(executions(Condition.equal(ExecutionField.CAN_CANCEL, true)))
                .containsExactly(waiting.execution().value());
        assertThat(executions(Condition.equal(ExecutionField.CAN_RETRY, true)))
                .containsExactly(dead.job().execution().value());
        assertThat(executions(Condition.equal(ExecutionField.OUTCOME, "SUCCEEDED")))
                .containsExactly(done.job().execution().value());
        assertThat(executions(new Condition<>(ExecutionField.DURATION, Operator.GTE, List.of(20L))))
                .hasSize(2);
        assertThat(executions(Condition.equal(ExecutionField.ERROR_TYPE, "TypeError")))
                .containsExactly(dead.job().execution().value());
        assertThat(executions(
                        Condition.equal(ExecutionField.JOB_ID, waiting.id().value())))
                .containsExactly(waiting.execution().value());
    }

    @Test
    void deliveriesWhenFilteredByAnyFieldFindsTheRightOnes() {
        Claim done = queue.running();
        NewDelivery made =
                new NewDelivery(new DeliveryId(queue.ids.next()), "STDIO", new JsonText("{\"type\":\"stdio\"}"));
        queue.jobs()
                .complete(QueueFixture.end(
                        done, QueueFixture.success(), new AttemptEnd.Then.Done(JobStatus.COMPLETED), List.of(made)));

        for (DeliveryField field : DeliveryField.values()) {
            Listing<Delivery> found = queue.deliveries()
                    .list(
                            TENANT,
                            new ListQuery<>(
                                    List.of(new Condition<>(field, Operator.NE, List.of(sample(field)))),
                                    field.sortable() ? List.of(new Order<>(field, true)) : List.of(),
                                    new Slice.After(Optional.empty(), 10)));
            assertThat(found.items()).as("%s", field).isNotNull();
        }
        assertThat(queue.deliveries()
                        .list(
                                TENANT,
                                new ListQuery<>(
                                        List.of(
                                                Condition.equal(DeliveryField.STATUS, "PENDING"),
                                                Condition.equal(
                                                        DeliveryField.JOB_ID,
                                                        done.job().id().value())),
                                        List.of(),
                                        new Slice.Numbered(0, 10)))
                        .items())
                .extracting(delivery -> delivery.id())
                .containsExactly(made.id());
    }

    private static UUID id(Claim claim) {
        return claim.job().id().value();
    }

    private List<UUID> jobs(Condition<JobField> condition) {
        return queue
                .jobs()
                .list(TENANT, new ListQuery<>(List.of(condition), List.of(), new Slice.Numbered(0, 100)))
                .items()
                .stream()
                .map(job -> job.id().value())
                .toList();
    }

    private List<UUID> executions(Condition<ExecutionField> condition) {
        return queue
                .executions()
                .list(TENANT, new ListQuery<>(List.of(condition), List.of(), new Slice.Numbered(0, 100)))
                .items()
                .stream()
                .map(execution -> execution.id().value())
                .toList();
    }

    private static Object sample(Field field) {
        return switch (field.kind()) {
            case TEXT -> "x";
            case IDENTIFIER -> new UUID(1, 2);
            case INSTANT -> Instant.EPOCH;
            case INTEGER -> 1L;
            case DECIMAL -> 0.5;
            case FLAG -> true;
            case CHOICE -> field.choices().getFirst();
        };
    }
}
