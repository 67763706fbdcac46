package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionField;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stored executions, for reading. */
final class SqlExecutionStore implements ExecutionStore {
    private final Sql sql;
    private final Lists lists;

    SqlExecutionStore(Sql sql, Lists lists) {
        this.sql = sql;
        this.lists = lists;
    }

    /** An execution, and where its large documents are. */
    private record Found(
            Execution execution,
            @Nullable String inputId,
            @Nullable String outputId) {}

    @Override
    public Optional<Execution> find(TenantId tenant, ExecutionId id) {
        return sql.read(session -> {
            Optional<Found> found = found(session, tenant, id);
            return found.isEmpty() ? Optional.empty() : Optional.of(whole(session, found.get()));
        });
    }

    @Override
    public Optional<Execution> outline(TenantId tenant, ExecutionId id) {
        return sql.read(session -> found(session, tenant, id).map(Found::execution));
    }

    private static Optional<Found> found(SqlSession session, TenantId tenant, ExecutionId id) throws SQLException {
        return session.queryFirst(
                "select " + ExecutionRows.COLUMNS + ExecutionRows.FROM + "where e.id = ? and e.tenant_id || '' = ?",
                row -> new Found(
                        ExecutionRows.execution(row),
                        row.getString("input_payload_id"),
                        row.getString("output_payload_id")),
                id.toString(),
                tenant.value());
    }

    private static Execution whole(SqlSession session, Found found) throws SQLException {
        Execution execution = found.execution();
        if (found.inputId() == null && found.outputId() == null) {
            return execution;
        }
        StoredJson input = whole(session, execution.input(), found.inputId());
        Optional<StoredJson> output = execution.output();
        if (output.isPresent()) {
            output = Optional.of(whole(session, output.get(), found.outputId()));
        }
        return execution.with(input, output);
    }

    private static StoredJson whole(SqlSession session, StoredJson document, @Nullable String payloadId)
            throws SQLException {
        Optional<JsonText> text = Payloads.load(session, null, payloadId);
        return text.isEmpty() ? document : new StoredJson.Inline(text.get(), document.bytes());
    }

    @Override
    public Listing<Execution> list(TenantId tenant, ListQuery<ExecutionField> query) {
        return lists.executions(tenant, query);
    }

    @Override
    public List<Execution> ofJob(TenantId tenant, JobId job) {
        return sql.read(session -> session.query(
                "select " + ExecutionRows.COLUMNS + ExecutionRows.FROM
                        + "where e.tenant_id = ? and e.job_id = ? order by e.attempt",
                ExecutionRows::execution,
                tenant.value(),
                job.toString()));
    }

    @Override
    public List<NumberedLine> log(
            TenantId tenant, ExecutionId id, long from, LogLine.Level atLeast, String containing, int limit) {
        String pattern =
                "%" + containing.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return sql.read(session -> session.query(
                """
                select number, level, at, message from execution_logs where execution_id = ? and tenant_id || '' = ? \
                and number >= ? and level >= ? and lower(message) like lower(?) escape '\\' order by number limit ?""",
                row -> new NumberedLine(
                        row.getLong("number"),
                        new LogLine(Row.level(row.getInt("level")), row.getLong("at"), Row.text(row, "message"))),
                id.toString(),
                tenant.value(),
                from,
                Row.number(atLeast),
                pattern,
                limit));
    }

    @Override
    public Optional<JsonText> recording(TenantId tenant, ExecutionId id) {
        return sql.read(session -> {
            record Place(@Nullable String inline, @Nullable String payloadId) {}
            Optional<Place> place = session.queryFirst(
                    "select recording, recording_payload_id from executions where id = ? and tenant_id || '' = ?",
                    row -> new Place(row.getString("recording"), row.getString("recording_payload_id")),
                    id.toString(),
                    tenant.value());
            return place.isEmpty()
                    ? Optional.empty()
                    : Payloads.load(session, place.get().inline(), place.get().payloadId());
        });
    }

    @Override
    public boolean hasUnsettledRequest(ExecutionId id) {
        return sql.read(session -> session.queryFirst(
                        "select 1 from outgoing_requests where execution_id = ? and answered_at is null limit 1",
                        _ -> true,
                        id.toString()))
                .isPresent();
    }

    @Override
    public ExecutionStats stats(TenantId tenant, Instant since) {
        return sql.read(session -> {
            Map<ExecutionStatus, Long> byStatus = new EnumMap<>(ExecutionStatus.class);
            for (ExecutionStatus status : ExecutionStatus.values()) {
                byStatus.put(status, 0L);
            }
            long[] ran = new long[2];
            session.query(
                            """
                            select status, count(*) as n, coalesce(sum(wall_ms), 0) as ms from executions
                            where tenant_id = ? and queued_at >= ? group by status""",
                            row -> {
                                if (row.getLong("ms") > 0) {
                                    ran[0] += row.getLong("n");
                                    ran[1] += row.getLong("ms");
                                }
                                return Map.entry(Row.constant(row, "status", ExecutionStatus.class), row.getLong("n"));
                            },
                            tenant.value(),
                            since.toEpochMilli())
                    .forEach(entry -> byStatus.put(entry.getKey(), entry.getValue()));
            return new ExecutionStats(byStatus, ran[0] == 0 ? 0 : (double) ran[1] / ran[0]);
        });
    }
}
