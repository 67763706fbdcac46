package dev.ratchet.cli;

import dev.ratchet.cli.config.ConfigLoader;
import dev.ratchet.cli.config.ConfigSources;
import dev.ratchet.cli.config.LoadedConfig;
import dev.ratchet.core.common.RatchetException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks a file. */
@Command(
        name = "validate",
        description = "Checks a configuration file together with the RATCHET_ variables that are set, and reports every"
                + " problem at once.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  ratchet config validate --config-file config/production.yaml",
            "",
            "Exit codes: 0 valid, 2 usage or not valid, 4 infrastructure."
        })
final class ConfigValidateCommand implements Callable<Integer> {
    private final CliEnvironment environment;

    @Option(names = "--config-file", paramLabel = "PATH", required = true, description = "The file, YAML or JSON.")
    private Path configFile = Path.of("");

    ConfigValidateCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.of(Optional.of(configFile), environment.variables()));
        loaded.warnings().forEach(warning -> environment.say("warning: " + warning));
        try {
            loaded.config().requireServable();
        } catch (RatchetException e) {
            // Fine for commands; who means it for a server should know.
            environment.say("warning: serve would refuse it: " + e.getMessage());
        }
        environment.out().println(RunDisplay.printable(configFile.toString()) + ": valid");
        return ExitCode.OK;
    }
}
