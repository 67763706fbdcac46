package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.ScheduleDefinition;
import dev.ratchet.core.schedule.ScheduleField;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.storage.listing.Column;
import dev.ratchet.storage.listing.LabelText;
import dev.ratchet.storage.listing.ListedTable;
import dev.ratchet.storage.listing.Listings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schedules in SQL. */
final class SqlScheduleStore implements ScheduleStore {
    private static final Logger log = LoggerFactory.getLogger(SqlScheduleStore.class);

    private static final int MAX_REASON = 1_000;

    private static final String COLUMNS = """
            id, tenant_id, task_id, name, description, plan, input, priority, max_retries, tags, destinations, \
            enabled, next_run_at, fire_at, last_run_at, execution_count, skipped_count, missed_count, \
            consecutive_failures, pause_after_failures, pause_reason, last_error, system_owned, created_at, updated_at, \
            revision""";

    /** What the index of schedules that fire covers; only with it in the statement is it used. */
    private static final String FIRES = "enabled and fire_at is not null";

    /** The same for unfinished jobs. */
    private static final String UNFINISHED =
            "schedule_id is not null and status in ('QUEUED', 'PROCESSING', 'RETRYING')";

    private static final long OVERDUE_MILLIS = 60_000;

    private static final ListedTable<ScheduleField> TABLE =
            ListedTable.of(ScheduleField.class, "schedules", SqlScheduleStore::column);

    private final Sql sql;
    private final Dialect dialect;
    private final Listings listings;

    SqlScheduleStore(Sql sql, Dialect dialect, Listings listings) {
        this.sql = sql;
        this.dialect = dialect;
        this.listings = listings;
    }

    private static Column column(ScheduleField field) {
        return switch (field) {
            case ID -> Column.of("id");
            case TASK_ID -> Column.of("task_id");
            case NAME -> Column.of("name");
            case ENABLED -> Column.of("enabled");
            case CRON_EXPRESSION -> Column.nullable("cron_expression");
            case NEXT_RUN -> Column.nullable("next_run_at");
            case LAST_RUN -> Column.nullable("last_run_at");
            case CREATED_AT -> Column.of("created_at");
            case UPDATED_AT -> Column.of("updated_at");
            case HAS_NEXT_RUN -> new Column.Computed("next_run_at is not null");
            case HAS_LAST_RUN -> new Column.Computed("last_run_at is not null");
            case IS_DUE -> new Column.Computed("next_run_at is not null and next_run_at <= {now}");
            case OVERDUE -> new Column.Computed("next_run_at is not null and next_run_at <= {now} - " + OVERDUE_MILLIS);
        };
    }

    // ---- writing

