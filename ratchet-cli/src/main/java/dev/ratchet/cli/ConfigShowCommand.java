package dev.ratchet.cli;

import dev.ratchet.cli.config.ConfigLoader;
import dev.ratchet.cli.config.ConfigSources;
import dev.ratchet.cli.config.LoadedConfig;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what is in force. */
@Command(
        name = "show",
        description = "Shows every setting in force and where it came from, with secrets masked.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ratchet config show",
            "  RATCHET_SERVER_PORT=9000 ratchet config show --config-file config/production.yaml",
            "  ratchet config show --format json --origins",
            "",
            "Exit codes: 0 done, 2 usage or a configuration that cannot be used, 4 infrastructure."
        })
final class ConfigShowCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Option(
            names = "--config-file",
            paramLabel = "PATH",
            description = "The file (default: that of --config, or none).")
    private @Nullable Path configFile;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "yaml",
            description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Format format = Format.YAML;

    @Option(names = "--mcp-only", description = "Show the block mcp only.")
    private boolean mcpOnly;

    @Option(
            names = "--origins",
            description =
                    "In JSON, show {\"config\": …, \"origins\": {POINTER: ORIGIN}}. YAML has the origins anyway, as"
                            + " comments.")
    private boolean origins;

    ConfigShowCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    /** What the settings are shown as. */
    enum Format {
        YAML,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        Optional<Path> file = Optional.ofNullable(configFile).or(globals::config);
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.of(file, environment.variables()));
        loaded.warnings().forEach(warning -> environment.say("warning: " + warning));
        environment
                .out()
                .print(
                        switch (format) {
                            case YAML -> loaded.view().yaml(mcpOnly);
                            case JSON -> Json.harmless(loaded.view().json(mcpOnly, origins));
                        });
        return ExitCode.OK;
    }
}
