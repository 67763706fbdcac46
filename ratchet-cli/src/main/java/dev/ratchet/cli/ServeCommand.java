package dev.ratchet.cli;

import dev.ratchet.cli.config.ConfigLoader;
import dev.ratchet.cli.config.ConfigSources;
import dev.ratchet.cli.config.LoadedConfig;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.WorkerProfile;
import dev.ratchet.server.RatchetServer;
import dev.ratchet.server.TrainingRun;
import dev.ratchet.server.settings.ProcessFacts;
import dev.ratchet.server.settings.WorkerSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ratchet serve}: the only command that starts Spring. */
@Command(
        name = "serve",
        description = "Runs the server until it is stopped.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The server listens on this machine only. Its files are in the data directory, which one",
            "server at a time uses; data/server.json says where it is. Ctrl-C lets running work finish,",
            "a second one does not. Exit codes: 130 after Ctrl-C, 143 after a termination signal,",
            "2 wrong settings, 4 the port or the data directory is in use."
        })
final class ServeCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on; 0 takes any free one.")
    private @Nullable Integer port;

    @Option(names = "--host", paramLabel = "HOST", description = "Address to listen on, one of this machine's own.")
    private @Nullable String host;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of the server's files.")
    private @Nullable Path dataDirectory;

    /**
     * Starts, runs some thousand jobs and ends, for the archive of a distribution. Nothing but the options configures it:
     * the environment may name the database of a server that works.
     */
    @Option(names = "--train", hidden = true)
    private boolean train;

    ServeCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        ProcessHandle self = ProcessHandle.current();
        ProcessFacts process = new ProcessFacts(
                RatchetCli.version(),
                environment::say,
                environment.errStyle().coloured(),
                self.pid(),
                self.info().startInstant().orElseGet(() -> environment.clock().instant()));
        RatchetConfig config = config();
        WorkerPoolSettings pool =
                config.execution().serverPool(Runtime.getRuntime().availableProcessors());
        if (train) {
            // The archive is for the server; workers have their own, and compiling ones none.
            pool = pool.withProfile(WorkerProfile.QUICK);
        }
        WorkerSettings workers = new WorkerSettings(pool, WorkerFiles.classpath(environment));
        if (train) {
            RatchetServer.serveFor(config, workers, process, environment.clock(), new TrainingRun());
            return ExitCode.OK;
        }
        return RatchetServer.serve(config, workers, process, environment.clock());
    }

    private RatchetConfig config() {
        ConfigSources sources = train
                ? ConfigSources.of(Optional.empty(), Map.of())
                : ConfigSources.of(globals.config(), environment.variables());
        if (port != null) {
            sources = sources.with("--port", "server.port", port.toString());
        }
        if (host != null) {
            sources = sources.with("--host", "server.bind_address", host);
        }
        if (dataDirectory != null) {
            sources = sources.with("--data-dir", "server.data_dir", dataDirectory.toString());
        }
        if (globals.logLevelGiven()) {
            sources = sources.with(
                    "--log-level", "logging.level", globals.logLevel().toString());
        }
        LoadedConfig loaded = ConfigLoader.load(sources);
        loaded.warnings().forEach(warning -> environment.say("warning: " + warning));
        return loaded.config().requireServable();
    }
}
