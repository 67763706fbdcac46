package dev.ratchet.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.Ended;
import dev.ratchet.execution.protocol.Message.Ending;
import dev.ratchet.execution.protocol.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One execution. */
final class Run extends Assignment {
    private static final long SETTLE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MAX_NAME = 200;
    private static final int MAX_TEXT = 64 * 1024;
    private static final int MAX_DETAILS = 256 * 1024;

    private final ExecutionRequest request;
    private final SecretMask mask;
    private final InstantSource clock;
    private final Consumer<Run> settles;
    private final RunVoice voice;
    private final CompletableFuture<ExecutionResult> result = new CompletableFuture<>();
    private volatile @Nullable RunFetches fetches;
    private volatile @Nullable ExecutionResult settling;
    private volatile long settleBy;

    /**
     * @param settles hears of a run that has ended while requests of it are still being given up
     */
    Run(ExecutionRequest request, WorkerPoolSettings.Graces graces, InstantSource clock, Consumer<Run> settles) {
        super(
                request.hash(),
                request.code(),
                request.context().taskId().toString(),
                request.limits().memoryBytes(),
                request.limits().wallTime(),
                request.limits().cpuTime(),
                graces);
        this.request = request;
        this.mask = request.secrets().mask();
        this.clock = clock;
        this.settles = settles;
        this.voice = new RunVoice(request.listener(), mask, request.limits().logBytes());
    }

    CompletableFuture<ExecutionResult> result() {
        return result;
    }

    UUID executionId() {
        return request.context().executionId();
    }

    /** The requests of the current attempt; null before there is one. */
    @Nullable
    RunFetches fetches() {
        return fetches;
    }

    RunVoice voice() {
        return voice;
    }

    @Override
    Message.ToWorker order(long id, int attempt) {
        ExecutionContext context = request.context();
        UUID jobId = context.jobId();
        return new Message.Execute(
                id,
                request.hash().hex(),
                request.input().value(),
                new Message.Context(
                        context.executionId().toString(),
                        context.taskId().toString(),
                        context.taskName(),
                        context.taskVersion(),
                        jobId == null ? null : jobId.toString(),
                        context.attempt() + attempt - 1),
                request.determinism().seed(),
                Traces.toMessage(request.determinism().clock()),
                request.secrets().reveal(),
                request.limits().outputBytes(),
                request.limits().logBytes(),
                request.trace());
    }

    @Override
    void attemptBegins(Worker at, long id) {
        fetches = new RunFetches(request, id, at::send, why -> stop(why, System.nanoTime()), clock);
    }

    @Override
    Runnable attemptLost() {
        RunFetches lost = fetches;
        return lost == null ? () -> {} : lost::close;
    }

    @Override
    void announced(int attempt) {
        if (attempt > 1) {
            voice.attempt(attempt, "the worker was lost through another execution in it");
        }
    }

    @Override
    void stopping() {
        RunFetches current = fetches;
        if (current != null) {
            current.close();
        }
    }

    @Override
    void tick(long now) {
        voice.flushSoon(now);
    }

    @Override
    boolean abandon() {
        RunFetches current = fetches;
        return current == null || current.disown();
    }

    /**
     * The worker says that it is over.
     *
     * @return what comes of it, for {@link #complete}
     * @throws ProtocolException when what it says cannot be
     */
    ExecutionResult ended(Ended ended, long now) throws ProtocolException {
        StopCause why = cause();
        ExecutionOutcome outcome = outcome(ended.ending(), why != null);
        if (why != null) {
            outcome = why.outcome();
        }
        long elapsed = elapsed(now);
        long cpu = cpuTold(ended.guestCpuNanos(), now);
        ExecutionTrace trace = request.trace() ? Traces.toCore(ended.trace()) : ExecutionTrace.NONE;
        return result(outcome, elapsed, cpu, trace, Math.max(0, ended.droppedLogBytes()));
    }

