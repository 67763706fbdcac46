package dev.ratchet.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands that write files to start from. */
@Command(
        name = "generate",
        description = "Generates files to start from.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT")
final class GenerateCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "generate needs to be told what: task");
    }
}
