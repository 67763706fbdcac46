package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import picocli.CommandLine.Command;

/** The group of commands that write files to start from. */
@Command(
        name = "generate",
        description = "Generates files to start from.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT")
final class GenerateCommand implements Runnable {
    @Override
    public void run() {
        throw new RatchetException(
                ErrorCode.BAD_REQUEST, "generate needs to be told what: task (see 'ratchet generate --help')");
    }
}
