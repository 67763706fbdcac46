package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.storage.DatabaseAdmin;
import dev.ratchet.storage.RestoreResult;
import dev.ratchet.storage.StorageSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup in the place of the database. */
@Command(
        name = "restore",
        description = "Checks a backup and puts it in the place of the database.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A SQLite file of before is kept beside the new one. While a server uses it, the backup is laid",
            "ready, and the server takes it when it next starts. A PostgreSQL database is refused while",
            "servers use it, and what is in it is gone afterwards.",
            "",
            "Examples:",
            "  ratchet db restore /backup/ratchet-monday.db",
            "  ratchet db restore --force ratchet-backup-20260401T120000Z.db",
            "",
            "Exit codes: 0 done, 2 usage, no sound backup, or a database that only --force replaces,",
            "4 infrastructure."
        })
final class DbRestoreCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Mixin
    private final DbOptions options = new DbOptions();

    @Parameters(paramLabel = "FILE", arity = "1", description = "A file that 'ratchet db backup' has written.")
    @SuppressWarnings("FieldCanBeFinal") // picocli sets it
    private Path backup = Path.of("");

    @Option(names = "--force", description = "Replace a database that exists.")
    private boolean force;

    DbRestoreCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        StorageSettings.Database database = options.database(environment, globals);
        DatabaseAdmin admin = new DatabaseAdmin(database, environment.clock());
        if (!force && exists(database, admin)) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    switch (database) {
                        case StorageSettings.Sqlite sqlite ->
                            sqlite.file() + " exists; --force puts the backup in its place and keeps it beside";
                        case StorageSettings.Postgresql _ ->
                            "the PostgreSQL database has a schema of Ratchet; --force replaces what is in it, which is"
                                    + " gone then (back it up first)";
                    });
        }
        environment
                .out()
                .println(
                        switch (admin.restore(backup)) {
                            case RestoreResult.Done(Optional<Path> before) ->
                                "restored"
                                        + before.map(file -> "; the database of before is "
                                                        + RunDisplay.printable(file.toString()))
                                                .orElse("");
                            case RestoreResult.AtNextStart() ->
                                "a server is using the database; it takes the backup when it next starts";
                        });
        return ExitCode.OK;
    }

    private static boolean exists(StorageSettings.Database database, DatabaseAdmin admin) {
        return switch (database) {
            case StorageSettings.Sqlite sqlite -> Files.exists(sqlite.file());
            case StorageSettings.Postgresql _ -> admin.check().schemaVersion().isPresent();
        };
    }
}
