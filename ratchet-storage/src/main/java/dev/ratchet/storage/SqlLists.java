package dev.ratchet.storage;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryField;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionField;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.Field;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.storage.listing.Column;
import dev.ratchet.storage.listing.ListedTable;
import dev.ratchet.storage.listing.Listings;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists of the queue's tables by any of their properties. */
final class SqlLists implements Lists {
    /** What the partial indexes over rows that are looked for most cover; only with it in the statement are they used. */
    private static final String NOT_COMPLETED = "status <> 'COMPLETED'";

    private static final Map<String, Integer> PRIORITIES = Arrays.stream(JobPriority.values())
            .collect(Collectors.toUnmodifiableMap(JobPriority::name, JobRows::number));

    private static final ListedTable<JobField> JOBS = ListedTable.of(JobField.class, "jobs", SqlLists::column);
    private static final ListedTable<JobField> JOBS_NOT_COMPLETED =
            ListedTable.of(JobField.class, "jobs", NOT_COMPLETED, SqlLists::column);
    private static final ListedTable<ExecutionField> EXECUTIONS = executions("");
    private static final ListedTable<ExecutionField> EXECUTIONS_NOT_COMPLETED = executions("e." + NOT_COMPLETED);
    private static final ListedTable<DeliveryField> DELIVERIES =
            ListedTable.of(DeliveryField.class, "deliveries", SqlLists::column);

    private final Listings listings;

    SqlLists(Listings listings) {
        this.listings = listings;
    }

    private static Column column(JobField field) {
        return switch (field) {
            case ID -> Column.of("id");
            case TASK_ID -> Column.of("task_id");
            case SCHEDULE_ID -> Column.nullable("schedule_id");
            case STATUS -> Column.of("status");
            case PRIORITY -> new Column.Ranked("priority", PRIORITIES);
            case ORIGIN -> Column.of("origin");
            case QUEUED_AT -> Column.of("queued_at");
            case SCHEDULED_FOR -> Column.nullable("scheduled_for");
            case DUE_AT -> Column.of("due_at");
            case COMPLETED_AT -> Column.nullable("completed_at");
            case RETRY_COUNT -> Column.of("retry_count");
            case MAX_RETRIES -> Column.of("max_retries");
            case CONCURRENCY_KEY -> Column.nullable("concurrency_key");
            case TAG -> new Column.Labels("tags");
            case ERROR_MESSAGE -> Column.nullable("error_message");
            case HAS_ERROR -> new Column.Computed("error_message is not null");
            case HAS_RETRIES_REMAINING -> new Column.Computed("retry_count < max_retries");
            case IS_SCHEDULED -> new Column.Computed("scheduled_for is not null");
            case DUE_NOW -> new Column.Computed("status in ('QUEUED', 'RETRYING') and due_at <= {now}");
            case DEAD_LETTER -> new Column.Computed("status = 'FAILED' and not redriven");
        };
    }

    private static ListedTable<ExecutionField> executions(String condition) {
        Map<ExecutionField, Column> columns = new EnumMap<>(ExecutionField.class);
        for (ExecutionField field : ExecutionField.values()) {
            columns.put(field, column(field));
        }
        return new ListedTable<>(
                ExecutionField.class,
                "executions e",
                "join jobs j on j.id = e.job_id",
                "e.tenant_id",
                "e.id",
                condition,
                columns);
    }

    private static Column column(ExecutionField field) {
        return switch (field) {
            case ID -> Column.of("e.id");
            case TASK_ID -> Column.of("e.task_id");
            case JOB_ID -> Column.of("e.job_id");
            case SCHEDULE_ID -> Column.nullable("e.schedule_id");
            case VERSION_ID -> Column.of("e.version_id");
            case STATUS -> Column.of("e.status");
            case OUTCOME -> Column.nullable("e.outcome");
            case QUEUED_AT -> Column.of("e.queued_at");
            case STARTED_AT -> Column.nullable("e.started_at");
            case COMPLETED_AT -> Column.nullable("e.completed_at");
            case DURATION -> Column.nullable("e.wall_ms");
            case PROGRESS -> Column.nullable("e.progress");
            case ATTEMPT -> Column.of("e.attempt");
            case ERROR_TYPE -> Column.nullable("e.error_type");
            case ERROR_MESSAGE -> Column.nullable("e.error_message");
            case HAS_PROGRESS -> new Column.Computed("e.progress is not null");
            case HAS_ERROR -> new Column.Computed("e.error_type is not null");
            case CAN_RETRY -> new Column.Computed("e.status in ('FAILED', 'CANCELLED')");
            case CAN_CANCEL -> new Column.Computed("e.status in ('PENDING', 'RUNNING')");
        };
    }

    private static Column column(DeliveryField field) {
        return switch (field) {
            case ID -> Column.of("id");
            case JOB_ID -> Column.of("job_id");
            case EXECUTION_ID -> Column.of("execution_id");
            case STATUS -> Column.of("status");
            case DESTINATION_TYPE -> Column.of("destination_type");
            case CREATED_AT -> Column.of("created_at");
            case COMPLETED_AT -> Column.nullable("completed_at");
        };
    }

    @Override
    public Listing<Job> jobs(TenantId tenant, ListQuery<JobField> query) {
        boolean narrowed = leavesOutCompleted(query, JobField.STATUS)
                || isTrue(query, JobField.DUE_NOW)
                || isTrue(query, JobField.DEAD_LETTER);
        return listings.list(
                narrowed ? JOBS_NOT_COMPLETED : JOBS, tenant, query, JobRows.COLUMNS, (row, _) -> JobRows.job(row));
    }

    @Override
    public Listing<Execution> executions(TenantId tenant, ListQuery<ExecutionField> query) {
        boolean narrowed = leavesOutCompleted(query, ExecutionField.STATUS)
                || isTrue(query, ExecutionField.CAN_RETRY)
                || isTrue(query, ExecutionField.CAN_CANCEL);
        return listings.list(
                narrowed ? EXECUTIONS_NOT_COMPLETED : EXECUTIONS,
                tenant,
                query,
                ExecutionRows.COLUMNS,
                (row, _) -> ExecutionRows.execution(row));
    }

    @Override
    public Listing<Delivery> deliveries(TenantId tenant, ListQuery<DeliveryField> query) {
        return listings.list(
                DELIVERIES, tenant, query, SqlDeliveryStore.COLUMNS, (row, _) -> SqlDeliveryStore.delivery(row));
    }

    /** Whether a condition on the status admits nothing that is COMPLETED. */
    private static <F extends Enum<F> & Field> boolean leavesOutCompleted(ListQuery<F> query, F status) {
        return query.conditions().stream()
                .filter(condition -> condition.field() == status)
                .anyMatch(condition -> {
                    boolean named = condition.values().contains("COMPLETED");
                    boolean positive = condition.operator() == Operator.EQ || condition.operator() == Operator.IN;
                    return positive != named;
                });
    }

    private static <F extends Enum<F> & Field> boolean isTrue(ListQuery<F> query, F flag) {
        return query.conditions().contains(Condition.equal(flag, true));
    }
}
