package dev.ratchet.core.job;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionEvent;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.FailureDetails.RetryHints;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.ResultCache.Remembered;
import dev.ratchet.core.execution.RunRecorder.RecordedRun;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ResultCachePolicy;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One attempt of a job on this node, from its claim to the end that is to be stored. */
final class Attempt {
    private static final String LOST = "the server that ran it stopped before it had ended";
    private static final int MAX_URL = 2_000;

    private final AttemptRunner with;
    private final Claim claim;
    private final String nodeName;
    private final ExecutionId execution;
    private final AtomicInteger requests = new AtomicInteger();
    /** Unsafe requests of this attempt that were to leave and of which no answer is known. */
    private final Set<Integer> unsettled = ConcurrentHashMap.newKeySet();

    private @Nullable TaskPackage content;
    private TaskRunner.@Nullable Running running;
    private boolean cancelled;
    private boolean handedBack;

    private final Object saying = new Object();
    private final List<LogLine> unstoredLog = new ArrayList<>();
    private long storedLines;
    private AttemptEnd.@Nullable Progress progress;

    Attempt(AttemptRunner with, Claim claim, String nodeName) {
        this.with = with;
        this.claim = claim;
        this.nodeName = nodeName;
        this.execution = claim.job().execution();
    }

    Claim claim() {
        return claim;
    }

    /** Runs to its end; the calling thread waits. Never throws for anything a task does. */
    AttemptEnd run() {
        with.events().publish(new ExecutionEvent.StatusChanged(execution, ExecutionStatus.RUNNING));
        TaskPackage task;
        try {
            task = with.tasks()
                    .content(claim.job().tenant(), claim.job().version())
                    .orElseThrow(() ->
                            new IllegalStateException("version " + claim.job().version() + " of a job is not stored"));
        } catch (RatchetException e) {
            if (e.code().category() != ErrorCode.Category.UNAVAILABLE) {
                // It cannot be read, and the next attempt could not read it either: that counts, so that it ends.
                throw e;
            }
            // The database is away: nothing was tried, so nothing is counted.
            return handedBack(Duration.ZERO);
        }
        content = task;
        return remembered(task).map(this::ended).orElseGet(() -> run(task));
    }

    private AttemptEnd run(TaskPackage task) {
        TaskLimits limits =
                claim.job().timeout().map(task.limits()::withWallTime).orElse(task.limits());
        Secrets secrets;
        try {
            secrets = with.resources().secrets(claim.job().tenant(), task);
        } catch (RatchetException e) {
            List<Problem> problems = e.problems().isEmpty()
                    ? List.of(Problem.of("secrets", String.valueOf(e.getMessage())))
                    : e.problems();
            return ended(notRun(new InvalidPackage(problems)), Optional.empty());
        }
        RecordedRun recorded = with.recorder().open(request(task, limits, secrets));
        ExecutionResult result;
        try {
            TaskRunner.Running started = with.executor().startChecked(task, recorded.request());
            begun(started);
            result = started.result().join();
        } catch (CompletionException | RatchetException e) {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            result = notRun(new WorkerCrashed(String.valueOf(cause.getMessage())));
        }
        return ended(result, recorded.finish(result));
    }

    private ExecutionRequest request(TaskPackage task, TaskLimits limits, Secrets secrets) {
        Job job = claim.job();
        return new ExecutionRequest(
                new ExecutionContext(
                        execution.value(),
                        job.task().value(),
                        task.metadata().name(),
                        task.metadata().version(),
                        job.id().value(),
                        job.attempt()),
                task.contentHash(),
                task.code(),
                claim.input(),
                limits,
                secrets,
                new Determinism(
                        with.seeds().get(), new GuestClock.Live(with.clock().millis() * GuestClock.TICKS_PER_MILLI)),
                false,
                with.resources().fetches(job.tenant(), job.task(), task, limits, secrets),
                new Journal(secrets.mask()),
                new Listener());
    }

    private synchronized void begun(TaskRunner.Running started) {
        running = started;
        if (cancelled || handedBack) {
            started.cancel(cancelled ? "cancelled" : LOST);
        }
    }

    /** Somebody wants it stopped. */
    synchronized void cancel() {
        cancelled = true;
        if (running != null) {
            running.cancel("cancelled");
        }
    }

    /** The node stops and will not wait. */
    synchronized void handBack() {
        handedBack = true;
        if (running != null) {
            running.cancel(LOST);
        }
    }

    private synchronized boolean isHandedBack() {
        return handedBack && !cancelled;
    }

    // ---- the end

    private AttemptEnd ended(ExecutionResult result, Optional<JsonText> recording) {
        if (result.outcome() instanceof Cancelled && isHandedBack()) {
            return handedBack(result.wallTime());
        }
        ExecutionOutcome outcome = result.outcome();
        ExecutionEnd end = new ExecutionEnd(
                OutcomeKind.of(outcome),
                outcome instanceof Succeeded(var output) ? Optional.of(output) : Optional.empty(),
                outcome instanceof Succeeded
                        ? Optional.empty()
                        : Optional.of(with.failures().describe(outcome)),
                result.wallTime(),
                result.cpuTime(),
                requests.get(),
                result.droppedLogBytes(),
                Optional.empty());
        AttemptEnd.Then then = then(Optional.of(outcome), end.kind(), 0, isUnsettled());
        return end(end, then, recording);
    }

