package dev.ratchet.storage.task;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.Task;
import dev.ratchet.storage.listing.LabelText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads one row of {@code tasks} without a persistence context. Every submission of a job looks its task up, and entities
 * cost most of that.
 */
@FunctionalInterface
public interface TaskRows {
    /**
     * The first row of a query, in the caller's transaction if there is one.
     *
     * @param sql selects every column of {@code tasks}
     * @param parameters of the question marks, not null
     */
    Optional<Task> first(String sql, Object... parameters);

    /** A task of the row at which {@code row} stands. */
    static Task read(ResultSet row) throws SQLException {
        long validatedAt = row.getLong("validated_at");
        Optional<Instant> validated = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(validatedAt));
        return new Task(
                new TaskId(UUID.fromString(row.getString("id"))),
                new TenantId(row.getString("tenant_id")),
                row.getString("name"),
                row.getString("label"),
                row.getString("description"),
                LabelText.read(row.getString("tags")),
                new JsonText(row.getString("metadata")),
                Optional.ofNullable(row.getString("package_uuid")).map(UUID::fromString),
                row.getBoolean("enabled"),
                row.getBoolean("paused"),
                new VersionId(UUID.fromString(row.getString("active_version_id"))),
                row.getString("version"),
                new ContentHash(row.getString("hash")),
                Task.Source.valueOf(row.getString("source")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")),
                validated,
                row.getLong("revision"));
    }
}
