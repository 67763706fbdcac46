package dev.ratchet.storage;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.job.ConcurrencyLimit;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.task.RetryPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Rows of {@code jobs} as core knows them. */
final class JobRows {
    /** Every column of a {@link Job}. */
    static final String COLUMNS = """
            id, tenant_id, task_id, version_id, origin, schedule_id, actor, priority, status, retry_count, max_retries, \
            retry_policy, concurrency_key, concurrency_limit, timeout_ms, tags, destinations, queued_at, scheduled_for, \
            due_at, started_at, completed_at, execution_id, attempt, error_message, cancel_reason, redriven, revision""";

    private JobRows() {}

    static Job job(ResultSet row) throws SQLException {
        JobStatus status = Row.constant(row, "status", JobStatus.class);
        Optional<String> key = Row.optionalText(row, "concurrency_key");
        int limit = row.getInt("concurrency_limit");
        return new Job(
                Row.id(row, "id", JobId::new),
                new TenantId(Row.text(row, "tenant_id")),
                Row.id(row, "task_id", TaskId::new),
                Row.id(row, "version_id", VersionId::new),
                Row.constant(row, "origin", RunOrigin.class),
                Row.optionalId(row, "schedule_id", ScheduleId::new),
                Row.text(row, "actor"),
                priority(row.getInt("priority")),
                status,
                row.getInt("retry_count"),
                retry(row.getInt("max_retries"), Row.text(row, "retry_policy")),
                key.map(name -> new ConcurrencyLimit(name, limit)),
                Row.optionalDuration(row, "timeout_ms"),
                Row.tags(row, "tags"),
                Row.optionalJson(row, "destinations"),
                Row.time(row, "queued_at"),
                Row.optionalTime(row, "scheduled_for"),
                Row.time(row, "due_at"),
                Row.optionalTime(row, "started_at"),
                Row.optionalTime(row, "completed_at"),
                Row.id(row, "execution_id", ExecutionId::new),
                row.getInt("attempt"),
                Row.optionalText(row, "error_message"),
                !status.isTerminal() && row.getString("cancel_reason") != null,
                row.getBoolean("redriven"),
                row.getLong("revision"));
    }

    /** The number a priority is stored and sorted by. */
    static int number(JobPriority priority) {
        return switch (priority) {
            case LOW -> 0;
            case NORMAL -> 1;
            case HIGH -> 2;
            case CRITICAL -> 3;
        };
    }

    static JobPriority priority(int number) {
        return switch (number) {
            case 0 -> JobPriority.LOW;
            case 1 -> JobPriority.NORMAL;
            case 2 -> JobPriority.HIGH;
            case 3 -> JobPriority.CRITICAL;
            default -> throw new IllegalStateException("no priority has number " + number);
        };
    }

    /** {@code backoff initialMillis maxMillis jitter retryUnsafe}; the number of retries has a column of its own. */
    static String text(RetryPolicy policy) {
        return policy.backoff()
                + " " + policy.initialDelay().toMillis()
                + " " + policy.maxDelay().toMillis()
                + " " + policy.jitter()
                + " " + policy.retryUnsafe();
    }

    static RetryPolicy retry(int maxRetries, String text) {
        String[] parts = text.split(" ");
        return new RetryPolicy(
                maxRetries,
                RetryPolicy.Backoff.valueOf(parts[0]),
                Duration.ofMillis(Long.parseLong(parts[1])),
                Duration.ofMillis(Long.parseLong(parts[2])),
                Boolean.parseBoolean(parts[3]),
                Boolean.parseBoolean(parts[4]));
    }
}
