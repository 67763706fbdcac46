package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
@Timeout(120)
class DatabaseAdminTest {
    private final TestDatabase.Vendor vendor;
    private final TestDatabase database;
    private final DatabaseAdmin admin;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    DatabaseAdminTest(TestDatabase.Vendor vendor) {
        this.vendor = vendor;
        this.database = TestDatabase.open(vendor);
        this.admin = new DatabaseAdmin(database.settings().database(), InstantSource.system());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void checkWhenLiveCountsRowsAndFindsNothing() {
        addTenant("one");

        CheckReport report = admin.check();

        assertThat(report.faults()).isEmpty();
        assertThat(report.rows()).containsEntry("tenants", 1L).containsEntry("jobs", 0L);
        assertThat(report.schemaVersion()).isPresent();
        assertThat(report.pendingMigrations()).isZero();
        assertThat(report.bytes()).isPositive();
    }

    @Test
    void restoreBringsBackWhatTheLiveBackupHeld() {
        addTenant("one\twith \\ and 'quotes'");
        Path backup = folder.resolve("backup");
        admin.backup(backup);
        addTenant("two");

        RestoreResult result = admin.restore(backup);

        switch (vendor) {
            case SQLITE -> {
                assertThat(result).isInstanceOf(RestoreResult.AtNextStart.class);
                assertThat(tenants()).isEqualTo(2);
                database.restart();
            }
            case POSTGRESQL -> assertThat(result).isInstanceOf(RestoreResult.Done.class);
        }
        assertThat(tenants()).isEqualTo(1);
        assertThat(admin.check().faults()).isEmpty();
    }

    @Test
    void restoreIntoNothingMakesTheDatabase() {
        addTenant("one");
        Path backup = folder.resolve("backup");
        admin.backup(backup);
        StorageSettings.Database empty =
                switch (vendor) {
                    case SQLITE ->
                        StorageSettings.Sqlite.of(folder.resolve("new").resolve("ratchet.db"));
                    case POSTGRESQL -> TestDatabase.newPostgresql();
                };
        DatabaseAdmin other = new DatabaseAdmin(empty, InstantSource.system());

        assertThat(other.restore(backup)).isInstanceOf(RestoreResult.Done.class);

        assertThat(other.check().rows()).containsEntry("tenants", 1L);
    }

    @Test
    void restoreWhenTheFileIsDamagedRefusesAndChangesNothing() throws IOException {
        for (int i = 0; i < 500; i++) {
            addTenant("tenant " + i);
        }
        Path backup = folder.resolve("backup");
        admin.backup(backup);
        byte[] bytes = Files.readAllBytes(backup);
        Path cut = folder.resolve("cut");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        Path scrambled = folder.resolve("scrambled");
        Arrays.fill(bytes, bytes.length / 3, bytes.length / 2, (byte) 7);
        Files.write(scrambled, bytes);
        Path foreign = folder.resolve("foreign");
        Files.writeString(foreign, "not a database");

        for (Path broken : new Path[] {cut, scrambled, foreign}) {
            assertThatThrownBy(() -> admin.restore(broken))
                    .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                            .isIn(ErrorCode.BAD_REQUEST, ErrorCode.IO_ERROR));
        }
        database.restart();
        assertThat(tenants()).isEqualTo(500);
    }

    @Test
    void backupWhenTheTargetExistsRefuses() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "mine");

        assertThatThrownBy(() -> admin.backup(taken)).hasMessageContaining("exists");

        assertThat(taken).hasContent("mine");
    }

    private void addTenant(String name) {
        database.get(GroupCommit.class)
                .run(session ->
                        session.update("insert into tenants (tenant_id, queue_paused) values (?, ?)", name, false));
    }

    private long tenants() {
        return database.get(Sql.class)
                .<Long>read(session -> session.query("select count(*) from tenants", row -> row.getLong(1))
                        .getFirst());
    }
}
