package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of commands about configuration files. */
@Command(
        name = "config",
        description = "Shows, checks and generates configuration files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT")
final class ConfigCommand implements Runnable {

    /** The group with its commands. */
    static CommandLine line(CliEnvironment environment, GlobalOptions globals) {
        return new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigShowCommand(environment, globals))
                .addSubcommand(new ConfigValidateCommand(environment))
                .addSubcommand(new ConfigGenerateCommand(environment));
    }

    @Override
    public void run() {
        throw new RatchetException(
                ErrorCode.BAD_REQUEST,
                "config needs to be told what: show, validate or generate (see 'ratchet config --help')");
    }
}
