package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.TaskRunner.Running;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.execution.WorkerClasspath;
import dev.ratchet.execution.WorkerInfo;
import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.WorkerProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers of the jit profile as the distribution has them: the compiler runs, and every limit holds as without it. */
@Timeout(180)
class JitProfileIT {
    private static final String FIBONACCI =
            "(n) => { const fib = (i) => (i < 2 ? i : fib(i - 1) + fib(i - 2)); return fib(n); }";
    private static final TaskLimits LIMITS = TaskLimits.DEFAULTS.withWallTime(Duration.ofMinutes(1));

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private static WorkerPool pool;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        WorkerClasspath classpath =
                WorkerClasspath.ofDistribution(Distribution.HOME, Path.of(System.getProperty("java.home")));
        assertThat(classpath.hasCompiler()).isTrue();
        pool = new WorkerPool(
                WorkerPoolSettings.forCommand(1)
                        .withProfile(WorkerProfile.JIT)
                        .withHealth(new WorkerPoolSettings.Health(
                                Distribution.PATIENCE,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30),
                                Duration.ofMillis(20))),
                classpath,
                InstantSource.system());
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static Running start(String source, String input, TaskLimits limits) {
        TaskCode code = TaskCode.ofSingleFile("main.js", source);
        return pool.start(new ExecutionRequest(
                new ExecutionContext(UUID.randomUUID(), new UUID(0, 1), "task", "1.0.0", null, 1),
                ContentHash.of(code, JsonText.EMPTY_OBJECT),
                code,
                new JsonText(input),
                limits,
                Secrets.NONE,
                new Determinism("seed", new Determinism.GuestClock.Live(0)),
                false,
                (_, _, _) -> FetchReply.of(new HttpAnswer.Failure(
                        HttpAnswer.Reason.UNMATCHED, "no network here", null, HttpTiming.none(0))),
                FetchJournal.NONE,
                ExecutionListener.SILENT));
    }

    private static ExecutionOutcome outcome(String source, String input, TaskLimits limits) throws Exception {
        return start(source, input, limits)
                .result()
                .get(Distribution.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .outcome();
    }

    private static void assertGoesOn() throws Exception {
        assertThat(outcome(FIBONACCI, "20", LIMITS)).isEqualTo(new Succeeded(new JsonText("6765")));
        assertThat(pool.workers()).allSatisfy(worker -> {
            assertThat(worker.profile()).isEqualTo(WorkerProfile.JIT);
            assertThat(worker.state()).isNotEqualTo(WorkerInfo.State.DEAD);
        });
    }

    private static void assertStopped(String source, TaskLimits limits, LimitKind limit) throws Exception {
        assertThat(outcome(source, "{}", limits))
                .isInstanceOfSatisfying(LimitExceeded.class, exceeded -> assertThat(exceeded.limit())
                        .isEqualTo(limit));
    }

    @Test
    void workersWhenReadyTellThatTheCompilerRuns() throws Exception {
        assertGoesOn();

        assertThat(pool.profile()).isEqualTo(WorkerProfile.JIT);
        assertThat(pool.workers())
                .filteredOn(worker -> worker.state() == WorkerInfo.State.READY)
                .singleElement()
                .satisfies(worker -> {
                    assertThat(worker.compiler()).isTrue();
                    assertThat(worker.engine()).isNotBlank();
                });
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "threads of other processes are listed in /proc")
    void compilerWhenATaskIsHotIsAtWorkInTheProcess() throws Exception {
        assertThat(outcome(FIBONACCI, "27", LIMITS)).isEqualTo(new Succeeded(new JsonText("196418")));

        long pid = pool.workers().getFirst().pid();
        assertThat(threads(pid)).anySatisfy(name -> assertThat(name).startsWith("TruffleCompiler"));
    }

    /** Names as far as the system keeps them, 15 characters. */
    private static List<String> threads(long pid) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                try {
                    names.add(Files.readString(thread.resolve("comm")).strip());
                } catch (NoSuchFileException e) {
                    // It has ended since the listing.
                }
            }
        }
        return names;
    }

    @Test
    void endlessTaskWhenWallTimeIsUpIsStopped() throws Exception {
        assertStopped(
                "() => { let n = 0; while (true) n++; }",
                LIMITS.withWallTime(Duration.ofMillis(1500)),
                LimitKind.WALL_TIME);
        assertGoesOn();
    }

    @Test
    void hungryTaskWhenMemoryIsUsedUpIsStopped() throws Exception {
        assertStopped(
                "() => { const all = []; for (;;) all.push(new Array(1000).fill(Math.random())); }",
                LIMITS,
                LimitKind.MEMORY);
        assertGoesOn();
    }

    @Test
    void hungryTaskWhenItTakesBuffersIsStopped() throws Exception {
        assertStopped(
                "() => { const all = []; for (;;) all.push(new ArrayBuffer(8 << 20)); }", LIMITS, LimitKind.MEMORY);
        assertGoesOn();
    }

    @Test
    @EnabledOnOs(
            value = {OS.LINUX, OS.MAC},
            disabledReason = "the launcher is a shell script; ratchet.cmd is not tested")
    @DisabledIfSystemProperty(
            named = "java.vendor.version",
            matches = ".*GraalVM.*",
            disabledReason = "it brings its compiler, so no option of a worker tells the profile")
    void runOnceWhenConfiguredForTheJitProfileRunsWithTheCompiler() throws Exception {
        Distribution ratchet = new Distribution(directory);
        Path config = Files.writeString(directory.resolve("ratchet.yaml"), "execution:\n  worker_profile: jit\n");
        Path task = ratchet.task("sum", """
                export default (input) => {
                  let sum = 0;
                  for (let i = 1; i <= input.n; i++) sum += i;
                  return sum;
                };
                """);

        Distribution.Running running = ratchet.start(
                "run-once",
                "--from-fs",
                task.toString(),
                "--input-json",
                "{\"n\": 1000000}",
                "--config",
                config.toString());
        List<ProcessHandle> withCompiler = new ArrayList<>();
        Distribution.holds(Distribution.PATIENCE, () -> {
            ratchet.workers().stream().filter(JitProfileIT::hasCompiler).forEach(withCompiler::add);
            return !withCompiler.isEmpty() || !running.process().isAlive();
        });
        Finished run = running.await();

        assertThat(withCompiler).isNotEmpty();
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualToIgnoringWhitespace("500000500000");
        ratchet.assertNothingLeft(Duration.ofSeconds(30));
    }

    private static boolean hasCompiler(ProcessHandle worker) {
        return worker.info()
                .commandLine()
                .filter(line -> line.contains("-XX:+EnableJVMCI") && line.contains("--upgrade-module-path="))
                .isPresent();
    }
}
