package dev.ratchet.server.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** The database that outlives the servers: a file of SQLite, or a PostgreSQL server of its own. */
sealed interface CrashDatabase extends AutoCloseable {
    /** Which one. */
    enum Kind {
        SQLITE,
        POSTGRESQL
    }

    /** A new, empty one. */
    static CrashDatabase open(Kind kind, Path directory) throws IOException, SQLException {
        return switch (kind) {
            case SQLITE -> new SqliteFile(directory.resolve("ratchet.db"));
            case POSTGRESQL -> Postgresql.start(directory);
        };
    }

    Kind kind();

    /** As {@code server.database.url}. */
    String url();

    /** A connection past the servers. */
    Connection connect() throws SQLException;

    @Override
    void close() throws IOException;

    record SqliteFile(Path file) implements CrashDatabase {
        @Override
        public Kind kind() {
            return Kind.SQLITE;
        }

        @Override
        public String url() {
            return "sqlite://" + file;
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + file);
        }

        @Override
        public void close() {
            // The file belongs to whoever gave the directory.
        }
    }

    record Postgresql(EmbeddedPostgres server) implements CrashDatabase {
        private static final String NAME = "ratchet";

        static Postgresql start(Path directory) throws IOException, SQLException {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(Files.createDirectories(directory.resolve("postgresql"))
                            .toFile())
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("fsync", "on")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create database " + NAME);
            }
            return new Postgresql(server);
        }

        @Override
        public Kind kind() {
            return Kind.POSTGRESQL;
        }

        @Override
        public String url() {
            return "postgresql://postgres:postgres@127.0.0.1:" + server.getPort() + "/" + NAME;
        }

        @Override
        public Connection connect() throws SQLException {
            return server.getDatabase("postgres", NAME).getConnection();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
