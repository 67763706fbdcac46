package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Transactions;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one kind of database only can do to whoever uses it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseFailureTest {
    private static final String INSERT = "insert into tenants (tenant_id, queue_paused) values (?, ?)";

    @Test
    void writeWhileAnotherProcessHoldsTheSqliteFileFailsAndLaterWritesAreWhole() throws SQLException {
        try (TestDatabase database = TestDatabase.open(TestDatabase.Vendor.SQLITE)) {
            GroupCommit groups = database.get(GroupCommit.class);
            Transactions transactions = database.get(Transactions.class);
            Sql sql = database.get(Sql.class);
            StorageSettings.Sqlite sqlite =
                    (StorageSettings.Sqlite) database.settings().database();

            try (Connection foreign = new SqliteFile(sqlite).writer().getConnection();
                    Statement statement = foreign.createStatement()) {
                statement.execute("begin immediate");
                assertUnavailable(() -> groups.run(session -> session.update(INSERT, "a", false)));
                assertUnavailable(
                        () -> transactions.write(() -> sql.within(session -> session.update(INSERT, "b", false))));
                assertThat(tenants(sql)).isZero();
                statement.execute("rollback");
            }

            // A connection whose transaction never began would keep the insert.
            assertThatThrownBy(() -> transactions.write(() -> {
                        sql.within(session -> session.update(INSERT, "c", false));
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            assertThatThrownBy(() -> groups.run(session -> {
                        session.update(INSERT, "d", false);
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            assertThat(tenants(sql)).isZero();
            groups.run(session -> session.update(INSERT, "e", false));
            assertThat(tenants(sql)).isEqualTo(1);
        }
    }

    @Test
    void writeWhenPostgresqlEndsTheConnectionFailsAndTheNextOneWorks() {
        try (TestDatabase database = TestDatabase.open(TestDatabase.Vendor.POSTGRESQL)) {
            GroupCommit groups = database.get(GroupCommit.class);
            Sql sql = database.get(Sql.class);

            for (int i = 0; i < 5; i++) {
                assertUnavailable(() -> groups.run(session -> {
                    session.update(INSERT, "lost", false);
                    return session.query("select pg_terminate_backend(pg_backend_pid())", row -> row.getBoolean(1));
                }));
            }
            groups.run(session -> session.update(INSERT, "kept", false));

            assertThat(tenants(sql)).isEqualTo(1);
        }
    }

    @Test
    void sqliteLogBeginsAnewUnderSteadyLoad() throws IOException {
        try (TestDatabase database = TestDatabase.open(TestDatabase.Vendor.SQLITE)) {
            GroupCommit groups = database.get(GroupCommit.class);
            Sql sql = database.get(Sql.class);
            StorageSettings.Sqlite sqlite =
                    (StorageSettings.Sqlite) database.settings().database();
            SqliteFile file = new SqliteFile(sqlite);
            groups.run(session -> session.update("create table bulk (id bigint not null primary key, body blob)"));
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            long written = 0;
            boolean longLog = false;
            long pages = 0;
            try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
                while (System.nanoTime() < end) {
                    long id = written++;
                    groups.run(session -> session.update("insert into bulk values (?, randomblob(65536))", id));
                    if (id % 16 == 0) {
                        reader.execute(() -> tenants(sql));
                    }
                    if (id % 64 == 0) {
                        long now = logPages(sqlite);
                        longLog |= now > 8_192;
                        if (longLog && now < pages) {
                            break;
                        }
                        pages = now;
                    }
                }
            }

            assertThat(System.nanoTime()).as("the log began anew in time").isLessThan(end);
            assertThat(Files.size(file.beside("-wal"))).isLessThan(512L * 1024 * 1024);
        }
    }

    /** Pages in the log, by a checkpoint of another process, as it were. */
    private static long logPages(StorageSettings.Sqlite sqlite) {
        try (Connection connection = new SqliteFile(sqlite).reader().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma wal_checkpoint(noop)")) {
            return row.next() ? row.getLong(2) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long tenants(Sql sql) {
        return sql.<Long>read(session -> session.query("select count(*) from tenants", row -> row.getLong(1))
                .getFirst());
    }

    private static void assertUnavailable(ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
    }
}