    private AttemptEnd ended(ExecutionEnd remembered) {
        return end(remembered, then(Optional.empty(), remembered.kind(), 0, false), Optional.empty());
    }

    /** The program itself failed in the middle of it. */
    AttemptEnd broken(Throwable cause) {
        return ended(notRun(new WorkerCrashed("internal error: " + cause)), Optional.empty());
    }

    /** It was claimed, and nobody was told. */
    AttemptEnd neverBegun() {
        return handedBack(Duration.ZERO);
    }

    /** Its node died with it, or lost its lease: what is known is what the database tells. */
    AttemptEnd lost() {
        // Whoever was told that it is being stopped finds it stopped, whatever stopped it first.
        ExecutionEnd end = claim.job().cancelRequested()
                ? failed(OutcomeKind.CANCELLED, "Cancelled", "cancelled; " + LOST, Duration.ZERO)
                : failed(OutcomeKind.LOST, "Lost", LOST, Duration.ZERO);
        boolean unsettled = with.executions().hasUnsettledRequest(execution);
        return end(end, then(Optional.empty(), end.kind(), lossesInARow(), unsettled), Optional.empty());
    }

    /** Attempts up to this one that were lost one after the other; those handed back, or before a redrive, were no retries. */
    private int lossesInARow() {
        int losses = 1;
        List<Execution> attempts =
                with.executions().ofJob(claim.job().tenant(), claim.job().id());
        for (Execution earlier : attempts.reversed()) {
            if (earlier.id().equals(execution)) {
                continue;
            }
            if (!earlier.outcome().equals(Optional.of(OutcomeKind.LOST))) {
                break;
            }
            losses++;
        }
        return Math.min(losses, claim.job().retryCount() + 1);
    }

