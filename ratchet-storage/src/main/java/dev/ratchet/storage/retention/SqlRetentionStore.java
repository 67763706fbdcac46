package dev.ratchet.storage.retention;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.RetentionStore;
import dev.ratchet.storage.listing.Vendor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Removal in SQL. Executions, their logs and deliveries go with their job by its foreign keys. */
final class SqlRetentionStore implements RetentionStore {
    private static final String BYTES = "(job.input_bytes + coalesce((select sum(execution.output_bytes"
            + " + execution.recording_bytes + execution.log_bytes) from executions execution"
            + " where execution.job_id = job.id), 0))";

    private static final String REMOVABLE = "job.status in ('COMPLETED', 'FAILED', 'CANCELLED')"
            + " and job.completed_at is not null and not exists (select 1 from deliveries delivery"
            + " where delivery.job_id = job.id and delivery.completed_at is null)";

    private static final String CANDIDATES = "select job.id as id, " + BYTES
            + " as bytes from jobs job where job.tenant_id = ? and " + REMOVABLE + " and ";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Vendor vendor;

    SqlRetentionStore(JdbcClient jdbc, Transactions transactions, Vendor vendor) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.vendor = vendor;
    }

    private record Candidate(String id, long bytes) {}

    @Override
    public List<TenantId> tenants() {
        return transactions.read(() -> jdbc.sql("select distinct tenant_id from tasks")
                .query((row, _) -> new TenantId(row.getString(1)))
                .list());
    }

    @Override
    public List<TaskId> tasks(TenantId tenant) {
        return transactions.read(() -> jdbc.sql("select id from tasks where tenant_id = ?")
                .param(tenant.value())
                .query((row, _) -> new TaskId(UUID.fromString(row.getString(1))))
                .list());
    }

    @Override
    public int removeEndedBefore(TenantId tenant, Instant end, int most) {
        return remove(
                tenant,
                candidates(
                        CANDIDATES + "job.completed_at < ? order by job.completed_at, job.id limit ?",
                        tenant.value(),
                        end.toEpochMilli(),
                        most));
    }

    @Override
    public Optional<JobId> newestBeyondCount(TenantId tenant, TaskId task, long kept) {
        return job(
                "select id from jobs where tenant_id = ? and task_id = ? order by id desc limit 1 offset ?",
                tenant,
                task,
                kept);
    }

    @Override
    public Optional<JobId> newestBeyondBytes(TenantId tenant, TaskId task, long kept) {
        return job(
                "select id from (select sized.id as id,"
                        + " sum(sized.bytes) over (order by sized.id desc) - sized.bytes as newer from"
                        + " (select job.id as id, " + BYTES
                        + " as bytes from jobs job where job.tenant_id = ? and job.task_id = ?) as sized) as summed"
                        + " where newer >= ? order by id desc limit 1",
                tenant,
                task,
                kept);
    }

    private Optional<JobId> job(String sql, TenantId tenant, TaskId task, long kept) {
        return transactions.read(() -> jdbc.sql(sql)
                .param(tenant.value())
                .param(task.toString())
                .param(kept)
                .query((row, _) -> new JobId(UUID.fromString(row.getString(1))))
                .optional());
    }

    @Override
    public int removeUpTo(TenantId tenant, TaskId task, JobId newest, int most) {
        return remove(
                tenant,
                candidates(
                        CANDIDATES + "job.task_id = ? and job.id <= ? order by job.id limit ?",
                        tenant.value(),
                        task.toString(),
                        newest.toString(),
                        most));
    }

    /** The first candidates whose bytes fit one write, one at least. */
    private List<String> candidates(String sql, Object... parameters) {
        List<Candidate> found = transactions.read(() -> jdbc.sql(sql)
                .params(List.of(parameters))
                .query((row, _) -> new Candidate(row.getString("id"), row.getLong("bytes")))
                .list());
        List<String> fitting = new ArrayList<>();
        long bytes = 0;
        for (Candidate candidate : found) {
            bytes += candidate.bytes();
            if (bytes > MAX_BYTES && !fitting.isEmpty()) {
                break;
            }
            fitting.add(candidate.id());
        }
        return fitting;
    }

    private int remove(TenantId tenant, List<String> candidates) {
        if (candidates.isEmpty()) {
            return 0;
        }
        return transactions.write(() -> {
            // Some may have been tried again since they were looked up.
            List<String> jobs = jdbc.sql("select job.id from jobs job where job.tenant_id || '' = ? and job.id in "
                            + marks(candidates.size()) + " and " + REMOVABLE + forUpdate())
                    .param(tenant.value())
                    .params(candidates)
                    .query(String.class)
                    .list();
            if (jobs.isEmpty()) {
                return 0;
            }
            String those = marks(jobs.size());
            jdbc.sql(
                            "delete from payloads where tenant_id || '' = ? and id in (select input_payload_id from jobs where id in "
                                    + those + " union all select output_payload_id from executions where job_id in "
                                    + those
                                    + " union all select recording_payload_id from executions where job_id in " + those
                                    + ")")
                    .param(tenant.value())
                    .params(jobs)
                    .params(jobs)
                    .params(jobs)
                    .update();
            jdbc.sql("delete from idempotency_keys where tenant_id = ? and job_id in " + those)
                    .param(tenant.value())
                    .params(jobs)
                    .update();
            uncount(tenant, jobs);
            return jdbc.sql("delete from jobs where tenant_id || '' = ? and id in " + those)
                    .param(tenant.value())
                    .params(jobs)
                    .update();
        });
    }

    /** In the order of tasks, as whoever counts jobs does, so that neither waits for the other. */
    private void uncount(TenantId tenant, List<String> jobs) {
        record Ended(String task, String status, long number) {}
        List<Ended> ended = jdbc.sql("select task_id, status, count(*) as number from jobs where id in "
                        + marks(jobs.size()) + " group by task_id, status order by task_id, status")
                .params(jobs)
                .query((row, _) -> new Ended(row.getString("task_id"), row.getString("status"), row.getLong("number")))
                .list();
        for (Ended some : ended) {
            String column = some.status().toLowerCase(Locale.ROOT) + "_jobs";
            jdbc.sql("update task_counters set " + column + " = " + column + " - ? where tenant_id = ? and task_id = ?")
                    .param(some.number())
                    .param(tenant.value())
                    .param(some.task())
                    .update();
        }
    }

    private String forUpdate() {
        return switch (vendor) {
            // Its writers have the database to themselves.
            case SQLITE -> "";
            // Another node at the same work takes others.
            case POSTGRESQL -> " for update of job skip locked";
        };
    }

    private static String marks(int count) {
        return "(" + String.join(", ", Collections.nCopies(count, "?")) + ")";
    }

    @Override
    public Map<TaskId, Long> bytesOfEnded(TenantId tenant, Instant after, Instant until) {
        return transactions.read(() -> {
            Map<TaskId, Long> bytes = new HashMap<>();
            jdbc.sql("select job.task_id as task_id, sum(" + BYTES
                            + ") as bytes from jobs job where job.tenant_id = ? and job.completed_at > ?"
                            + " and job.completed_at <= ? group by job.task_id")
                    .param(tenant.value())
                    .param(after.toEpochMilli())
                    .param(until.toEpochMilli())
                    .query(row -> {
                        bytes.put(new TaskId(UUID.fromString(row.getString("task_id"))), row.getLong("bytes"));
                    });
            return bytes;
        });
    }

    @Override
    public int removeExpiredKeys(Instant now, int most) {
        List<Object> keys = new ArrayList<>();
        transactions.read(() -> {
            jdbc.sql("select tenant_id, key from idempotency_keys where expires_at <= ? order by expires_at limit ?")
                    .param(now.toEpochMilli())
                    .param(most)
                    .query(row -> {
                        keys.add(row.getString(1));
                        keys.add(row.getString(2));
                    });
            return keys.size();
        });
        if (keys.isEmpty()) {
            return 0;
        }
        String pairs = String.join(", ", Collections.nCopies(keys.size() / 2, "(?, ?)"));
        return transactions.write(() -> jdbc.sql("delete from idempotency_keys where (tenant_id, key) in (values "
                        + pairs + ") and expires_at <= ?")
                .params(keys)
                .param(now.toEpochMilli())
                .update());
    }

    @Override
    public Sweep removeForgottenDocuments(Optional<UUID> after, Instant before) {
        String first = after.map(UUID::toString).orElse("");
        // Identifiers begin with the time they were made at.
        String end = String.format("%012x", before.toEpochMilli());
        String bound = end.substring(0, 8) + "-" + end.substring(8);
        List<String> looked =
                transactions.read(() -> jdbc.sql("select id from payloads where id > ? and id < ? order by id limit ?")
                        .param(first)
                        .param(bound)
                        .param(MAX_JOBS)
                        .query(String.class)
                        .list());
        if (looked.isEmpty()) {
            return new Sweep(0, Optional.empty());
        }
        String unused = " and not exists (select 1 from jobs where input_payload_id = payloads.id)"
                + " and not exists (select 1 from executions where output_payload_id = payloads.id)"
                + " and not exists (select 1 from executions where recording_payload_id = payloads.id)";
        List<String> forgotten =
                transactions.read(() -> jdbc.sql("select id from payloads where id in " + marks(looked.size()) + unused)
                        .params(looked)
                        .query(String.class)
                        .list());
        int removed = forgotten.isEmpty()
                ? 0
                : transactions.write(
                        () -> jdbc.sql("delete from payloads where id in " + marks(forgotten.size()) + unused)
                                .params(forgotten)
                                .update());
        boolean last = looked.size() < MAX_JOBS;
        return new Sweep(removed, last ? Optional.empty() : Optional.of(UUID.fromString(looked.getLast())));
    }
}
