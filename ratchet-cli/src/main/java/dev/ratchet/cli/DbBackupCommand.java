package dev.ratchet.cli;

import dev.ratchet.storage.DatabaseAdmin;
import dev.ratchet.storage.StorageSettings;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a backup. */
@Command(
        name = "backup",
        description = "Writes the database, as it is at this moment, into a new file, checks it, and prints its name.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A server may go on working meanwhile.",
            "",
            "Examples:",
            "  ratchet db backup",
            "  ratchet db backup --config ratchet.yaml --output /backup/ratchet-monday.db",
            "",
            "Exit codes: 0 done, 2 usage, no database or the file exists, 4 infrastructure."
        })
final class DbBackupCommand implements Callable<Integer> {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Mixin
    private final DbOptions options = new DbOptions();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The file, which must not exist; default: ratchet-backup-TIME.db, or .zip with PostgreSQL, in"
                    + " the working directory.")
    private @Nullable Path output;

    DbBackupCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        StorageSettings.Database database = options.database(environment, globals);
        Path file = output == null ? named(database) : output;
        new DatabaseAdmin(database, environment.clock()).backup(file);
        environment.out().println(RunDisplay.printable(file.toString()));
        return ExitCode.OK;
    }

    private Path named(StorageSettings.Database database) {
        String ending =
                switch (database) {
                    case StorageSettings.Sqlite _ -> ".db";
                    case StorageSettings.Postgresql _ -> ".zip";
                };
        return Path.of("ratchet-backup-" + MOMENT.format(environment.clock().instant()) + ending);
    }
}