    @Override
    public void create(Schedule schedule) {
        ScheduleDefinition definition = schedule.definition();
        sql.write(session -> session.update(
                "insert into schedules (task_id, name, description, cron_expression, plan, input, priority, max_retries, "
                        + "tags, destinations, enabled, next_run_at, fire_at, last_run_at, execution_count, "
                        + "skipped_count, missed_count, consecutive_failures, pause_after_failures, pause_reason, "
                        + "last_error, updated_at, revision, system_owned, created_at, id, tenant_id) "
                        + "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values(
                        schedule,
                        definition,
                        schedule.systemOwned(),
                        schedule.createdAt().toEpochMilli(),
                        schedule.id().toString(),
                        schedule.tenant().value())));
    }

    @Override
    public void replace(Schedule schedule) {
        int replaced = sql.within(session -> session.update(
                "update schedules set task_id = ?, name = ?, description = ?, cron_expression = ?, plan = ?, input = ?, "
                        + "priority = ?, max_retries = ?, tags = ?, destinations = ?, enabled = ?, next_run_at = ?, "
                        + "fire_at = ?, last_run_at = ?, execution_count = ?, skipped_count = ?, missed_count = ?, "
                        + "consecutive_failures = ?, pause_after_failures = ?, pause_reason = ?, last_error = ?, "
                        + "updated_at = ?, revision = ? where id = ? and tenant_id || '' = ?",
                values(
                        schedule,
                        schedule.definition(),
                        schedule.id().toString(),
                        schedule.tenant().value())));
        if (replaced != 1) {
            throw new IllegalStateException("schedule " + schedule.id() + " is gone, though it was locked");
        }
    }

    /** What changes of a schedule, in the order of both statements, and then {@code others}. */
    private static @Nullable Object[] values(
            Schedule schedule, ScheduleDefinition definition, @Nullable Object... others) {
        Schedule.Progress progress = schedule.progress();
        List<@Nullable Object> values = new ArrayList<>();
        values.add(definition.task().toString());
        values.add(definition.name());
        values.add(definition.description());
        values.add(cronExpression(definition.plan()));
        values.add(PlanText.write(definition.plan()));
        values.add(definition.input().value());
        values.add(JobRows.number(definition.priority()));
        values.add(definition.maxRetries().orElse(null));
        values.add(LabelText.write(definition.tags()));
        values.add(definition.destinations().map(JsonText::value).orElse(null));
        values.add(schedule.enabled());
        values.add(Row.millis(progress.nextRun()));
        values.add(Row.millis(progress.fireAt()));
        values.add(Row.millis(progress.lastRun()));
        values.add(progress.executionCount());
        values.add(progress.skippedCount());
        values.add(progress.missedCount());
        values.add(progress.consecutiveFailures());
        values.add(definition.pauseAfterFailures().orElse(null));
        values.add(schedule.pauseReason().orElse(null));
        values.add(progress.lastError().orElse(null));
        values.add(schedule.updatedAt().toEpochMilli());
        values.add(schedule.revision());
        for (Object other : others) {
            values.add(other);
        }
        return values.toArray();
    }

    private static @Nullable String cronExpression(SchedulePlan plan) {
        return switch (plan.timing()) {
            case Timing.Cron cron -> cron.expression().toString();
            case Timing.Interval _, Timing.Once _ -> null;
        };
    }

    @Override
    public boolean delete(TenantId tenant, ScheduleId id) {
        return sql.write(session -> session.update(
                        "delete from schedules where id = ? and tenant_id || '' = ?", id.toString(), tenant.value()))
                == 1;
    }

    // ---- reading

    private static Schedule schedule(ResultSet row) throws SQLException {
        return schedule(row, PlanText.read(Row.text(row, "plan")));
    }

    private static Schedule schedule(ResultSet row, SchedulePlan plan) throws SQLException {
        ScheduleDefinition definition = new ScheduleDefinition(
                Row.id(row, "task_id", TaskId::new),
                Row.text(row, "name"),
                Row.text(row, "description"),
                new JsonText(Row.text(row, "input")),
                plan,
                JobRows.priority(row.getInt("priority")),
                Row.optionalNumber(row, "max_retries").map(Math::toIntExact),
                Row.tags(row, "tags"),
                Row.optionalJson(row, "destinations"),
                Row.optionalNumber(row, "pause_after_failures").map(Math::toIntExact));
        Schedule.Progress progress = new Schedule.Progress(
                Row.optionalTime(row, "next_run_at"),
                Row.optionalTime(row, "fire_at"),
                Row.optionalTime(row, "last_run_at"),
                row.getLong("execution_count"),
                row.getLong("skipped_count"),
                row.getLong("missed_count"),
                row.getInt("consecutive_failures"),
                Row.optionalText(row, "last_error"));
        return new Schedule(
                Row.id(row, "id", ScheduleId::new),
                new TenantId(Row.text(row, "tenant_id")),
                definition,
                row.getBoolean("enabled"),
                Row.optionalText(row, "pause_reason"),
                row.getBoolean("system_owned"),
                progress,
                Row.time(row, "created_at"),
                Row.time(row, "updated_at"),
                row.getLong("revision"));
    }

    @Override
    public Optional<Schedule> find(TenantId tenant, ScheduleId id) {
        return sql.read(session -> session.queryFirst(
                "select " + COLUMNS + " from schedules where id = ? and tenant_id || '' = ?",
                SqlScheduleStore::schedule,
                id.toString(),
                tenant.value()));
    }

    @Override
    public Optional<Schedule> findByName(TenantId tenant, String name) {
        return sql.read(session -> session.queryFirst(
                "select " + COLUMNS + " from schedules where tenant_id = ? and name = ?",
                SqlScheduleStore::schedule,
                tenant.value(),
                name));
    }

    @Override
    public Listing<Schedule> list(TenantId tenant, ListQuery<ScheduleField> query) {
        return listings.list(TABLE, tenant, query, COLUMNS, (row, _) -> schedule(row));
    }

    @Override
    public Optional<Schedule> lock(TenantId tenant, ScheduleId id, boolean waiting) {
        return sql.within(session -> session.queryFirst(
                "select " + COLUMNS + " from schedules where id = ? and tenant_id || '' = ?"
                        + (waiting ? dialect.lock() : dialect.lockFree()),
                SqlScheduleStore::schedule,
                id.toString(),
                tenant.value()));
    }

    // ---- firing

    /** A schedule, or why it cannot be read. */
    private sealed interface Read {
        record Whole(Schedule schedule) implements Read {}

        record Faulty(String id, long revision, String reason) implements Read {}
    }

    @Override
    public List<Schedule> due(Instant now, int most) {
        List<Read> rows = sql.read(session -> session.query(
                "select " + COLUMNS + " from schedules where " + FIRES + " and fire_at <= ? order by fire_at limit ?",
                SqlScheduleStore::readable,
                now.toEpochMilli(),
                most));
        List<Schedule> due = new ArrayList<>(rows.size());
        for (Read row : rows) {
            switch (row) {
                case Read.Whole(Schedule schedule) -> due.add(schedule);
                case Read.Faulty faulty -> disable(faulty);
            }
        }
        return due;
    }

    /** Each row for itself, so that one that an older or newer program wrote does not stop all the others. */
    private static Read readable(ResultSet row) throws SQLException {
        SchedulePlan plan;
        try {
            plan = PlanText.read(Row.text(row, "plan"));
        } catch (IllegalStateException | RatchetException e) {
            return new Read.Faulty(Row.text(row, "id"), row.getLong("revision"), String.valueOf(e.getMessage()));
        }
        return new Read.Whole(schedule(row, plan));
    }

    private void disable(Read.Faulty faulty) {
        log.atError()
                .addKeyValue("scheduleId", faulty.id())
                .addKeyValue("reason", faulty.reason())
                .log("schedule disabled: its stored plan cannot be read");
        String reason = "its stored plan cannot be read: " + faulty.reason();
        String kept = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
        sql.write(session -> session.update(
                "update schedules set enabled = ?, next_run_at = null, fire_at = null, pause_reason = ?, "
                        + "revision = revision + 1 where id = ? and revision = ?",
                false,
                Row.clean(kept),
                faulty.id(),
                faulty.revision()));
    }

    @Override
    public Optional<Instant> nextFire() {
        return sql.read(session -> session.queryFirst(
                "select fire_at from schedules where " + FIRES + " order by fire_at limit 1",
                row -> Row.time(row, "fire_at")));
    }

    @Override
    public List<JobId> unfinishedJobs(TenantId tenant, ScheduleId id, int most) {
        return sql.read(session -> session.query(
                "select id from jobs where " + UNFINISHED
                        + " and tenant_id = ? and schedule_id = ? order by id limit ?",
                row -> new JobId(UUID.fromString(Row.text(row, "id"))),
                tenant.value(),
                id.toString(),
                most));
    }

    @Override
    public Stats stats(TenantId tenant, Instant now) {
        return sql.read(session -> session.queryFirst(
                        """
                        select count(*) as total, coalesce(sum(case when enabled then 1 else 0 end), 0) as firing, \
                        coalesce(sum(case when enabled and fire_at <= ? then 1 else 0 end), 0) as ready
                        from schedules where tenant_id = ?""",
                        row -> new Stats(row.getLong("total"), row.getLong("firing"), row.getLong("ready")),
                        now.toEpochMilli(),
                        tenant.value()))
                .orElseThrow(() -> new RatchetException(ErrorCode.INTERNAL_ERROR, "counting returned nothing"));
    }
}