    @Override
    void lost(@Nullable StopCause why, String crash, long now) {
        ExecutionOutcome outcome = why == null ? new ExecutionOutcome.WorkerCrashed(mask.mask(crash)) : why.outcome();
        complete(result(outcome, elapsed(now), cpuNanos(), ExecutionTrace.NONE, 0), now);
    }

    @Override
    void unavailable(String message) {
        if (over()) {
            result.completeExceptionally(new RatchetException(ErrorCode.WORKER_UNAVAILABLE, message));
        }
    }

    /** Hands the result to the caller once every request under way has its entry in the journal, or soon after. */
    void complete(ExecutionResult end, long now) {
        if (!over()) {
            return;
        }
        voice.flush(now, true);
        RunFetches current = fetches;
        if (current == null) {
            result.complete(end);
            return;
        }
        settling = end;
        settleBy = now + SETTLE_NANOS;
        if (!current.settle(() -> result.complete(end))) {
            settles.accept(this);
        }
    }

    /** Gives up waiting for requests that do not end although they were told to; true when there is a result. */
    boolean settleIfDue(long now) {
        return now - settleBy >= 0 ? settleNow() : result.isDone();
    }

    /** Does not wait any longer. */
    boolean settleNow() {
        ExecutionResult end = settling;
        if (end != null) {
            result.complete(end);
        }
        return result.isDone();
    }

    private ExecutionResult result(
            ExecutionOutcome outcome, long elapsed, long cpu, ExecutionTrace trace, long droppedByWorker) {
        return new ExecutionResult(
                outcome,
                Duration.ofNanos(elapsed),
                Duration.ofNanos(cpu),
                trace,
                droppedByWorker + voice.droppedBytes(),
                attempts());
    }

    private ExecutionOutcome outcome(Ending ending, boolean stopped) throws ProtocolException {
        return switch (ending) {
            case Ending.Returned(String output) -> returned(output);
            case Ending.Threw threw -> threw(threw);
            case Ending.NoJson(String message) ->
                new ExecutionOutcome.InvalidOutput(List.of(Problem.of("output", text(message, MAX_TEXT))));
            case Ending.TooLarge(long bytes) -> {
                long allowed = request.limits().outputBytes();
                yield new ExecutionOutcome.LimitExceeded(LimitKind.OUTPUT_BYTES, Math.max(bytes, allowed + 1), allowed);
            }
            case Ending.HeapExhausted(long live) ->
                new ExecutionOutcome.LimitExceeded(LimitKind.MEMORY, Math.max(0, live), memoryBytes());
            case Ending.StackExhausted _ ->
                new ExecutionOutcome.TaskFailed("RangeError", "Maximum call stack size exceeded", "", null);
            case Ending.BadCode bad -> new ExecutionOutcome.InvalidPackage(problems(bad.faults(), mask));
            case Ending.Stopped() -> {
                if (!stopped) {
                    throw new ProtocolException("a run stopped that nobody had asked to stop");
                }
                // Replaced by the reason for the stop.
                yield new ExecutionOutcome.Cancelled("stopped");
            }
        };
    }

    private ExecutionOutcome returned(String output) throws ProtocolException {
        long allowed = request.limits().outputBytes();
        long bytes = OutputText.utf8Length(output);
        if (bytes > allowed) {
            return new ExecutionOutcome.LimitExceeded(LimitKind.OUTPUT_BYTES, bytes, allowed);
        }
        return switch (OutputText.check(output, mask)) {
            case OutputText.Checked.Sound(JsonText json) -> new ExecutionOutcome.Succeeded(json);
            case OutputText.Checked.TooDeep(String message) ->
                new ExecutionOutcome.InvalidOutput(List.of(Problem.of("output", message)));
            case OutputText.Checked.Malformed(String message) ->
                throw new ProtocolException("output that is no JSON: " + message);
        };
    }

