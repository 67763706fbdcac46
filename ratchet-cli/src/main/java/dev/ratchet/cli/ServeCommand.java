package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.WorkerPoolSettings.Graces;
import dev.ratchet.execution.WorkerPoolSettings.Sizing;
import dev.ratchet.execution.WorkerProfile;
import dev.ratchet.server.RatchetServer;
import dev.ratchet.server.TrainingRun;
import dev.ratchet.server.settings.LoggingSettings;
import dev.ratchet.server.settings.ProcessFacts;
import dev.ratchet.server.settings.ServerSettings;
import dev.ratchet.server.settings.ServerSettings.Listen;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

    /** Starts, answers a few requests and ends, for the archive of a distribution. */
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
                environment::say,
                environment.errStyle().coloured(),
                self.pid(),
                self.info().startInstant().orElseGet(() -> environment.clock().instant()));
        ServerSettings settings = settings();
        if (train) {
            RatchetServer.serveFor(settings, process, environment.clock(), new TrainingRun());
            return ExitCode.OK;
        }
        return RatchetServer.serve(settings, process, environment.clock(), List.of());
    }

    private ServerSettings settings() {
        CliConfig config = CliConfig.load(globals.config(), environment.variables());
        WorkerPoolSettings pool = WorkerPoolSettings.forServer(
                        Runtime.getRuntime().availableProcessors())
                .withProfile(WorkerProfile.valueOf(config.workerProfile().toUpperCase(Locale.ROOT)));
        if (config.grace().isPresent()) {
            pool = pool.withGraces(new Graces(config.grace().get(), Graces.DEFAULTS.terminate()));
        }
        if (train) {
            // The archive is for the server; workers have their own.
            pool = pool.withSizing(new Sizing(0, 1, 0, 1, 1));
        }
        try {
            return new ServerSettings(
                    RatchetCli.version(),
                    new Listen(
                            host == null ? Listen.DEFAULT_HOST : host,
                            port == null ? Listen.DEFAULT_PORT : port,
                            Listen.DEFAULT_MAX_REQUEST_BYTES,
                            Optional.empty()),
                    dataDirectory == null ? ServerSettings.DEFAULT_DATA_DIRECTORY : dataDirectory,
                    ServerSettings.DEFAULT_SHUTDOWN_TIMEOUT,
                    LoggingSettings.DEFAULTS.withLevel(
                            LoggingSettings.Level.valueOf(globals.logLevel().name())),
                    pool,
                    WorkerFiles.classpath(environment),
                    config.http(),
                    config.validateSchemas());
        } catch (IllegalArgumentException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }
}
