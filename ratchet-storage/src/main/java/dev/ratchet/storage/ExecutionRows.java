package dev.ratchet.storage;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Rows of {@code executions}, with the input of their jobs, as core knows them. */
final class ExecutionRows {
    /** Every column of an {@link Execution}; {@code e} is the execution and {@code j} its job. */
    static final String COLUMNS = """
            e.id, e.tenant_id, e.job_id, e.task_id, e.version_id, e.schedule_id, e.origin, e.origin_execution_id, \
            e.attempt, e.status, e.outcome, e.error_type, e.error_message, e.error_details, e.queued_at, e.started_at, \
            e.completed_at, e.wall_ms, e.cpu_ms, e.http_requests, e.progress, e.progress_message, e.output, \
            e.output_payload_id, e.output_bytes, e.recording_bytes, e.cached_from, e.node_name, e.late_result, \
            j.input, j.input_payload_id, j.input_bytes""";

    /** What the columns come from. */
    static final String FROM = " from executions e join jobs j on j.id = e.job_id ";

    private ExecutionRows() {}

    static Execution execution(ResultSet row) throws SQLException {
        Optional<String> errorType = Row.optionalText(row, "error_type");
        Optional<String> errorMessage = Row.optionalText(row, "error_message");
        var details = Row.optionalJson(row, "error_details");
        double fraction = row.getDouble("progress");
        Optional<Double> progress = row.wasNull() ? Optional.empty() : Optional.of(fraction);
        StoredJson input = Payloads.inRow(row, "input")
                .orElseThrow(() -> new IllegalStateException("an execution without an input"));
        return new Execution(
                Row.id(row, "id", ExecutionId::new),
                new TenantId(Row.text(row, "tenant_id")),
                Row.id(row, "job_id", JobId::new),
                Row.id(row, "task_id", TaskId::new),
                Row.id(row, "version_id", VersionId::new),
                Row.optionalId(row, "schedule_id", ScheduleId::new),
                Row.constant(row, "origin", RunOrigin.class),
                Row.optionalId(row, "origin_execution_id", ExecutionId::new),
                row.getInt("attempt"),
                Row.constant(row, "status", ExecutionStatus.class),
                Row.optionalText(row, "outcome").map(OutcomeKind::valueOf),
                errorType.map(type -> new ExecutionError(type, errorMessage.orElse(""), details)),
                Row.time(row, "queued_at"),
                Row.optionalTime(row, "started_at"),
                Row.optionalTime(row, "completed_at"),
                Row.optionalDuration(row, "wall_ms"),
                Row.optionalDuration(row, "cpu_ms"),
                row.getInt("http_requests"),
                progress,
                Row.optionalText(row, "progress_message"),
                input,
                Payloads.inRow(row, "output"),
                row.getLong("recording_bytes") > 0,
                Row.optionalId(row, "cached_from", ExecutionId::new),
                Row.optionalText(row, "node_name"),
                Row.optionalText(row, "late_result"));
    }
}
