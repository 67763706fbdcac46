package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The rows of a PostgreSQL database in a ZIP archive: the entry {@code schema} with the version, one entry for each table
 * in COPY's text format, tables that others refer to first, and at last {@code rows} with the number of rows of each,
 * without which an archive is not complete.
 */
final class PostgresqlArchive {
    private static final String SCHEMA = "schema";
    private static final String ROWS = "rows";
    private static final String FORMAT = "ratchet-postgresql-1 ";
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final DataSource source;

    PostgresqlArchive(DataSource source) {
        this.source = source;
    }

    void write(Path target) {
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        try {
            Path folder = target.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (Connection connection = source.getConnection();
                    ZipOutputStream archive =
                            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)))) {
                // One snapshot for all tables.
                connection.setAutoCommit(false);
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                writeTables(connection, archive);
                connection.rollback();
            }
            SqliteFile.force(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            if (folder != null) {
                SqliteFile.forceFolder(folder);
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the backup " + target + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void writeTables(Connection connection, ZipOutputStream archive) throws SQLException, IOException {
        Optional<String> version = schemaVersion(connection);
        if (version.isEmpty()) {
            throw new RatchetException(ErrorCode.NOT_FOUND, "there is nothing to back up: the database has no schema");
        }
        entry(archive, SCHEMA, FORMAT + version.get());
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : referredFirst(connection)) {
            archive.putNextEntry(new ZipEntry(table));
            long count = copy.copyOut("copy " + DatabaseAdmin.quoted(table) + " to stdout", new KeptOpen(archive));
            archive.closeEntry();
            rows.put(table, count);
        }
        entry(archive, ROWS, rowsText(rows));
    }

    /**
     * Replaces all rows by those of an archive, in one transaction.
     *
     * @param clock by which a server's lease is alive or not
     */
    void read(Path backup, StorageSettings.Postgresql settings, InstantSource clock) {
        try (InputStream file = Files.newInputStream(backup);
                ZipInputStream archive = new ZipInputStream(new BufferedInputStream(file));
                Connection connection = source.getConnection()) {
            String version = headerOf(archive, backup);
            Optional<String> present = Migrations.of(source, settings).version();
            if (present.isEmpty()) {
                Migrations.makeSchema(source, settings, version);
            } else if (!present.get().equals(version)) {
                throw new RatchetException(
                        ErrorCode.CONFLICT,
                        "the backup has schema version " + version + " and the database " + present.get()
                                + "; restore it into an empty database, which the next start brings up to date");
            }
            connection.setAutoCommit(false);
            refuseLiveServers(connection, clock);
            replaceRows(connection, archive, backup);
            connection.commit();
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        } catch (ZipException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the backup " + backup + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String headerOf(ZipInputStream archive, Path backup) throws IOException {
        ZipEntry first = archive.getNextEntry();
        String text = first != null && first.getName().equals(SCHEMA) ? text(archive) : "";
        if (!text.startsWith(FORMAT)) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    backup + " is no backup of a PostgreSQL database made by 'ratchet db backup'");
        }
        return text.substring(FORMAT.length());
    }

    private static void refuseLiveServers(Connection connection, InstantSource clock) throws SQLException {
        // Nobody may join while the rows are replaced.
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table nodes in access exclusive mode");
        }
        try (PreparedStatement statement =
                connection.prepareStatement("select count(*), min(name) from nodes where lease_until > ?")) {
            statement.setLong(1, clock.millis());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getLong(1) > 0) {
                    throw new RatchetException(
                            ErrorCode.CONFLICT,
                            row.getLong(1) + " servers are using the database, such as " + row.getString(2)
                                    + "; stop them first");
                }
            }
        }
    }

    private static void replaceRows(Connection connection, ZipInputStream archive, Path backup)
            throws SQLException, IOException {
        List<String> tables = DatabaseAdmin.tables(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "truncate " + tables.stream().map(DatabaseAdmin::quoted).collect(Collectors.joining(", ")));
        }
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        Map<String, Long> rows = new LinkedHashMap<>();
        for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            String name = entry.getName();
            if (name.equals(ROWS)) {
                if (!text(archive).equals(rowsText(rows))) {
                    throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " has other rows than it says");
                }
                return;
            }
            if (!tables.contains(name)) {
                throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " has an unknown table '" + name + "'");
            }
            rows.put(name, copy.copyIn("copy " + DatabaseAdmin.quoted(name) + " from stdin", archive));
        }
        throw new RatchetException(ErrorCode.BAD_REQUEST, backup + " is not complete: its end is missing");
    }

    private static Optional<String> schemaVersion(Connection connection) throws SQLException {
        if (DatabaseAdmin.texts(connection, "select to_regclass('" + DatabaseAdmin.HISTORY + "')::text")
                .contains(null)) {
            return Optional.empty();
        }
        return DatabaseAdmin.texts(
                        connection,
                        "select version from " + DatabaseAdmin.HISTORY
                                + " where success and version is not null order by installed_rank desc limit 1")
                .stream()
                .findFirst();
    }

    private static List<String> referredFirst(Connection connection) throws SQLException {
        Set<String> waiting = new HashSet<>(DatabaseAdmin.tables(connection));
        Set<List<String>> references = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select r.relname, t.relname from pg_constraint c"
                        + " join pg_class r on r.oid = c.conrelid join pg_class t on t.oid = c.confrelid"
                        + " where c.contype = 'f' and c.conrelid <> c.confrelid"
                        + " and c.connamespace = current_schema()::regnamespace")) {
            while (rows.next()) {
                references.add(List.of(rows.getString(1), rows.getString(2)));
            }
        }
        List<String> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<String> free = waiting.stream()
                    .filter(table -> references.stream()
                            .noneMatch(reference ->
                                    reference.getFirst().equals(table) && waiting.contains(reference.getLast())))
                    .sorted()
                    .toList();
            if (free.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle: " + waiting);
            }
            ordered.addAll(free);
            free.forEach(waiting::remove);
        }
        return ordered;
    }

    private static String rowsText(Map<String, Long> rows) {
        return rows.entrySet().stream()
                .map(table -> table.getKey() + " " + table.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static void entry(ZipOutputStream archive, String name, String text) throws IOException {
        archive.putNextEntry(new ZipEntry(name));
        archive.write(text.getBytes(StandardCharsets.UTF_8));
        archive.closeEntry();
    }

    private static String text(InputStream entry) throws IOException {
        return new String(entry.readNBytes(MAX_HEADER_BYTES), StandardCharsets.UTF_8);
    }

    /** COPY closes what it writes to, and the archive has more entries to come. */
    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
