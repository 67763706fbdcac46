package dev.ratchet.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where servers keep what they accept: a file, or a PostgreSQL server of its own that is ended with this object. */
final class BenchDatabase implements AutoCloseable {
    private final @Nullable EmbeddedPostgres postgres;
    private int databases;

    /** The kinds that are measured. */
    enum Vendor {
        SQLITE,
        POSTGRESQL
    }

    /**
     * A data directory with an empty database.
     *
     * @param environment what a server needs to be told
     */
    record Place(Path data, Map<String, String> environment, String jdbcUrl) implements AutoCloseable {
        /** The same, with one more thing to tell servers. */
        Place with(String name, String value) {
            Map<String, String> more = new java.util.HashMap<>(environment);
            more.put(name, value);
            return new Place(data, Map.copyOf(more), jdbcUrl);
        }

        /** Everything but the database of a PostgreSQL server, which goes with the server. */
        @Override
        public void close() throws IOException {
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.toList().reversed()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private BenchDatabase(@Nullable EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static BenchDatabase open(Vendor vendor) throws IOException {
        return switch (vendor) {
            case SQLITE -> new BenchDatabase(null);
            case POSTGRESQL ->
                new BenchDatabase(EmbeddedPostgres.builder()
                        // As initdb leaves it; the library would switch both off.
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("fsync", "on")
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .start());
        };
    }

    Vendor vendor() {
        return postgres == null ? Vendor.SQLITE : Vendor.POSTGRESQL;
    }

    /** An empty database. */
    Place fresh() throws IOException, SQLException {
        Path data = Files.createTempDirectory("ratchet-bench-server");
        if (postgres == null) {
            return new Place(data, Map.of(), "jdbc:sqlite:" + data.resolve("ratchet.db"));
        }
        String name = create();
        // Only the filling of the database goes this way.
        String jdbc = postgres.getJdbcUrl("postgres", name) + "&reWriteBatchedInserts=true";
        return new Place(data, Map.of("RATCHET_DATABASE_URL", url(name)), jdbc);
    }

    /** A new database of the PostgreSQL server as a URL with the user in it. */
    String freshUrl() throws SQLException {
        return url(create());
    }

    private String url(String name) {
        return "postgresql://postgres:postgres@127.0.0.1:" + server().getPort() + "/" + name;
    }

    private EmbeddedPostgres server() {
        if (postgres == null) {
            throw new IllegalStateException("there is no PostgreSQL server");
        }
        return postgres;
    }

    private String create() throws SQLException {
        String name = "bench_" + ++databases;
        try (Connection connection = server().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            // So that no row pays for the one before.
            statement.execute("checkpoint");
        }
        return name;
    }

    /** Version and what it does at a commit. */
    String description() throws SQLException {
        if (postgres == null) {
            return "SQLite, synchronous FULL";
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select current_setting('server_version'), current_setting('synchronous_commit'),"
                                + " current_setting('fsync')")) {
            row.next();
            return "PostgreSQL " + row.getString(1) + ", synchronous_commit " + row.getString(2) + ", fsync "
                    + row.getString(3);
        }
    }

    static Connection connect(Place place) throws SQLException {
        return DriverManager.getConnection(place.jdbcUrl());
    }

    @Override
    public void close() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
