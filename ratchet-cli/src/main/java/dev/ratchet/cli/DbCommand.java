package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of commands about the server's database. */
@Command(
        name = "db",
        description = "Backs up, restores and checks the server's database, also while a server uses it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT")
final class DbCommand implements Runnable {

    /** The group with its commands. */
    static CommandLine line(CliEnvironment environment, GlobalOptions globals) {
        return new CommandLine(new DbCommand())
                .addSubcommand(new DbBackupCommand(environment, globals))
                .addSubcommand(new DbRestoreCommand(environment, globals))
                .addSubcommand(new DbCheckCommand(environment, globals));
    }

    @Override
    public void run() {
        throw new RatchetException(
                ErrorCode.BAD_REQUEST, "db needs to be told what: backup, restore or check (see 'ratchet db --help')");
    }
}
