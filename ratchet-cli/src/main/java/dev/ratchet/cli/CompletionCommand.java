package dev.ratchet.cli;

import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Prints the completion script for bash and zsh. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  source <(ratchet completion)"})
final class CompletionCommand implements Runnable {
    private final CliEnvironment environment;

    private final Supplier<CommandLine> commands;

    /** @param commands all of the commands, as they are when this one runs */
    CompletionCommand(CliEnvironment environment, Supplier<CommandLine> commands) {
        this.environment = environment;
        this.commands = commands;
    }

    @Override
    public void run() {
        environment.out().print(AutoComplete.bash("ratchet", commands.get()));
    }
}
