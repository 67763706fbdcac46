package dev.ratchet.cli;

import dev.ratchet.cli.config.ConfigLoader;
import dev.ratchet.cli.config.ConfigSources;
import dev.ratchet.cli.config.LoadedConfig;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.http.HttpGate;
import dev.ratchet.execution.http.LiveFetches;
import dev.ratchet.execution.schema.JsonSchemas;
import dev.ratchet.registry.LoadResult;
import dev.ratchet.registry.TaskPackageLoader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a single command needs to run tasks, made on demand and gone with the command. */
final class LocalRuntime implements AutoCloseable {
    private static final int SEED_BYTES = 32;

    private final CliEnvironment environment;
    private final RatchetConfig config;
    private final boolean details;
    private final SecureRandom random = new SecureRandom();
    private final UuidV7 ids;
    private final WorkerPool pool;
    private final SchemaCompiler schemas;
    private final TaskExecutor executor;
    private @Nullable OutboundHttp http;

    private LocalRuntime(CliEnvironment environment, RatchetConfig config, WorkerPool pool, boolean details) {
        this.environment = environment;
        this.details = details;
        this.config = config;
        this.pool = pool;
        this.ids = new UuidV7(environment.clock(), random);
        this.schemas = new LazySchemas();
        this.executor =
                new TaskExecutor(pool, config.execution().validateSchemas() ? schemas : LocalRuntime::unchecked);
    }

    /** Stands in for the schema library where the configuration switches the checks off. */
    private static SchemaCompiler.Compilation unchecked(String source, JsonText schema) {
        return new SchemaCompiler.Compilation.Compiled((_, _) -> List.of());
    }

    /** @param workers most worker processes at a time */
    static LocalRuntime open(CliEnvironment environment, GlobalOptions globals, int workers) {
        LoadedConfig loaded = ConfigLoader.load(ConfigSources.of(globals.config(), environment.variables()));
        loaded.warnings().forEach(warning -> environment.say("warning: " + warning));
        StderrLogging.level(globals.logLevel().program());
        RatchetConfig config = loaded.config();
        WorkerPoolSettings settings = config.execution().commandPool(workers);
        return new LocalRuntime(
                environment,
                config,
                new WorkerPool(settings, WorkerFiles.classpath(environment), environment.clock()),
                globals.logLevel().showsDetails());
    }

    /** Starts a worker of the usual shape, so that it is warm when the package has been read. */
    void warmUp() {
        pool.prepare(TaskLimits.DEFAULTS.memoryBytes());
    }

    RatchetConfig config() {
        return config;
    }

    WorkerPool pool() {
        return pool;
    }

    TaskExecutor executor() {
        return executor;
    }

    SchemaCompiler schemas() {
        return schemas;
    }

    UUID newId() {
        return ids.next();
    }

    /** A seed with 256 bits of randomness. */
    String newSeed() {
        byte[] bytes = new byte[SEED_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Loads a package, saying on standard error what it is warned of; files that it could have and has not are a matter
     * for {@code validate}, and said here with the details only.
     *
     * @throws RatchetException with every problem when it is not valid
     */
    TaskPackage load(Path path) {
        TaskLimits defaults = config.execution().defaultLimits();
        return switch (new TaskPackageLoader(schemas, defaults).load(path)) {
            case LoadResult.Loaded(TaskPackage task, List<Problem> warnings) -> {
                warnings.stream()
                        .filter(warning -> details || !warning.position().isEmpty())
                        .forEach(warning -> environment.say("warning: " + warning));
                yield task;
            }
            case LoadResult.Rejected(List<Problem> problems) ->
                throw new RatchetException(ErrorCode.INVALID_PACKAGE, path + " is not a valid task package", problems);
        };
    }

    /** Answers from the network under the task's permissions and what the operator granted. */
    FetchHandler fetches(TaskPackage task, TaskLimits limits, Set<String> grantedHosts) {
        EgressPolicy policy = new EgressPolicy(task.net(), grantedHosts, limits.fetchBytes(), "--allow-net HOST");
        // The HTTP client is loaded when the first request leaves: most runs of a command make none.
        OutboundHttp whenNeeded = new OutboundHttp() {
            @Override
            public HttpAnswer send(HttpCall call, EgressPolicy rules, Cancellation cancellation) {
                return http().send(call, rules, cancellation);
            }

            @Override
            public void close() {
                // The runtime closes what was made.
            }
        };
        return new LiveFetches(whenNeeded, policy);
    }

    private synchronized OutboundHttp http() {
        if (http == null) {
            http = HttpGate.create(config.http().gate(), environment.resolver(), environment.clock());
        }
        return http;
    }

    /** Waits for a run; what ends while the process is being interrupted counts as cancelled. */
    ExecutionResult await(TaskRunner.Running running, Interruption interruption) {
        try {
            ExecutionResult result = running.result().join();
            boolean finished = result.outcome().exitCode() < ExitCode.INFRASTRUCTURE;
            // A terminal sends Ctrl-C to the workers as well, and theirs may be the first death noticed.
            return !finished && interruption.interruptedSoon()
                    ? result.withOutcome(new Cancelled("interrupted"))
                    : result;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RatchetException expected) {
                throw expected;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        pool.close();
        synchronized (this) {
            if (http != null) {
                http.close();
            }
        }
    }

    /** The schema library, loaded when the first schema is met and not before, and kept out where schemas are off. */
    private static final class LazySchemas implements SchemaCompiler {
        private @Nullable SchemaCompiler schemas;

        @Override
        public synchronized Compilation compile(String source, JsonText schema) {
            if (schemas == null) {
                schemas = new JsonSchemas();
            }
            return schemas.compile(source, schema);
        }
    }
}
