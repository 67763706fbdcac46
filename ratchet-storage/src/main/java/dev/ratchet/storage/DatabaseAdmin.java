package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Backs a database up, restores and checks it, whether or not a server is using it. Opens connections of its own for each
 * call and loads no class of Spring.
 */
public final class DatabaseAdmin {
    static final String HISTORY = "flyway_schema_history";

    private final StorageSettings.Database database;
    private final InstantSource clock;

    public DatabaseAdmin(StorageSettings.Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Writes the database as it is at this moment into a new file: a SQLite database, or a ZIP archive of PostgreSQL's
     * tables. A file that is there is what it says: it has been checked and is on the disk.
     *
     * @throws RatchetException CONFLICT when the file exists, NOT_FOUND when there is no database, IO_ERROR
     */
    public void backup(Path target) {
        if (Files.exists(target)) {
            throw new RatchetException(ErrorCode.CONFLICT, target + " exists; name a new file");
        }
        switch (database) {
            case StorageSettings.Sqlite sqlite -> existing(sqlite).copyTo(target);
            case StorageSettings.Postgresql postgresql ->
                new PostgresqlArchive(OpenDatabase.source(postgresql)).write(target);
        }
    }

    /**
     * Puts a backup in the place of the database, after checking it. A SQLite file that a server is using is replaced
     * when that server next starts. PostgreSQL is refused while servers use it.
     *
     * @throws RatchetException NOT_FOUND when there is no such file; BAD_REQUEST when it is no sound backup; CONFLICT when
     *     it is newer than this program, or servers are using the database; IO_ERROR
     */
    public RestoreResult restore(Path backup) {
        if (!Files.isRegularFile(backup)) {
            throw new RatchetException(ErrorCode.NOT_FOUND, backup + " is no file");
        }
        return switch (database) {
            case StorageSettings.Sqlite sqlite -> restore(new SqliteFile(sqlite), backup);
            case StorageSettings.Postgresql postgresql -> {
                new PostgresqlArchive(OpenDatabase.source(postgresql)).read(backup, postgresql, clock);
                yield new RestoreResult.Done(Optional.empty());
            }
        };
    }

    /**
     * Looks at every page and every reference between tables, and counts rows.
     *
     * @throws RatchetException NOT_FOUND when there is no database, SERVICE_UNAVAILABLE when it cannot be reached
     */
    public CheckReport check() {
        return switch (database) {
            case StorageSettings.Sqlite sqlite -> {
                SqliteFile file = existing(sqlite);
                yield report(SqliteFile.readOnly(file.path()), file.path().toString(), sqliteBytes(file));
            }
            case StorageSettings.Postgresql postgresql ->
                report(OpenDatabase.source(postgresql), postgresql.shownUrl(), -1);
        };
    }

    private static SqliteFile existing(StorageSettings.Sqlite sqlite) {
        SqliteFile file = new SqliteFile(sqlite);
        if (!file.exists()) {
            throw new RatchetException(ErrorCode.NOT_FOUND, "there is no database " + sqlite.file());
        }
        return file;
    }

    private RestoreResult restore(SqliteFile file, Path backup) {
        requireSound(backup);
        file.makeFolder();
        new SqliteFile(StorageSettings.Sqlite.of(backup)).copyTo(file.beside(".restore"));
        Optional<SqliteFile.Lock> lock = file.lock();
        if (lock.isEmpty()) {
            return new RestoreResult.AtNextStart();
        }
        try (SqliteFile.Lock _ = lock.get()) {
            boolean existed = file.exists();
            String ending = ".replaced-" + clock.millis();
            file.takeRestored(ending);
            return new RestoreResult.Done(existed ? Optional.of(file.beside(ending)) : Optional.empty());
        }
    }

    private void requireSound(Path backup) {
        try {
            List<String> faults = SqliteFile.faultsOf(backup);
            if (!faults.isEmpty()) {
                throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " is damaged: " + String.join("; ", faults));
            }
        } catch (SQLException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " is no SQLite database: " + e.getMessage(), e);
        }
        if (Migrations.of(SqliteFile.readOnly(backup), database).version().isEmpty()) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " is no database of Ratchet: it has no schema");
        }
    }

    private static long sqliteBytes(SqliteFile file) {
        try {
            Path log = file.beside("-wal");
            return Files.size(file.path()) + (Files.exists(log) ? Files.size(log) : 0);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, file.path() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private CheckReport report(DataSource source, String shown, long fileBytes) {
        List<String> faults = new ArrayList<>();
        Map<String, Long> rows = new HashMap<>();
        long bytes = fileBytes;
        try (Connection connection = source.getConnection()) {
            switch (database) {
                case StorageSettings.Sqlite _ -> faults.addAll(SqliteFile.faultsOn(connection));
                case StorageSettings.Postgresql _ -> {
                    faults.addAll(texts(
                            connection,
                            "select 'the index ' || indexrelid::regclass || ' is not valid; REINDEX it' from pg_index"
                                    + " where not indisvalid limit 20"));
                    bytes = Long.parseLong(texts(connection, "select pg_database_size(current_database())::text")
                            .getFirst());
                }
            }
            for (String table : tables(connection)) {
                try (Statement statement = connection.createStatement();
                        ResultSet count = statement.executeQuery("select count(*) from " + quoted(table))) {
                    if (count.next()) {
                        rows.put(table, count.getLong(1));
                    }
                }
            }
        } catch (SQLException e) {
            if (DatabaseErrors.kindOf(e) != DatabaseErrors.Kind.DAMAGED) {
                throw DatabaseErrors.translate(e);
            }
            faults.add(String.valueOf(e.getMessage()));
            return new CheckReport(shown, Optional.empty(), 0, bytes, rows, faults);
        }
        Migrations migrations = Migrations.of(source, database);
        try {
            return new CheckReport(shown, migrations.version(), migrations.pending(), bytes, rows, faults);
        } catch (RatchetException e) {
            faults.add(String.valueOf(e.getMessage()));
            return new CheckReport(shown, Optional.empty(), 0, bytes, rows, faults);
        }
    }

    /** Tables of the schema, its history left out, sorted by name. */
    static List<String> tables(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        DatabaseMetaData data = connection.getMetaData();
        try (ResultSet rows = data.getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                String name = rows.getString("TABLE_NAME");
                if (!name.equals(HISTORY) && !name.startsWith("sqlite_")) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }

    static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
