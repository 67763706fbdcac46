package dev.ratchet.execution;

import static dev.ratchet.execution.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.TaskRunner.Running;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile tasks and lost processes, with real workers. After each of them the same pool has to go on. */
@Timeout(120)
class WorkerPoolIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final WorkerClasspath CLASSPATH =
            WorkerClasspath.ofClassPath(System.getProperty("java.class.path"), JAVA_HOME);
    private static final WorkerPoolSettings SETTINGS = WorkerPoolSettings.forCommand(1)
            .withHealth(new WorkerPoolSettings.Health(
                    LONG, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMillis(20)));

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private static WorkerPool shared;

    private final List<WorkerPool> own = new ArrayList<>();

    @BeforeAll
    static void open() {
        shared = new WorkerPool(SETTINGS, CLASSPATH, InstantSource.system());
    }

    @AfterAll
    static void closeShared() {
        shared.close();
    }

    @AfterEach
    void closeOwn() {
        own.forEach(WorkerPool::close);
    }

    private WorkerPool pool(WorkerPoolSettings settings, WorkerClasspath classpath) {
        WorkerPool pool = new WorkerPool(settings, classpath, InstantSource.system());
        own.add(pool);
        return pool;
    }

    private static ExecutionResult run(WorkerPool pool, ExecutionRequest request) throws Exception {
        return pool.start(request).result().get(100, TimeUnit.SECONDS);
    }

    private static ExecutionOutcome outcome(ExecutionRequest request) throws Exception {
        return run(shared, request).outcome();
    }

    private static void assertGoesOn(WorkerPool pool) throws Exception {
        assertThat(run(pool, request("(x) => x.a + 1").input("{\"a\":1}").build())
                        .outcome())
                .isEqualTo(new Succeeded(new JsonText("2")));
    }

    private static LimitExceeded exceeded(ExecutionRequest request, LimitKind limit) throws Exception {
        ExecutionOutcome outcome = outcome(request);
        assertThat(outcome).isInstanceOf(LimitExceeded.class);
        LimitExceeded exceeded = (LimitExceeded) outcome;
        assertThat(exceeded.limit()).isEqualTo(limit);
        return exceeded;
    }

    private static boolean isBusy(List<WorkerInfo> workers) {
        return workers.stream().anyMatch(worker -> worker.state() == WorkerInfo.State.BUSY);
    }

    @Test
    void endlessLoopWhenWallTimeIsUpIsStopped() throws Exception {
        LimitExceeded exceeded = exceeded(
                request("() => { while (true) {} }")
                        .wallTime(Duration.ofMillis(300))
                        .build(),
                LimitKind.WALL_TIME);

        assertThat(exceeded.used()).isGreaterThanOrEqualTo(300);
        assertGoesOn(shared);
    }

    @Test
    void endlessLoopWhenProcessorTimeIsUpIsStopped() throws Exception {
        LimitExceeded exceeded = exceeded(
                request("() => { while (true) {} }")
                        .cpuTime(Duration.ofMillis(200))
                        .build(),
                LimitKind.CPU_TIME);

        assertThat(exceeded.used()).isGreaterThanOrEqualTo(200);
        assertThat(exceeded.allowed()).isEqualTo(200);
        assertGoesOn(shared);
    }

    @Test
    void waitingWhenItUsesNoProcessorTimeIsNotStoppedForIt() throws Exception {
        ExecutionResult result = run(
                shared,
                request("async () => { await new Promise(done => setTimeout(done, 600)); return 1 }")
                        .cpuTime(Duration.ofMillis(300))
                        .build());

        assertThat(result.outcome()).isInstanceOf(Succeeded.class);
        assertThat(result.wallTime()).isGreaterThanOrEqualTo(Duration.ofMillis(600));
        assertThat(result.cpuTime()).isLessThan(Duration.ofMillis(300));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "() => { const all = []; for (;;) all.push(new Array(1000).fill(1)); }",
                "() => { const all = []; for (;;) all.push(new ArrayBuffer(10_000_000)); }",
                "() => { const all = []; for (;;) all.push('x'.repeat(1_000_000) + all.length + 'y'); }",
                "() => { const all = new Map(); for (let i = 0;; i++) all.set('key' + i, {i}); }"
            })
    void allocationWhenUnboundedIsStopped(String source) throws Exception {
        exceeded(request(source).memory(32).build(), LimitKind.MEMORY);

        assertGoesOn(shared);
    }

    @Test
    void recursionWhenBottomlessFailsTheTask() throws Exception {
        ExecutionOutcome outcome = outcome(request("function main() { const f = n => f(n + 1) + 1; return f(0) }")
                .build());

        assertThat(outcome).isInstanceOfSatisfying(TaskFailed.class, failed -> assertThat(failed.type())
                .isEqualTo("RangeError"));
        assertGoesOn(shared);
    }

    @Test
    void recursionWhenItGoesThroughTheGlobalsFailsOnlyTheTask() throws Exception {
        // At its first overflow Java has to load classes, which fails half-way for want of stack.
        ExecutionOutcome outcome = outcome(request("""
                function main() {
                  let o = {};
                  for (let i = 0; i < 100000; i++) o = { a: o };
                  return structuredClone(o);
                }
                """).wallTime(LONG).build());

        assertThat(outcome).isInstanceOf(TaskFailed.class);
        assertThat(((TaskFailed) outcome).type()).isEqualTo("RangeError");
        assertGoesOn(shared);
    }

    @Test
    void codeWhenNestedTooDeepFailsTheTaskAndIsNoMatterOfMemory() throws Exception {
        ExecutionOutcome outcome = outcome(request("() => " + "(".repeat(100_000) + "1" + ")".repeat(100_000))
                .build());

        assertThat(outcome).isInstanceOf(TaskFailed.class);
        assertThat(((TaskFailed) outcome).type()).isEqualTo("RangeError");
        assertGoesOn(shared);
    }

    @Test
    void recursionWhenItHasBrokenTheWorkerDoesNotHarmTheNextRun() throws Exception {
        outcome(request("""
                function main() {
                  for (let i = 0; i < 3; i++) {
                    const f = (d) => { new URL('https://a/?' + d / 3); atob('aGVsbG8='); structuredClone([d]); f(d + 1); };
                    try { f(0.5); } catch { /* again */ }
                  }
                  return 1;
                }
                """).wallTime(LONG).build());

        assertThat(outcome(request("() => [String(1 / 3), structuredClone([1]), new URL('https://a/').host]")
                        .build()))
                .isEqualTo(new Succeeded(new JsonText("[\"0.3333333333333333\",[1],\"a\"]")));
    }

    @Test
    void allocationWhenAGlobalMakesItCannotBeCaught() throws Exception {
        exceeded(request("""
                        function main() {
                          const keep = [];
                          const text = 'QUJD'.repeat(1 << 20);
                          for (let i = 0; i < 100; i++) {
                            try { keep.push(atob(text)); } catch { /* and on */ }
                          }
                          return keep.length;
                        }
                        """).memory(64).wallTime(LONG).build(), LimitKind.MEMORY);
        assertGoesOn(shared);
    }

    @Test
    void regexWhenItBacktracksForEverIsStopped() throws Exception {
        exceeded(
                request("() => /^(a|aa|b\\1)+\\1c$/.test('a'.repeat(60))")
                        .wallTime(Duration.ofMillis(500))
                        .build(),
                LimitKind.WALL_TIME);

        assertGoesOn(shared);
    }

    @Test
    void consoleWhenFloodedIsCutAndTheRunGoesOn() throws Exception {
        List<LogLine> lines = new CopyOnWriteArrayList<>();

        ExecutionResult result = run(
                shared,
                request("() => { for (let i = 0; i < 20000; i++) { console.log('x'.repeat(100)); console.log('') }"
                                + " return 1 }")
                        .bytes(1000, 10_000, 1, 1000)
                        .listener(new ExecutionListener() {
                            @Override
                            public void onLog(LogLine line) {
                                lines.add(line);
                            }
                        })
                        .build());

        assertThat(result.outcome()).isEqualTo(new Succeeded(new JsonText("1")));
        assertThat(lines).hasSizeBetween(50, 700);
        assertThat(lines.getLast().message()).contains("log limit of 10000 bytes reached");
        assertThat(result.droppedLogBytes()).isGreaterThan(1_900_000);
    }

    @Test
    void promiseWhenItCanNeverSettleIsInvalidOutput() throws Exception {
        assertThat(outcome(request("() => new Promise(() => {})").build())).isInstanceOf(InvalidOutput.class);

        assertGoesOn(shared);
    }

    @Test
    void outputWhenLargeArrivesWhole() throws Exception {
        ExecutionOutcome outcome = outcome(request("x => x.length + x")
                .input("\"" + "x".repeat(30_000_000) + "\"")
                .memory(512)
                .bytes(64_000_000, 1000, 1, 1000)
                .build());

        assertThat(outcome).isInstanceOfSatisfying(Succeeded.class, succeeded -> assertThat(
                        succeeded.output().value())
                .hasSize(30_000_010));
    }

    @Test
    void fetchWhenAnsweredReachesTheTask() throws Exception {
        byte[] body = new byte[200_000];

        ExecutionOutcome outcome = outcome(request("async () => { const r = await fetch('https://example.com/x',"
                        + " {method: 'POST', body: 'ab'}); return [r.status, (await r.arrayBuffer()).byteLength] }")
                .fetches((_, call, _) -> FetchReply.of(new HttpAnswer.Response(
                        201, "Created", call.url(), false, List.of(), body, HttpTiming.none(0))))
                .build());

        assertThat(outcome).isEqualTo(new Succeeded(new JsonText("[201,200000]")));
    }

    @Test
    void cancelWhenTaskLoopsEndsIt() throws Exception {
        Running running = shared.start(request("() => { while (true) {} }").build());
        assertThat(shared.await(WorkerPoolIT::isBusy, LONG)).isTrue();

        running.cancel("enough");

        assertThat(running.result().get(100, TimeUnit.SECONDS).outcome()).isEqualTo(new Cancelled("enough"));
        assertGoesOn(shared);
    }

    @Test
    void workerWhenKilledFromOutsideIsACrash() throws Exception {
        Running running = shared.start(request("() => { while (true) {} }").build());
        long pid = busyWorker(shared);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        assertThat(running.result().get(100, TimeUnit.SECONDS).outcome())
                .isInstanceOfSatisfying(WorkerCrashed.class, crashed -> assertThat(crashed.detail())
                        .contains("SIGKILL"));
        assertGoesOn(shared);
    }

    @Test
    void workerWhenReadyHasNoEnvironmentAndNoMoreFilesThanItNeeds() throws Exception {
        assertGoesOn(shared);
        Path process =
                Path.of("/proc", Long.toString(shared.workers().getFirst().pid()));

        assertThat(Files.readAllBytes(process.resolve("environ"))).isEmpty();
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            List<String> sockets = new ArrayList<>();
            for (Path file : files.toList()) {
                sockets.add(Files.readSymbolicLink(file).toString());
            }
            // Its connection, and what the JDK closes sockets by.
            assertThat(sockets)
                    .filteredOn(target -> target.startsWith("socket:"))
                    .hasSizeBetween(1, 2);
        }
    }

    @Test
    void workerWhenFrozenIsFoundOutAndReplaced() throws Exception {
        WorkerPool pool = pool(
                SETTINGS.withHealth(new WorkerPoolSettings.Health(
                        LONG, Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(20))),
                CLASSPATH);
        Running running = pool.start(request("() => { while (true) {} }").build());
        long pid = busyWorker(pool);

        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(running.result().get(100, TimeUnit.SECONDS).outcome())
                .isInstanceOfSatisfying(WorkerCrashed.class, crashed -> assertThat(crashed.detail())
                        .contains("did not answer"));
        assertGoesOn(pool);
    }

    private static long busyWorker(WorkerPool pool) {
        assertThat(pool.await(WorkerPoolIT::isBusy, LONG)).isTrue();
        return pool.workers().stream()
                .filter(worker -> worker.state() == WorkerInfo.State.BUSY)
                .findFirst()
                .orElseThrow()
                .pid();
    }

    @Test
    void workerWhenItWritesGarbageIsACrash() throws Exception {
        WorkerPool pool = pool(
                SETTINGS,
                WorkerClasspath.ofMainClass(
                        Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                                .toList(),
                        GarbageProcess.class.getName(),
                        JAVA_HOME));

        ExecutionResult first = run(pool, request().build());
        ExecutionResult second = run(pool, request().build());

        assertThat(List.of(first, second)).allSatisfy(result -> assertThat(result.outcome())
                .isInstanceOfSatisfying(WorkerCrashed.class, crashed -> assertThat(crashed.detail())
                        .contains("broke the protocol")
                        .contains("about to misbehave")));
    }

    @Test
    void workerWhenItsMainClassIsMissingTellsWhatTheJvmSaid() {
        WorkerPool pool = pool(SETTINGS, WorkerClasspath.ofMainClass(List.of("nowhere"), "Absent", JAVA_HOME));

        CompletableFuture<ExecutionResult> result =
                pool.start(request().build()).result();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(result::join)
                .withCauseInstanceOf(RatchetException.class)
                .withMessageContaining("Absent");
    }

    @Test
    void inspectWhenCodeIsSoundOrNotTells() throws Exception {
        assertThat(inspect("export default () => 1")).isEmpty();
        assertThat(inspect("function main( { }")).isNotEmpty();
        assertThat(inspect("while (true) {}")).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("5000 ms"));
        assertGoesOn(shared);
    }

    private static List<Problem> inspect(String source) throws Exception {
        TaskCode code = TaskCode.ofSingleFile("main.js", source);
        return shared.inspect(ContentHash.of(code, JsonText.EMPTY_OBJECT), code).get(100, TimeUnit.SECONDS);
    }

    @Test
    void slotsWhenOneOfTwoRunsBurnsProcessorTimeOnlyThatOneIsStopped() throws Exception {
        WorkerPool pool = pool(SETTINGS.withSizing(new WorkerPoolSettings.Sizing(0, 1, 0, 2, 10)), CLASSPATH);
        assertGoesOn(pool);

        Running patient =
                pool.start(request("async () => { await new Promise(done => setTimeout(done, 1500)); return 1 }")
                        .cpuTime(Duration.ofMillis(400))
                        .build());
        Running burning = pool.start(request("() => { while (true) {} }")
                .cpuTime(Duration.ofMillis(400))
                .build());

        assertThat(burning.result().get(100, TimeUnit.SECONDS).outcome())
                .isInstanceOfSatisfying(LimitExceeded.class, exceeded -> assertThat(exceeded.limit())
                        .isEqualTo(LimitKind.CPU_TIME));
        assertThat(patient.result().get(100, TimeUnit.SECONDS).outcome()).isInstanceOf(Succeeded.class);
    }

    @Test
    void poolWhenAThousandRunsAreThroughLeaksNothing() throws Exception {
        WorkerPool pool = pool(
                SETTINGS.withSizing(new WorkerPoolSettings.Sizing(1, 2, 1, 1, 2000))
                        .withRecycling(
                                new WorkerPoolSettings.Recycling(400, Duration.ofHours(1), Duration.ofMinutes(1))),
                CLASSPATH);
        assertThat(pool.awaitReady(1, LONG)).isTrue();
        assertGoesOn(pool);
        long filesBefore = openFiles();

        List<Running> runs = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            runs.add(pool.start(request("(x) => x").input(Integer.toString(i)).build()));
        }

        for (int i = 0; i < runs.size(); i++) {
            assertThat(runs.get(i).result().get(100, TimeUnit.SECONDS).outcome())
                    .isEqualTo(new Succeeded(new JsonText(Integer.toString(i))));
        }
        List<ProcessHandle> children = ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .toList();
        pool.close();
        assertThat(pool.workers()).isEmpty();
        assertThat(children).hasSizeLessThanOrEqualTo(8);
        assertThat(openFiles()).isLessThanOrEqualTo(filesBefore);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("ratchet-worker-"))
                .hasSizeLessThanOrEqualTo(4);
    }

    private static long openFiles() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void parentWhenKilledLeavesNoWorkerBehind() throws Exception {
        Process parent = new ProcessBuilder(
                        JAVA_HOME.resolve("bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParentProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            line = out.readLine();
        } finally {
            parent.destroyForcibly();
        }
        assertThat(line).isNotBlank();

        for (String pid : line.split(" ")) {
            var worker = ProcessHandle.of(Long.parseLong(pid));
            if (worker.isPresent()) {
                worker.get().onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }
}
