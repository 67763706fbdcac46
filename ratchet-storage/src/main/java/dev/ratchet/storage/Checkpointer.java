package dev.ratchet.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings SQLite's log back into the file, so that no writer has to do it after a commit. It does so on a connection of
 * its own, beside readers and the writer. The log can begin anew only when all of it is in the file at the moment of
 * the next write, which under steady load never happens by itself; so once the log is long, what little is left is
 * done while the writers wait.
 */
final class Checkpointer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Checkpointer.class);

    private static final long PERIOD_MILLIS = 500;
    /** 32 MiB in pages of 4 KiB. */
    private static final int LONG_LOG_PAGES = 8_192;

    private final DataSource source;
    private final DataSource writers;
    private final ScheduledExecutorService executor;
    private long lastChange = -1;
    private @Nullable Connection own;

    /**
     * @param source connections beside those of the pools
     * @param writers the pool whose one connection writes
     */
    Checkpointer(DataSource source, DataSource writers) {
        this.source = source;
        this.writers = writers;
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ratchet-checkpoint").daemon(true).factory());
        // Nothing is lost with the future: the tick reports its failures itself.
        var _ = executor.scheduleWithFixedDelay(this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How much of the log is in the file. */
    private record Progress(int pages, int done) {}

    @SuppressWarnings("CatchingUnchecked") // an exception would end the schedule without a word
    private void tick() {
        try {
            Connection connection = connection();
            long change = number(connection, "PRAGMA data_version");
            if (change == lastChange) {
                return;
            }
            lastChange = change;
            Progress progress = checkpoint(connection);
            if (progress.pages > LONG_LOG_PAGES) {
                try (Connection writer = writers.getConnection()) {
                    Progress rest = checkpoint(writer);
                    log.atDebug()
                            .addKeyValue("pages", rest.pages)
                            .addKeyValue("done", rest.done)
                            .log("the log was brought to its end");
                }
            }
        } catch (Exception e) {
            log.atWarn().setCause(e).log("the database's log could not be brought into its file; it grows meanwhile");
            dropConnection();
        }
    }

    private Connection connection() throws SQLException {
        Connection known = own;
        if (known == null) {
            known = source.getConnection();
            own = known;
        }
        return known;
    }

    private void dropConnection() {
        Connection known = own;
        own = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException e) {
                log.atDebug().setCause(e).log("a connection could not be closed");
            }
        }
    }

    private static Progress checkpoint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            return row.next() ? new Progress(row.getInt(2), row.getInt(3)) : new Progress(0, 0);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                log.atWarn().log("a checkpoint did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropConnection();
    }
}
