package dev.ratchet.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the completion script for bash and zsh. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  source <(ratchet completion)"})
final class CompletionCommand implements Runnable {
    private final CliEnvironment environment;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        environment.out().print(AutoComplete.bash("ratchet", spec.root().commandLine()));
    }
}