    /** The same attempt without anything that a database could refuse. */
    AttemptEnd unstorable() {
        takeLog();
        ExecutionEnd end = failed(OutcomeKind.LOST, "NotStorable", "its result could not be stored", Duration.ZERO);
        return new AttemptEnd(
                claim,
                end,
                with.clock().instant(),
                new AttemptEnd.Then.Done(JobStatus.FAILED),
                0,
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private AttemptEnd handedBack(Duration wallTime) {
        ExecutionEnd end = failed(OutcomeKind.LOST, "Lost", LOST, wallTime);
        boolean unsure = isUnsettled() && !claim.job().retry().retryUnsafe();
        AttemptEnd.Then then = unsure
                ? new AttemptEnd.Then.Done(JobStatus.FAILED)
                : new AttemptEnd.Then.HandedBack(new ExecutionId(with.ids().next()));
        return end(end, then, Optional.empty());
    }

    private ExecutionEnd failed(OutcomeKind kind, String type, String message, Duration wallTime) {
        return new ExecutionEnd(
                kind,
                Optional.empty(),
                Optional.of(new ExecutionError(type, message, Optional.empty())),
                wallTime,
                Duration.ZERO,
                requests.get(),
                0,
                Optional.empty());
    }

    private AttemptEnd.Then then(Optional<ExecutionOutcome> outcome, OutcomeKind kind, int losses, boolean unsettled) {
        if (kind == OutcomeKind.SUCCEEDED) {
            return new AttemptEnd.Then.Done(JobStatus.COMPLETED);
        }
        if (kind == OutcomeKind.CANCELLED) {
            return new AttemptEnd.Then.Done(JobStatus.CANCELLED);
        }
        RetryHints hints = outcome.map(with.failures()::hints).orElse(RetryHints.NONE);
        Job job = claim.job();
        RetryRules.Failure failure = new RetryRules.Failure(outcome, losses, job.retryCount(), unsettled, hints);
        boolean again = !job.cancelRequested() && !isCancelled();
        Optional<Duration> delay = again ? RetryRules.delay(job.retry(), failure, with.random()) : Optional.empty();
        return delay.<AttemptEnd.Then>map(wait -> new AttemptEnd.Then.Again(
                        with.clock().instant().plus(wait),
                        new ExecutionId(with.ids().next())))
                .orElseGet(() -> new AttemptEnd.Then.Done(again ? JobStatus.FAILED : JobStatus.CANCELLED));
    }

    /** Known without the database, which may be away when an attempt ends. */
    private boolean isUnsettled() {
        return !unsettled.isEmpty();
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private AttemptEnd end(ExecutionEnd end, AttemptEnd.Then then, Optional<JsonText> recording) {
        boolean succeeded = then instanceof AttemptEnd.Then.Done(JobStatus status) && status == JobStatus.COMPLETED;
        // Also where it is to be tried again: somebody may have wanted it cancelled meanwhile, and then this is its
        // end.
        List<NewDelivery> deliveries = with.planner().plan(claim.job().destinations(), succeeded);
        synchronized (saying) {
            synchronized (this) {
                long first = storedLines;
                List<LogLine> lines = takeLog();
                Optional<AttemptEnd.Progress> last = Optional.ofNullable(progress);
                progress = null;
                return new AttemptEnd(
                        claim, end, with.clock().instant(), then, first, lines, recording, deliveries, last);
            }
        }
    }

    private static ExecutionResult notRun(ExecutionOutcome outcome) {
        return new ExecutionResult(outcome, Duration.ZERO, Duration.ZERO, ExecutionTrace.NONE, 0, 0);
    }

    // ---- remembered results

    private Optional<ExecutionEnd> remembered(TaskPackage task) {
        if (task.cache().isEmpty()) {
            return Optional.empty();
        }
        return with.cache()
                .find(claim.job().tenant(), claim.job().version(), claim.input())
                .map(found -> new ExecutionEnd(
                        found.end().kind(),
                        found.end().output(),
                        found.end().error(),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0,
                        Optional.of(found.execution())));
    }

    /** Its end is durable. */
    void stored(AttemptEnd end) {
        TaskPackage task = content;
        if (task == null || end.end().cachedFrom().isPresent()) {
            return;
        }
        Optional<ResultCachePolicy> policy = task.cache();
        policy.ifPresent(allowed -> with.cache()
                .remember(
                        claim.job().tenant(),
                        claim.job().version(),
                        claim.input(),
                        allowed,
                        new Remembered(execution, end.end())));
    }

    // ---- what the task says

    /** Stores what a running task has said since the last time. */
    void flush() {
        // Not beside the end: what is taken here must be stored before the claim is over.
        synchronized (saying) {
            AttemptEnd.Progress said;
            List<LogLine> lines;
            long first;
            synchronized (this) {
                said = progress;
                progress = null;
                first = storedLines;
                lines = takeLog();
            }
            try {
                if (!lines.isEmpty()) {
                    with.jobs().appendLog(claim, first, lines);
                }
                if (said != null) {
                    with.jobs().progress(claim, said.fraction(), said.message());
                }
            } catch (RatchetException e) {
                // Storing a line twice does no harm: it has its number.
                putBack(lines, said);
                throw e;
            }
        }
    }

    private synchronized void putBack(List<LogLine> lines, AttemptEnd.@Nullable Progress said) {
        unstoredLog.addAll(0, lines);
        storedLines -= lines.size();
        if (progress == null) {
            progress = said;
        }
    }

    private synchronized List<LogLine> takeLog() {
        List<LogLine> lines = List.copyOf(unstoredLog);
        storedLines += lines.size();
        unstoredLog.clear();
        return lines;
    }

    private final class Listener implements ExecutionListener {
        @Override
        public void onLog(LogLine line) {
            long number;
            synchronized (Attempt.this) {
                number = storedLines + unstoredLog.size();
                unstoredLog.add(line);
            }
            with.events().publish(new ExecutionEvent.Logged(execution, number, line));
        }

        @Override
        public void onProgress(double fraction, String message) {
            synchronized (Attempt.this) {
                progress = new AttemptEnd.Progress(fraction, message);
            }
            with.events().publish(new ExecutionEvent.Progressed(execution, fraction, message));
        }

        @Override
        public void onAttempt(int attempt, String reason) {
            onLog(new LogLine(
                    LogLine.Level.WARN,
                    with.clock().millis(),
                    "worker " + nodeName + " lost the run (" + reason + "); running it again"));
        }
    }

    /** Makes unsafe requests durable before they leave; the others are counted. */
    private final class Journal implements FetchJournal {
        private final SecretMask mask;

        Journal(SecretMask mask) {
            this.mask = mask;
        }

        @Override
        public void intent(int fetchId, HttpCall call) {
            requests.incrementAndGet();
            if (!call.isSafe()) {
                String url = mask.mask(call.url());
                unsettled.add(fetchId);
                with.jobs()
                        .requestIntended(
                                execution,
                                fetchId,
                                call.method(),
                                url.length() > MAX_URL ? url.substring(0, MAX_URL) : url,
                                with.clock().instant());
            }
        }

        @Override
        public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
            if (call.isSafe()) {
                return;
            }
            Instant now = with.clock().instant();
            switch (answer) {
                case HttpAnswer.Response response -> {
                    unsettled.remove(fetchId);
                    with.jobs().requestAnswered(execution, fetchId, "HTTP " + response.status(), now);
                }
                case HttpAnswer.Failure failure -> {
                    // After anything else the other side may have got the request and acted on it.
                    if (neverLeft(failure.reason())) {
                        unsettled.remove(fetchId);
                        with.jobs()
                                .requestAnswered(
                                        execution, fetchId, failure.reason().name(), now);
                    }
                }
            }
        }

        private static boolean neverLeft(HttpAnswer.Reason reason) {
            return switch (reason) {
                case BAD_URL, NOT_PERMITTED, ADDRESS_REFUSED, DNS, CONNECT, UNMATCHED -> true;
                case TLS, TIMEOUT, REDIRECT, TOO_LARGE, PROTOCOL, ABORTED -> false;
            };
        }
    }
}
