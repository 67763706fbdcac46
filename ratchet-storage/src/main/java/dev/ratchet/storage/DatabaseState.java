package dev.ratchet.storage;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the database is doing, for those who operate the server. Thread-safe. */
public final class DatabaseState implements HealthCheck {
    private static final Logger log = LoggerFactory.getLogger(DatabaseState.class);

    /** However many ask, the disk is not made to write more often than this for their sake. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Sql sql;
    private final GroupCommit groups;
    private final OpenDatabase database;
    private final String vendor;
    private volatile Look last = new Look(HealthStatus.healthy(""), System.nanoTime() - FRESH_NANOS);

    private record Look(HealthStatus status, long at) {}

    /**
     * What is stored at a moment, of all tenants.
     *
     * @param tasks tasks that are not deleted
     * @param jobs jobs that retention has left
     * @param executions executions that retention has left
     * @param schedules schedules
     */
    public record Totals(long tasks, long jobs, long executions, long schedules) {}

    /**
     * What writers have done since the database was opened.
     *
     * @param transactions transactions that were committed together
     * @param writes pieces of work in them
     * @param waiting pieces of work that wait at the moment
     */
    public record Commits(long transactions, long writes, int waiting) {}

    DatabaseState(StorageSettings.Database kind, Sql sql, GroupCommit groups, OpenDatabase database) {
        this.sql = sql;
        this.groups = groups;
        this.database = database;
        this.vendor = switch (kind) {
            case StorageSettings.Sqlite _ -> "SQLite";
            case StorageSettings.Postgresql _ -> "PostgreSQL";
        };
    }

    @Override
    public String name() {
        return "database";
    }

    /** Reads, and commits a change of nothing: the same way as everything that is promised to a caller. */
    @Override
    public HealthStatus check() {
        Look known = last;
        if (System.nanoTime() - known.at() < FRESH_NANOS) {
            return known.status();
        }
        HealthStatus status = look();
        last = new Look(status, System.nanoTime());
        return status;
    }

    private HealthStatus look() {
        try {
            long begun = System.nanoTime();
            sql.read(session -> session.queryFirst("select id from nodes limit 1", row -> row.getString(1)));
            long read = System.nanoTime();
            sql.commit(session -> session.update(
                    "update nodes set lease_until = lease_until where id = (select min(id) from nodes)"));
            long written = System.nanoTime();
            return HealthStatus.healthy(String.format(
                    Locale.ROOT,
                    "%s read in %.1f ms and wrote in %.1f ms",
                    vendor,
                    (read - begun) / 1e6,
                    (written - read) / 1e6));
        } catch (RatchetException e) {
            log.atWarn().setCause(e).log("the database does not answer as it should");
            return HealthStatus.unhealthy(vendor + " does not answer: " + e.code());
        }
    }

    /** Counts, which reads an index of each table from end to end; for now and then. */
    public Totals totals() {
        return sql.read(session -> session.queryFirst(
                        """
                        select (select count(*) from tasks where deleted_at is null) as tasks,
                        (select count(*) from jobs) as jobs,
                        (select count(*) from executions) as executions,
                        (select count(*) from schedules) as schedules""",
                        row -> new Totals(
                                row.getLong("tasks"),
                                row.getLong("jobs"),
                                row.getLong("executions"),
                                row.getLong("schedules")))
                .orElse(new Totals(0, 0, 0, 0)));
    }

    /** Connections that are in use. */
    public int activeConnections() {
        return pools().mapToInt(HikariPoolMXBean::getActiveConnections).sum();
    }

    /** Connections that are open and not in use. */
    public int idleConnections() {
        return pools().mapToInt(HikariPoolMXBean::getIdleConnections).sum();
    }

    /** Threads that wait for a connection. */
    public int waitingForConnections() {
        return pools().mapToInt(HikariPoolMXBean::getThreadsAwaitingConnection).sum();
    }

    private Stream<HikariPoolMXBean> pools() {
        return Stream.of(database.writers(), database.readers()).map(HikariDataSource::getHikariPoolMXBean);
    }

    /** What writers have done. */
    public Commits commits() {
        return new Commits(groups.commits(), groups.committed(), groups.waiting());
    }
}
