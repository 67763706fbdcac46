package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a schema up to what this program needs, and refuses one that is ahead of it. */
final class Migrations {
    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    private final Flyway flyway;

    Migrations(DataSource source, String location) {
        this.flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .locations(location)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }

    /** The migrations of a kind of database. */
    static Migrations of(DataSource source, StorageSettings.Database database) {
        return new Migrations(source, location(database));
    }

    /**
     * Applies what is missing.
     *
     * @param beforeChange called with the present version before a schema that exists is changed
     * @throws RatchetException CONFLICT when the schema is newer than the program, IO_ERROR when a migration failed
     */
    void migrate(Consumer<String> beforeChange) {
        try {
            MigrationInfoService info = flyway.info();
            refuseWhatIsAhead(info);
            MigrationInfo current = info.current();
            int pending = info.pending().length;
            if (pending == 0) {
                flyway.validate();
                return;
            }
            if (current != null) {
                beforeChange.accept(String.valueOf(current.getVersion()));
            }
            String target = flyway.migrate().targetSchemaVersion;
            log.atInfo()
                    .addKeyValue("version", target)
                    .addKeyValue("steps", pending)
                    .log("the schema was updated");
        } catch (FlywayException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the database's schema could not be made ready: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a schema of an older version where there is none.
     *
     * @param version a version this program knows
     */
    static void makeSchema(DataSource source, StorageSettings.Database database, String version) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations(location(database))
                    .cleanDisabled(true)
                    .target(version)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "the schema could not be made: " + e.getMessage(), e);
        }
    }

    /**
     * Version of the schema; empty when there is none.
     *
     * @throws RatchetException CONFLICT when it is newer than this program or was left half-way
     */
    Optional<String> version() {
        MigrationInfoService info = flyway.info();
        refuseWhatIsAhead(info);
        MigrationInfo current = info.current();
        return current == null ? Optional.empty() : Optional.of(String.valueOf(current.getVersion()));
    }

    /** How many steps the schema is behind this program. */
    int pending() {
        return flyway.info().pending().length;
    }

    private static String location(StorageSettings.Database database) {
        return "classpath:db/migration/" + database.vendor();
    }

    private static void refuseWhatIsAhead(MigrationInfoService info) {
        for (MigrationInfo applied : info.applied()) {
            switch (applied.getState()) {
                case FUTURE_SUCCESS, FUTURE_FAILED ->
                    throw new RatchetException(
                            ErrorCode.CONFLICT,
                            "the database has schema version " + applied.getVersion()
                                    + ", which this program is too old for; start the program that wrote it, or a newer one,"
                                    + " or restore a backup made before the update");
                case FAILED, MISSING_FAILED ->
                    throw new RatchetException(
                            ErrorCode.CONFLICT,
                            "the update of the schema to version " + applied.getVersion()
                                    + " failed half-way; restore the backup made before it");
                default -> {}
            }
        }
    }
}
