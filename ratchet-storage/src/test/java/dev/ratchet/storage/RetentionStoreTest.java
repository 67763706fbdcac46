package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.RetentionStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What every database must do to remove what is old. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class RetentionStoreTest {
    private static final TenantId TENANT = TenantId.DEFAULT;
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final TaskId TASK = new TaskId(UUID.randomUUID());
    private static final TaskId OTHER_TASK = new TaskId(UUID.randomUUID());

    private final TestDatabase database;
    private final Transactions transactions;
    private final JdbcClient jdbc;
    private final RetentionStore store;
    private final UuidV7 ids = new UuidV7(InstantSource.fixed(NOW), new SecureRandom());

    RetentionStoreTest(TestDatabase.Vendor vendor) {
        this.database = TestDatabase.open(vendor);
        this.transactions = database.get(Transactions.class);
        this.jdbc = JdbcClient.create(database.get(DataSource.class));
        this.store = database.get(RetentionStore.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void removeEndedBeforeTakesTheJobWithEverythingThatBelongsToIt() {
        String old = job(TASK, "FAILED", NOW.minusSeconds(10), 10);
        String kept = job(TASK, "COMPLETED", NOW, 10);
        for (String job : List.of(old, kept)) {
            withEverything(job, NOW);
        }

        assertThat(removeEnded()).isEqualTo(1);
        assertThat(removeEnded()).isZero();

        assertThat(jobs()).containsExactly(kept);
        for (String table : List.of(
                "executions",
                "execution_logs",
                "outgoing_requests",
                "deliveries",
                "delivery_results",
                "idempotency_keys")) {
            assertThat(count(table)).as(table).isEqualTo(1);
        }
        assertThat(count("payloads")).isEqualTo(3);
    }

    @Test
    void removeEndedBeforeLeavesWhatIsUnfinished() {
        job(TASK, "QUEUED", null, 10);
        job(TASK, "PROCESSING", null, 10);
        job(TASK, "RETRYING", NOW.minusSeconds(10), 10);
        String delivering = job(TASK, "COMPLETED", NOW.minusSeconds(10), 10);
        delivery(delivering, null);

        assertThat(removeEnded()).isZero();
        assertThat(store.removeEndedBefore(new TenantId("other"), NOW, RetentionStore.MAX_JOBS))
                .isZero();

        update("update deliveries set completed_at = 1");
        assertThat(removeEnded()).isEqualTo(1);
        assertThat(jobs()).hasSize(3).doesNotContain(delivering);
    }

    @Test
    void removeEndedBeforeTakesTheOldestInBatches() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            all.add(job(TASK, "COMPLETED", NOW.minusSeconds(1_000 - i), 10));
        }

        assertThat(removeEnded()).isEqualTo(RetentionStore.MAX_JOBS);
        assertThat(jobs()).containsExactlyInAnyOrderElementsOf(all.subList(200, 450));
        assertThat(removeEnded()).isEqualTo(200);
        assertThat(removeEnded()).isEqualTo(50);
        assertThat(removeEnded()).isZero();
    }

    @Test
    void removeEndedBeforeTakesFewerWhenTheyAreLarge() {
        for (int i = 0; i < 10; i++) {
            job(TASK, "COMPLETED", NOW.minusSeconds(100 - i), RetentionStore.MAX_BYTES / 2);
        }
        job(TASK, "COMPLETED", NOW.minusSeconds(200), RetentionStore.MAX_BYTES * 3);

        assertThat(removeEnded()).isEqualTo(1);
        assertThat(removeEnded()).isEqualTo(2);
    }

    private int removeEnded() {
        return store.removeEndedBefore(TENANT, NOW, RetentionStore.MAX_JOBS);
    }

    private int removeBeyondCount(long kept) {
        return removeUpTo(TASK, store.newestBeyondCount(TENANT, TASK, kept));
    }

    private int removeBeyondBytes(TaskId task, long kept) {
        return removeUpTo(task, store.newestBeyondBytes(TENANT, task, kept));
    }

    private int removeUpTo(TaskId task, Optional<JobId> newest) {
        return newest.map(job -> store.removeUpTo(TENANT, task, job, RetentionStore.MAX_JOBS))
                .orElse(0);
    }

    @Test
    void removeUpToTakesNoMoreThanItIsTold() {
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ended.add(job(TASK, "COMPLETED", NOW, 10));
        }
        JobId newest = new JobId(UUID.fromString(ended.get(3)));

        assertThat(store.removeUpTo(TENANT, TASK, newest, 3)).isEqualTo(3);
        assertThat(jobs()).containsExactlyInAnyOrder(ended.get(3), ended.get(4));
        assertThat(store.removeUpTo(TENANT, TASK, newest, 3)).isEqualTo(1);
        assertThat(store.removeUpTo(TENANT, TASK, newest, 3)).isZero();
    }

    @Test
    void newestBeyondCountKeepsTheNewestOfTheTask() {
        String running = job(TASK, "PROCESSING", null, 10);
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ended.add(job(TASK, "COMPLETED", NOW, 10));
        }
        String other = job(OTHER_TASK, "COMPLETED", NOW, 10);

        assertThat(removeBeyondCount(4)).isEqualTo(6);
        assertThat(removeBeyondCount(4)).isZero();

        assertThat(jobs())
                .containsExactlyInAnyOrder(running, ended.get(6), ended.get(7), ended.get(8), ended.get(9), other);
    }

    @Test
    void newestBeyondBytesKeepsTheNewestThatFitAndAlwaysTheNewest() {
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ended.add(job(TASK, "COMPLETED", NOW, 100));
        }
        job(OTHER_TASK, "COMPLETED", NOW, 10_000);

        assertThat(removeBeyondBytes(TASK, 301)).isEqualTo(6);
        assertThat(removeBeyondBytes(TASK, 301)).isZero();
        assertThat(removeBeyondBytes(TASK, 1)).isEqualTo(3);
        assertThat(removeBeyondBytes(OTHER_TASK, 1)).isZero();
        assertThat(jobs()).hasSize(2).contains(ended.get(9));
    }

    @Test
    void bytesOfEndedAddsUpByTask() {
        job(TASK, "COMPLETED", NOW.minusSeconds(10), 1);
        job(TASK, "COMPLETED", NOW.minusSeconds(9), 10);
        job(TASK, "FAILED", NOW, 100);
        job(OTHER_TASK, "COMPLETED", NOW, 1_000);
        job(TASK, "COMPLETED", NOW.plusSeconds(1), 10_000);

        assertThat(store.bytesOfEnded(TENANT, NOW.minusSeconds(10), NOW))
                .isEqualTo(Map.of(TASK, 110L, OTHER_TASK, 1_000L));
    }

    @Test
    void removeExpiredKeysLeavesThoseThatHold() {
        for (int i = 0; i < 250; i++) {
            key("old" + i, "none", NOW);
        }
        key("new", "none", NOW.plusMillis(1));

        assertThat(store.removeExpiredKeys(NOW, RetentionStore.MAX_JOBS)).isEqualTo(RetentionStore.MAX_JOBS);
        assertThat(store.removeExpiredKeys(NOW, RetentionStore.MAX_JOBS)).isEqualTo(50);
        assertThat(store.removeExpiredKeys(NOW, RetentionStore.MAX_JOBS)).isZero();
        assertThat(count("idempotency_keys")).isEqualTo(1);
    }

    @Test
    void removeForgottenDocumentsTakesThoseNothingRefersTo() {
        withEverything(job(TASK, "COMPLETED", NOW, 10), NOW);
        for (int i = 0; i < 250; i++) {
            document();
        }

        assertThat(store.removeForgottenDocuments(Optional.empty(), NOW).removed())
                .isZero();
        RetentionStore.Sweep first = store.removeForgottenDocuments(Optional.empty(), NOW.plusSeconds(3_600));
        RetentionStore.Sweep second = store.removeForgottenDocuments(first.next(), NOW.plusSeconds(3_600));

        assertThat(first.removed() + second.removed()).isEqualTo(250);
        assertThat(first.removed()).isLessThanOrEqualTo(RetentionStore.MAX_JOBS);
        assertThat(second.next()).isEmpty();
        assertThat(count("payloads")).isEqualTo(3);
    }

    @Test
    void betweenTwoBatchesOthersWrite() throws Exception {
        for (int i = 0; i < 450; i++) {
            job(TASK, "COMPLETED", NOW.minusSeconds(10), 10);
        }
        int batches = 0;
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            while (removeEnded() > 0) {
                int number = batches++;
                // Would wait in vain if a batch held the right to write any longer than it takes.
                writer.submit(() -> key("between" + number, "none", NOW)).get(20, TimeUnit.SECONDS);
            }
        }

        assertThat(batches).isEqualTo(3);
        assertThat(count("idempotency_keys")).isEqualTo(3);
    }

    @Test
    void besideAWriterNothingIsLostOnEitherSide() throws Exception {
        for (int i = 0; i < 450; i++) {
            job(TASK, "COMPLETED", NOW.minusSeconds(10), 10);
        }
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            var written = writer.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    job(TASK, "QUEUED", null, 10);
                }
                return 100;
            });
            int removed = 0;
            for (int batch = removeEnded(); batch > 0; ) {
                removed += batch;
                batch = removeEnded();
            }
            assertThat(removed).isEqualTo(450);
            assertThat(written.get(60, TimeUnit.SECONDS)).isEqualTo(100);
        }
        assertThat(jobs()).hasSize(100);
    }

    @Test
    void tenantsAndTasksAreThoseOfTheTasks() {
        for (String tenant : List.of("default", "other")) {
            update("insert into tasks (id, tenant_id, name, label, description, tags, metadata, enabled, paused,"
                    + " active_version_id, version, hash, source, created_at, updated_at, deleted_at, revision)"
                    + " values ('" + UUID.randomUUID() + "', '" + tenant
                    + "', 't', 't', '', '[]', '{}', true, false, 'v', '1.0.0', 'h', 'API', 0, 0, 5, 1)");
        }

        assertThat(store.tenants()).containsExactlyInAnyOrder(TENANT, new TenantId("other"));
        assertThat(store.tasks(TENANT)).hasSize(1);
    }

    private String job(TaskId task, String status, @org.jspecify.annotations.Nullable Instant completed, long bytes) {
        String id = ids.next().toString();
        String execution = ids.next().toString();
        transactions.write(() -> {
            jdbc.sql(
                            "insert into jobs (id, tenant_id, task_id, version_id, origin, actor, priority, status, rank, due_at,"
                                    + " queued_at, completed_at, retry_count, max_retries, retry_policy, tags, input_bytes,"
                                    + " execution_id, attempt, redriven, lease_token, revision)"
                                    + " values (?, 'default', ?, 'v', 'API', 'anna', 1, ?, 0, 0, 0, ?, 0, 0, '{}', '[]', ?, ?, 1,"
                                    + " false, 0, 1)")
                    .param(id)
                    .param(task.toString())
                    .param(status)
                    .param(completed == null ? null : completed.toEpochMilli())
                    .param(bytes / 2)
                    .param(execution)
                    .update();
            return jdbc.sql(
                            "insert into executions (id, tenant_id, job_id, task_id, version_id, origin, attempt, status,"
                                    + " queued_at, http_requests, dropped_log_bytes, output_bytes, recording_bytes, log_bytes,"
                                    + " lease_token)"
                                    + " values (?, 'default', ?, ?, 'v', 'API', 1, ?, 0, 0, 0, ?, 0, 0, 0)")
                    .param(execution)
                    .param(id)
                    .param(task.toString())
                    .param(status)
                    .param(bytes - bytes / 2)
                    .update();
        });
        return id;
    }

    private void withEverything(String job, Instant at) {
        String execution = transactions.read(() -> jdbc.sql("select execution_id from jobs where id = ?")
                .param(job)
                .query(String.class)
                .single());
        update("update jobs set input_payload_id = '" + document() + "' where id = '" + job + "'");
        update("update executions set output_payload_id = '" + document() + "', recording_payload_id = '" + document()
                + "' where id = '" + execution + "'");
        update("insert into execution_logs (execution_id, tenant_id, number, level, at, message) values ('" + execution
                + "', 'default', 1, 1, 0, 'hello')");
        update("insert into outgoing_requests (execution_id, tenant_id, fetch_id, method, url, intended_at) values ('"
                + execution + "', 'default', 1, 'POST', 'http://localhost', 0)");
        delivery(job, at);
        key(job, job, at.plus(Duration.ofHours(24)));
    }

    private void delivery(String job, @org.jspecify.annotations.Nullable Instant completed) {
        String id = ids.next().toString();
        update(
                "insert into deliveries (id, tenant_id, job_id, execution_id, task_id, destination_type, destination, status,"
                        + " attempts, earlier_attempts, begun_at, created_at, completed_at, lease_token) values ('" + id
                        + "', 'default', '" + job
                        + "', 'e', 't', 'STDIO', '{}', 'PENDING', 0, 0, 0, 0, "
                        + (completed == null ? "null" : completed.toEpochMilli()) + ", 0)");
        update("insert into delivery_results (delivery_id, tenant_id, number, job_id, execution_id, destination_type,"
                + " success, delivery_time_ms, size_bytes, created_at) values ('" + id + "', 'default', 1, '" + job
                + "', 'e', 'STDIO', true, 1, 1, 0)");
    }

    private int key(String key, String job, Instant expires) {
        return update("insert into idempotency_keys (tenant_id, key, fingerprint, job_id, execution_id, expires_at)"
                + " values ('default', '" + key + "', 'f', '" + job + "', 'e', " + expires.toEpochMilli() + ")");
    }

    private String document() {
        String id = ids.next().toString();
        update("insert into payloads (id, tenant_id, bytes, content) values ('" + id + "', 'default', 2, '{}')");
        return id;
    }

    private int update(String sql) {
        return transactions.write(() -> jdbc.sql(sql).update());
    }

    private List<String> jobs() {
        return transactions.read(
                () -> jdbc.sql("select id from jobs").query(String.class).list());
    }

    private int count(String table) {
        return transactions.read(() ->
                jdbc.sql("select count(*) from " + table).query(Integer.class).single());
    }
}
