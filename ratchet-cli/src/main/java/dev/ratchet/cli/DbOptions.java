package dev.ratchet.cli;

import dev.ratchet.cli.config.ConfigLoader;
import dev.ratchet.cli.config.ConfigSources;
import dev.ratchet.cli.config.LoadedConfig;
import dev.ratchet.server.settings.ConfiguredDatabase;
import dev.ratchet.storage.StorageSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database: the one that {@code serve} would use with the same configuration and the same option. */
final class DbOptions {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder of the server's files, as given to serve; default: server.data_dir.")
    private @Nullable Path dataDirectory;

    /** The database of the configuration, of which warnings are shown. */
    StorageSettings.Database database(CliEnvironment environment, GlobalOptions globals) {
        ConfigSources sources = ConfigSources.of(globals.config(), environment.variables());
        if (dataDirectory != null) {
            sources = sources.with("--data-dir", "server.data_dir", dataDirectory.toString());
        }
        LoadedConfig loaded = ConfigLoader.load(sources);
        loaded.warnings().forEach(warning -> environment.say("warning: " + warning));
        return ConfiguredDatabase.of(loaded.config().server().database());
    }
}
