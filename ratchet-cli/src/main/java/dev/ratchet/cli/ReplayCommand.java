package dev.ratchet.cli;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.Recording;
import dev.ratchet.execution.recording.RecordingFiles;
import dev.ratchet.execution.recording.Replay;
import dev.ratchet.execution.recording.ReplayReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a recorded run again, offline, and compares. */
@Command(
        name = "replay",
        description = "Runs a recorded run again, offline and with its clock, randomness and fetches, and compares.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ratchet run-once --from-fs my-task --record rec",
            "  ratchet replay --from-fs my-task --recording rec",
            "  ratchet replay --from-fs my-task --recording rec --update",
            "",
            "Exit codes: 0 equal, 1 different, 2 usage, invalid package or recording, 4 infrastructure, 130 cancelled."
        })
final class ReplayCommand implements Callable<Integer> {
    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Option(
            names = "--from-fs",
            paramLabel = "PATH",
            required = true,
            description = "The task: a folder or a ZIP archive.")
    private Path from = Path.of(".");

    @Option(
            names = "--recording",
            paramLabel = "DIR",
            required = true,
            description = "A folder that 'run-once --record' wrote, or its recording.json.")
    private Path recordingPath = Path.of(".");

    @Option(names = "--update", description = "Makes the new outcome the recorded one.")
    private boolean update;

    @Option(
            names = "--timeout",
            paramLabel = "N",
            description = "Wall time allowed, in seconds (default: that of the recorded run).")
    private @Nullable Double timeout;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description =
                    "text (the result, then the comparison on standard error) or json; default: ${DEFAULT-VALUE}.")
    private ReportFormat format = ReportFormat.TEXT;

    ReplayCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        Cancellation cancellation = new Cancellation();
        try (Interruption interruption = new Interruption(cancellation::cancel);
                LocalRuntime runtime = LocalRuntime.open(environment, globals, 1)) {
            runtime.warmUp();
            Recording recording = RecordingFiles.read(recordingPath);
            TaskPackage task = runtime.load(from);
            TaskLimits limits = RunOptions.limits(recording.limits(), timeout);
            try (RunDisplay display = new RunDisplay(
                    environment, globals.logLevel(), task.metadata().name())) {
                Replay replay = new Replay(recording, task, limits, environment.clock());
                TaskRunner.Running running = runtime.executor().start(task, replay.request(display));
                var _ = cancellation.onCancel(() -> running.cancel("interrupted"));
                ExecutionResult result = runtime.await(running, interruption);
                display.finish();
                return show(replay.report(result), result);
            }
        }
    }

    private int show(ReplayReport report, ExecutionResult result) {
        switch (format) {
            case TEXT -> {
                new OutcomePrinter(environment).print(result, OutcomePrinter.Format.PRETTY);
                environment.out().flush();
                report.lines().forEach(line -> environment.err().println(RunDisplay.printable(line)));
            }
            case JSON -> environment.out().println(Json.harmless(report.toJson().value()));
        }
        if (update && !report.equal()) {
            RecordingFiles.replace(recordingPath, report.update());
            environment.say("updated " + recordingPath);
            return ExitCode.OK;
        }
        return report.exitCode();
    }
}
