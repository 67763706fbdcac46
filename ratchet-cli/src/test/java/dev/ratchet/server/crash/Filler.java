package dev.ratchet.server.crash;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * Puts into the database what only much time or very much work would leave there, for the retention to find: old jobs, more
 * of them than are kept, larger ones than are kept, expired keys, forgotten documents. Written past the servers, while the
 * one that is to find it has not started.
 */
final class Filler {
    /** The task whose jobs these are; it never runs any. */
    static final String TASK = "crash-filler";

    /** Jobs that are kept of a task. */
    static final int KEPT_JOBS = 5_000;

    private static final int SOME = 20;

    /** Ended, and not too old for many years: epoch milliseconds. */
    private static final long LATER = 4_102_444_800_000L;

    private Filler() {}

    /** Leaves something for a step of the retention to do; does nothing for any other step. */
    static void prepare(CrashDatabase database, String step) throws SQLException {
        switch (step) {
            case "RetentionStore.removeEndedBefore" -> jobs(database, SOME, 1);
            case "RetentionStore.removeUpTo" -> jobs(database, KEPT_JOBS + SOME, LATER);
            case "RetentionStore.removeExpiredKeys" ->
                insert(
                        database,
                        "insert into idempotency_keys (tenant_id, key, fingerprint, job_id, execution_id, expires_at)"
                                + " select tenant_id, ?, '', '', '', 1 from tasks where name = '" + TASK + "'",
                        1);
            case "RetentionStore.removeForgottenDocuments" ->
                insert(
                        database,
                        "insert into payloads (id, tenant_id, bytes, content) select '01700000' || substr(?, 9),"
                                + " tenant_id, 2, '{}' from tasks where name = '" + TASK + "'",
                        SOME);
            default -> {
                // Found or made by the servers themselves.
            }
        }
    }

    private static void jobs(CrashDatabase database, int wanted, long completedAt) throws SQLException {
        int there = 0;
        if (wanted > KEPT_JOBS) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select count(*) from jobs j join tasks t"
                            + " on t.id = j.task_id where t.name = '" + TASK + "'")) {
                rows.next();
                there = rows.getInt(1);
            }
        }
        insert(
                database,
                "insert into jobs (id, tenant_id, task_id, version_id, origin, actor, priority, status, rank, due_at,"
                        + " queued_at, completed_at, retry_count, max_retries, retry_policy, tags, input, input_bytes,"
                        + " execution_id, attempt, redriven, lease_token, revision) select ?, tenant_id, id,"
                        + " active_version_id, 'API', 'harness', 1, 'COMPLETED', 0, 0, 0, " + completedAt
                        + ", 0, 0, 'FIXED 1 1 false false', '[]', '{}', 0, '', 1, false, 0, 1 from tasks where name = '"
                        + TASK
                        + "'",
                wanted - there);
    }

    private static void insert(CrashDatabase database, String sql, int count) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                statement.setString(1, UUID.randomUUID().toString());
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
        }
    }
}
