package dev.ratchet.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that is ready for use: locked where that is needed, its schema up to date, with one pool of connections
 * that write and one of connections that only read. Closing it ends what it started, in the opposite order.
 */
final class OpenDatabase implements AutoCloseable {
    /**
     * Statements are made for indexes. The plans of prepared ones are kept, and those made while a table is new and empty
     * would read all of it, the more slowly the more it has, until its statistics are gathered. Compiling plans, which the
     * high cost of a scan that cannot be avoided would set off, takes longer than any of them.
     */
    private static final String INDEXES_FIRST = "set enable_seqscan = off; set jit = off";

    private static final Logger log = LoggerFactory.getLogger(OpenDatabase.class);

    private final Deque<AutoCloseable> opened;
    private final HikariDataSource writers;
    private final HikariDataSource readers;

    private OpenDatabase(Deque<AutoCloseable> opened, HikariDataSource writers, HikariDataSource readers) {
        this.opened = opened;
        this.writers = writers;
        this.readers = readers;
    }

    /** Connections that may write; with SQLite there is one. */
    HikariDataSource writers() {
        return writers;
    }

    /** Connections that cannot write. */
    HikariDataSource readers() {
        return readers;
    }

    static OpenDatabase open(StorageSettings settings, InstantSource clock) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return switch (settings.database()) {
                case StorageSettings.Sqlite sqlite -> openSqlite(settings, sqlite, clock, opened);
                case StorageSettings.Postgresql postgresql -> openPostgresql(settings, postgresql, opened);
            };
        } catch (RuntimeException e) {
            try {
                closeAll(opened);
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private static OpenDatabase openSqlite(
            StorageSettings settings, StorageSettings.Sqlite sqlite, InstantSource clock, Deque<AutoCloseable> opened) {
        SqliteFile file = new SqliteFile(sqlite);
        file.makeFolder();
        opened.push(file.lock()
                .orElseThrow(() -> new RatchetException(
                        ErrorCode.CONFLICT,
                        sqlite.file()
                                + " is in use by another server; stop it, or use PostgreSQL to share a database")));
        String replaced = ".replaced-" + clock.millis();
        if (file.takeRestored(replaced)) {
            log.atWarn()
                    .addKeyValue("before", file.beside(replaced).toString())
                    .log("a restored backup has taken the database's place");
        }
        boolean existed = file.exists();
        DataSource single = file.reader();
        Migrations.of(single, sqlite).migrate(version -> {
            if (existed) {
                Path copy = freeName(settings, file, version);
                file.copyTo(copy);
                log.atInfo().addKeyValue("copy", copy.toString()).log("the database was copied before its update");
            }
        });
        HikariDataSource writers = pool(settings, "writers", file.writer(), 1);
        opened.push(writers);
        HikariConfig reading = config(settings, "readers", file.reader(), settings.readers());
        reading.setConnectionInitSql("PRAGMA query_only=true");
        HikariDataSource readers = new HikariDataSource(reading);
        opened.push(readers);
        opened.push(new Checkpointer(file.writer(), writers));
        return new OpenDatabase(opened, writers, readers);
    }

    private static Path freeName(StorageSettings settings, SqliteFile file, String version) {
        Path name = backupName(settings, file, "." + version + ".bak");
        for (int i = 2; Files.exists(name); i++) {
            name = backupName(settings, file, "." + version + "-" + i + ".bak");
        }
        return name;
    }

    private static Path backupName(StorageSettings settings, SqliteFile file, String ending) {
        return settings.backupDirectory()
                .map(folder -> folder.resolve(file.name() + ending))
                .orElseGet(() -> file.beside(ending));
    }

    private static OpenDatabase openPostgresql(
            StorageSettings settings, StorageSettings.Postgresql postgresql, Deque<AutoCloseable> opened) {
        DataSource single = source(postgresql);
        requireServer(single, postgresql);
        Migrations.of(single, postgresql).migrate(_ -> {});
        HikariDataSource writers = pool(settings, "writers", single, settings.writers() + 2);
        opened.push(writers);
        HikariConfig reading = config(settings, "readers", source(postgresql), settings.readers());
        reading.setReadOnly(true);
        // All statements of one transaction see the same state, as they do with SQLite.
        reading.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        HikariDataSource readers = new HikariDataSource(reading);
        opened.push(readers);
        return new OpenDatabase(opened, writers, readers);
    }

    /** Unpooled connections to a PostgreSQL server. */
    static PGSimpleDataSource source(StorageSettings.Postgresql postgresql) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(postgresql.url());
        source.setUser(postgresql.user());
        source.setPassword(postgresql.password());
        source.setApplicationName("ratchet");
        // Else messages of failed batches have the values of the statement, and they end in the log.
        source.setLogServerErrorDetail(false);
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(10);
        // A statement that takes longer has lost its server.
        source.setSocketTimeout(120);
        source.setReWriteBatchedInserts(true);
        return source;
    }

    private static void requireServer(DataSource source, StorageSettings.Postgresql postgresql) {
        try (Connection connection = source.getConnection()) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major < 14) {
                throw new RatchetException(
                        ErrorCode.CONFLICT, "the server has PostgreSQL " + major + ", and 14 or newer is needed");
            }
        } catch (SQLException e) {
            throw new RatchetException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    postgresql.shownUrl() + " cannot be reached: "
                            + DatabaseErrors.translate(e).getMessage(),
                    e);
        }
    }

    private static HikariDataSource pool(StorageSettings settings, String name, DataSource source, int size) {
        return new HikariDataSource(config(settings, name, source, size));
    }

    private static HikariConfig config(StorageSettings settings, String name, DataSource source, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("ratchet-" + name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(2, size));
        config.setConnectionTimeout(settings.acquireTimeout().toMillis());
        config.setMaxLifetime(
                switch (settings.database()) {
                    // A file does not tire of connections, and a new one has an empty cache.
                    case StorageSettings.Sqlite _ -> 0;
                    case StorageSettings.Postgresql _ -> Duration.ofMinutes(30).toMillis();
                });
        if (settings.database() instanceof StorageSettings.Postgresql) {
            config.setConnectionInitSql(INDEXES_FIRST);
        }
        config.setExceptionOverride(new EvictAfterBusy());
        return config;
    }

    @Override
    public void close() {
        closeAll(opened);
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        RuntimeException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new RatchetException(ErrorCode.IO_ERROR, "the database could not be closed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