    private ExecutionOutcome threw(Ending.Threw threw) throws ProtocolException {
        String details = threw.details();
        JsonText json = null;
        if (details != null && details.length() <= MAX_DETAILS) {
            json = switch (OutputText.check(details, mask)) {
                case OutputText.Checked.Sound(JsonText sound) -> sound;
                case OutputText.Checked.TooDeep _ -> null;
                case OutputText.Checked.Malformed(String message) ->
                    throw new ProtocolException("error details that are no JSON: " + message);
            };
        }
        return new ExecutionOutcome.TaskFailed(
                text(threw.type(), MAX_NAME), text(threw.message(), MAX_TEXT), text(threw.stack(), MAX_TEXT), json);
    }

    private String text(String raw, int atMost) {
        return bounded(mask.mask(raw), atMost);
    }

    private static String bounded(String text, int atMost) {
        return text.length() <= atMost ? text : text.substring(0, atMost) + "…";
    }

    /** Faults as problems, at most a hundred. */
    static List<Problem> problems(List<Message.Fault> faults, SecretMask mask) {
        List<Problem> problems = new ArrayList<>();
        for (Message.Fault fault : faults.subList(0, Math.min(faults.size(), 100))) {
            problems.add(new Problem(
                    bounded(mask.mask(fault.file()), 1000),
                    bounded(fault.position(), 50),
                    bounded(mask.mask(fault.message()), 4000)));
        }
        return problems;
    }

    /** Translation between the clocks and traces of core and protocol. */
    private static final class Traces {
        private static final Determinism.Settlement.Kind[] KINDS = {
            Determinism.Settlement.Kind.FETCH, Determinism.Settlement.Kind.TIMER, Determinism.Settlement.Kind.ABORT
        };

        static Message.Clock toMessage(Determinism.GuestClock clock) {
            return switch (clock) {
                case Determinism.GuestClock.Live(long start) -> new Message.Clock.Live(start);
                case Determinism.GuestClock.Virtual(long start) -> new Message.Clock.Virtual(start);
                case Determinism.GuestClock.Recorded(var runs, var settlements) -> {
                    long[] ticks = new long[runs.size()];
                    int[] counts = new int[runs.size()];
                    for (int i = 0; i < ticks.length; i++) {
                        ticks[i] = runs.get(i).ticks();
                        counts[i] = runs.get(i).count();
                    }
                    byte[] kinds = new byte[settlements.size()];
                    int[] ids = new int[settlements.size()];
                    for (int i = 0; i < kinds.length; i++) {
                        kinds[i] = switch (settlements.get(i).kind()) {
                            case FETCH -> Message.Trace.FETCH;
                            case TIMER -> Message.Trace.TIMER;
                            case ABORT -> Message.Trace.ABORT;
                        };
                        ids[i] = settlements.get(i).id();
                    }
                    yield new Message.Clock.Recorded(new Message.Trace(ticks, counts, kinds, ids, true));
                }
            };
        }

        static ExecutionTrace toCore(Message.@Nullable Trace trace) throws ProtocolException {
            if (trace == null) {
                throw new ProtocolException("no trace where one was asked for");
            }
            if (trace.ticks().length > Message.Trace.MAX_CLOCK_RUNS
                    || trace.kinds().length > Message.Trace.MAX_SETTLEMENTS) {
                throw new ProtocolException(
                        "trace of " + trace.ticks().length + " readings and " + trace.kinds().length + " settlements");
            }
            List<Determinism.ClockRun> clock = new ArrayList<>(trace.ticks().length);
            for (int i = 0; i < trace.ticks().length; i++) {
                clock.add(new Determinism.ClockRun(trace.ticks()[i], trace.counts()[i]));
            }
            List<Determinism.Settlement> settlements = new ArrayList<>(trace.kinds().length);
            for (int i = 0; i < trace.kinds().length; i++) {
                settlements.add(new Determinism.Settlement(KINDS[trace.kinds()[i]], trace.ids()[i]));
            }
            return new ExecutionTrace(clock, settlements, trace.complete());
        }
    }
}
