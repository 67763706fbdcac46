package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteException;

class OpenDatabaseTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void openWhenTheSchemaIsNewerThanTheProgramRefuses(TestDatabase.Vendor vendor) {
        StorageSettings settings = settings(vendor);
        try (OpenDatabase database = OpenDatabase.open(settings, InstantSource.system())) {
            execute(
                    database,
                    "insert into flyway_schema_history (installed_rank, version, description, type, script,"
                            + " installed_by, execution_time, success) values (9000, '9000', 'later', 'SQL', 'V9000__later.sql',"
                            + " 'somebody', 1, true)");
        }

        assertThatThrownBy(() -> OpenDatabase.open(settings, InstantSource.system()))
                .isInstanceOfSatisfying(RatchetException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(error).hasMessageContaining("9000").hasMessageContaining("too old");
                });
    }

    @Test
    void openWhenASchemaIsUpdatedKeepsACopyOfBefore() throws IOException {
        StorageSettings settings = settings(TestDatabase.Vendor.SQLITE);
        StorageSettings.Sqlite sqlite = (StorageSettings.Sqlite) settings.database();
        SqliteFile file = new SqliteFile(sqlite);
        file.makeFolder();
        new Migrations(file.reader(), "classpath:db/earlier").migrate(_ -> {});

        assertThatThrownBy(() -> OpenDatabase.open(settings, InstantSource.system()))
                .hasMessageContaining("schema");

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).contains("ratchet.db.0.5.bak");
        }
    }

    @Test
    void openWhenAnotherServerHasTheFileRefuses() {
        StorageSettings settings = settings(TestDatabase.Vendor.SQLITE);
        try (OpenDatabase _ = OpenDatabase.open(settings, InstantSource.system())) {
            assertThatThrownBy(() -> OpenDatabase.open(settings, InstantSource.system()))
                    .hasMessageContaining("in use by another server");
        }

        OpenDatabase.open(settings, InstantSource.system()).close();
    }

    @Test
    void openWhenSqliteSetsWhatTheDesignReliesOn() throws SQLException {
        try (OpenDatabase database = OpenDatabase.open(settings(TestDatabase.Vendor.SQLITE), InstantSource.system())) {
            try (Connection writer = database.writers().getConnection()) {
                assertThat(pragma(writer, "journal_mode")).isEqualTo("wal");
                assertThat(pragma(writer, "synchronous")).isEqualTo("2");
                assertThat(pragma(writer, "foreign_keys")).isEqualTo("1");
                assertThat(pragma(writer, "wal_autocheckpoint")).isEqualTo("0");
            }
            try (Connection reader = database.readers().getConnection();
                    Statement statement = reader.createStatement()) {
                assertThat(pragma(reader, "query_only")).isEqualTo("1");
                assertThatThrownBy(() -> statement.execute("delete from tenants"))
                        .isInstanceOf(SQLiteException.class);
            }
        }
    }

    @Test
    void openWhenPostgresqlCannotBeReachedSaysWhere() {
        StorageSettings settings = StorageSettings.of(
                new StorageSettings.Postgresql("jdbc:postgresql://127.0.0.1:1/none?password=secret", "me", "secret"));

        assertThatThrownBy(() -> OpenDatabase.open(settings, InstantSource.system()))
                .isInstanceOfSatisfying(RatchetException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
                    assertThat(error).hasMessageContaining("127.0.0.1:1").hasMessageNotContaining("secret");
                });
        assertThat(settings.toString()).doesNotContain("secret");
    }

    private StorageSettings settings(TestDatabase.Vendor vendor) {
        return StorageSettings.of(
                switch (vendor) {
                    case SQLITE -> StorageSettings.Sqlite.of(folder.resolve("ratchet.db"));
                    case POSTGRESQL -> TestDatabase.newPostgresql();
                });
    }

    private static String pragma(Connection connection, String name) throws SQLException {
        List<String> values = DatabaseAdmin.texts(connection, "pragma " + name);
        return values.getFirst();
    }

    private static void execute(OpenDatabase database, String sql) {
        try (Connection connection = database.writers().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
