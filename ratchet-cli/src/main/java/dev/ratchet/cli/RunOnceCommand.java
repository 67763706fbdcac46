package dev.ratchet.cli;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.BodyLimits;
import dev.ratchet.execution.recording.JournalFile;
import dev.ratchet.execution.recording.Recorder;
import dev.ratchet.execution.recording.RecordingFiles;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a task and prints its output. */
@Command(
        name = "run-once",
        description = "Runs a task once and prints its output.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ratchet run-once --from-fs examples/tasks/hello --input-json '{\"name\": \"Ada\"}'",
            "  echo '{\"name\": \"Ada\"}' | ratchet run-once --from-fs task.zip --input-file -",
            "  ratchet run-once --from-fs my-task --record rec --timeout 5 --secret-env API_KEY",
            "  ratchet run-once --from-fs my-task --allow-net localhost",
            "",
            "Exit codes: 0 done, 1 the task failed or its output is invalid, 2 usage, invalid package or input,",
            "3 a limit, 4 infrastructure, 130 cancelled."
        })
final class RunOnceCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Option(
            names = "--from-fs",
            paramLabel = "PATH",
            required = true,
            description = "The task: a folder or a ZIP archive.")
    private Path from = Path.of(".");

    @Mixin
    private final TaskInput input = new TaskInput();

    @Mixin
    private final RunOptions options = new RunOptions();

    @Option(
            names = "--record",
            paramLabel = "DIR",
            description = "Writes recording.json, requests.har and journal.jsonl there, for 'ratchet replay'.")
    private @Nullable Path record;

    @Option(
            names = "--seed",
            paramLabel = "TEXT",
            description = "Makes random numbers repeatable; never use it with real keys (default: fresh randomness).")
    private @Nullable String seed;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "pretty",
            description = "pretty (indented JSON), json (one line) or report (outcome and figures as JSON);"
                    + " default: ${DEFAULT-VALUE}.")
    private OutcomePrinter.Format format = OutcomePrinter.Format.PRETTY;

    RunOnceCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        // Standard input may be long in coming, and while it is awaited Ctrl-C has nothing to tidy up.
        JsonText typed = input.isStandardInput() ? input.read(environment.in()) : null;
        Cancellation cancellation = new Cancellation();
        try (Interruption interruption = new Interruption(cancellation::cancel);
                LocalRuntime runtime = LocalRuntime.open(environment, globals, 1)) {
            runtime.warmUp();
            JsonText value = typed == null ? input.read(environment.in()) : typed;
            TaskPackage task = runtime.load(from);
            try (RunDisplay display = new RunDisplay(
                    environment, globals.logLevel(), task.metadata().name())) {
                Execution execution = request -> {
                    TaskRunner.Running running = runtime.executor().start(task, request);
                    var _ = cancellation.onCancel(() -> running.cancel("interrupted"));
                    return runtime.await(running, interruption);
                };
                ExecutionRequest request = request(runtime, task, value, display);
                ExecutionResult result =
                        record == null ? execution.of(request) : recorded(record, request, display, execution);
                display.finish();
                new OutcomePrinter(environment).print(result, format);
                return result.outcome().exitCode();
            }
        }
    }

    /** Makes a run and waits for it. */
    private interface Execution {
        ExecutionResult of(ExecutionRequest request);
    }

    /** A place that cannot be written to is found out before the task has had any effect. */
    private ExecutionResult recorded(Path place, ExecutionRequest request, RunDisplay display, Execution execution) {
        Path directory = RecordingFiles.claim(place, request.context().executionId());
        try (JournalFile journal =
                JournalFile.open(directory, request.secrets().mask(), environment.clock(), request.journal())) {
            Recorder recorder = new Recorder(environment.clock(), BodyLimits.DEFAULT);
            ExecutionResult result = execution.of(recorder.attach(request.withJournal(journal)));
            RecordingFiles.writeInto(directory, recorder.finish(result));
            display.say("recorded in " + directory);
            return result;
        }
    }

    private ExecutionRequest request(LocalRuntime runtime, TaskPackage task, JsonText value, RunDisplay display) {
        TaskLimits limits = options.limits(task);
        ExecutionContext context = new ExecutionContext(
                runtime.newId(),
                task.metadata().uuid().orElseGet(runtime::newId),
                task.metadata().name(),
                task.metadata().version(),
                null,
                1);
        long startTicks = environment.clock().millis() * GuestClock.TICKS_PER_MILLI;
        return new ExecutionRequest(
                context,
                task.contentHash(),
                task.code(),
                value,
                limits,
                options.secrets(task, environment.variables()),
                new Determinism(seed == null ? runtime.newSeed() : seed, new GuestClock.Live(startTicks)),
                false,
                runtime.fetches(
                        task, limits, options.grantedHosts(runtime.config().http())),
                new RefusalNotice(display::say),
                display);
    }
}
