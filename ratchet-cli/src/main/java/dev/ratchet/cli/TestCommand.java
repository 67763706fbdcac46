package dev.ratchet.cli;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.Recording;
import dev.ratchet.execution.recording.RecordingFiles;
import dev.ratchet.execution.testing.TestFilter;
import dev.ratchet.execution.testing.TestFromRecording;
import dev.ratchet.execution.testing.TestReport;
import dev.ratchet.execution.testing.TestReportFormat;
import dev.ratchet.execution.testing.TestResult.Status;
import dev.ratchet.execution.testing.TestRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the tests of a task, or makes one from a recording. */
@Command(
        name = "test",
        description = "Runs a task's tests (tests/*.json), or turns a recording into one.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ratchet test --from-fs my-task",
            "  ratchet test --from-fs my-task --filter 'adds*' --watch",
            "  ratchet test --from-fs my-task --format junit > report.xml",
            "  ratchet test --from-recording rec --from-fs my-task",
            "",
            "Exit codes: 0 every test passed, 1 one did not, 2 usage or invalid package, 4 infrastructure,",
            "130 cancelled."
        })
final class TestCommand implements Callable<Integer> {
    private static final Pattern NOT_IN_FILE_NAMES = Pattern.compile("[^A-Za-z0-9._-]+");
    private static final int MAX_PARALLEL = 64;

    private final CliEnvironment environment;
    private final GlobalOptions globals;

    @Option(names = "--from-fs", paramLabel = "PATH", description = "The task: a folder or a ZIP archive.")
    private @Nullable Path from;

    @Option(
            names = "--from-recording",
            paramLabel = "DIR",
            description = "Makes a test of this recording: written to tests/ of the folder --from-fs, or printed.")
    private @Nullable Path recordingPath;

    @Option(names = "--name", paramLabel = "TEXT", description = "Name of the test made (default: of the recording).")
    private @Nullable String name;

    @Option(
            names = "--filter",
            paramLabel = "GLOB",
            defaultValue = "",
            description = "Only tests whose name, or file and name, contains this; with * it must fit the whole.")
    private String filter = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "list",
            description = "list, json, junit or tap; default: ${DEFAULT-VALUE}.")
    private Format format = Format.LIST;

    @Option(names = "--watch", description = "Runs again whenever a file of the task changes, until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Tests at the same time (default: the number of processors).")
    private @Nullable Integer parallel;

    @Option(names = "--timeout", paramLabel = "N", description = "Wall time allowed for each test, in seconds.")
    private @Nullable Double timeout;

    /** The forms of a report, as the command line names them. */
    enum Format {
        LIST(TestReportFormat.LIST),
        JSON(TestReportFormat.JSON),
        JUNIT(TestReportFormat.JUNIT),
        TAP(TestReportFormat.TAP);

        private final TestReportFormat form;

        Format(TestReportFormat form) {
            this.form = form;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    TestCommand(CliEnvironment environment, GlobalOptions globals) {
        this.environment = environment;
        this.globals = globals;
    }

    @Override
    public Integer call() {
        if (recordingPath != null) {
            return convert(recordingPath);
        }
        Path path = from;
        if (path == null) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "test needs --from-fs PATH or --from-recording DIR (see 'ratchet test --help')");
        }
        int workers = parallel == null ? Runtime.getRuntime().availableProcessors() : parallel;
        if (workers < 1 || workers > MAX_PARALLEL) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, "--parallel must be 1 to " + MAX_PARALLEL);
        }
        Cancellation cancellation = new Cancellation();
        try (Interruption interruption = new Interruption(cancellation::cancel);
                LocalRuntime runtime = LocalRuntime.open(environment, globals, workers)) {
            runtime.warmUp();
            if (!watch) {
                return runTests(runtime, path, workers, cancellation, interruption);
            }
            return watchAndRun(runtime, path, workers, cancellation, interruption);
        }
    }

    private int runTests(
            LocalRuntime runtime, Path path, int workers, Cancellation cancellation, Interruption interruption) {
        TaskPackage loaded = runtime.load(path);
        TaskPackage task = loaded.withLimits(RunOptions.limits(loaded.limits(), timeout));
        TestReport report;
        try (RunDisplay display = new RunDisplay(
                environment, globals.logLevel(), "testing " + task.metadata().name())) {
            AtomicInteger done = new AtomicInteger();
            report = new TestRunner(runtime.executor(), workers)
                    .run(
                            task,
                            new TestFilter(filter),
                            result -> display.note(done.incrementAndGet() + " done"),
                            cancellation);
        }
        environment
                .out()
                .print(format.form.render(report, environment.outStyle().coloured()));
        environment.out().flush();
        if (interruption.interrupted()) {
            return ExitCode.CANCELLED;
        }
        if (report.results().isEmpty()) {
            environment.say(
                    report.filteredOut() > 0
                            ? "no test fits --filter '" + filter + "'"
                            : path + " has no tests; add tests/NAME.json, or see 'ratchet test --from-recording'");
            return report.filteredOut() > 0 ? ExitCode.USAGE : ExitCode.OK;
        }
        return report.count(Status.PASSED) == report.results().size() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int watchAndRun(
            LocalRuntime runtime, Path path, int workers, Cancellation cancellation, Interruption interruption) {
        try (FolderWatch changes = FolderWatch.of(path)) {
            cancellation.onCancel(changes::stop);
            do {
                try {
                    int exitCode = runTests(runtime, path, workers, cancellation, interruption);
                    environment.say(
                            (exitCode == ExitCode.OK ? "" : "not all well; ") + "waiting for a change in " + path);
                } catch (RatchetException e) {
                    // Half-edited packages are what a watch is for: say it and wait for the next change.
                    RatchetCli.explain(environment, e);
                }
            } while (!interruption.interrupted() && changes.awaitChange());
        }
        return ExitCode.CANCELLED;
    }

    private int convert(Path recorded) {
        Recording recording = RecordingFiles.read(recorded);
        String testName = name == null ? "recorded " + recording.createdAt() : name;
        JsonText test = TestFromRecording.convert(recording, testName);
        if (from == null) {
            environment.out().println(test.value());
            return ExitCode.OK;
        }
        if (!Files.isDirectory(from)) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST, from + " is no folder; a test can only be written into a folder");
        }
        String fileName = NOT_IN_FILE_NAMES.matcher(testName).replaceAll("-") + ".json";
        Path file = from.resolve("tests").resolve(fileName);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, test.value() + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new RatchetException(ErrorCode.CONFLICT, file + " exists already; choose another --name", e);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, file + " cannot be written: " + e.getMessage(), e);
        }
        environment.say("wrote " + file);
        return ExitCode.OK;
    }
}
