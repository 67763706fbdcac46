package dev.ratchet.execution.recording;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.execution.recording.Recording.Cut;
import dev.ratchet.execution.recording.Recording.Exchange;
import dev.ratchet.execution.recording.Recording.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records one run by listening to it. Thread-safe; good for one run.
 *
 * <pre>{@code
 * Recorder recorder = new Recorder(clock, BodyLimits.DEFAULT);
 * ExecutionResult result = executor.start(task, recorder.attach(request)).result().join();
 * Recording recording = recorder.finish(result);
 * }</pre>
 *
 * When an innocent run is made again because its worker was lost, the recording is that of the last attempt.
 */
public final class Recorder {
    /** Progress reports kept. */
    public static final int MAX_PROGRESS = 10_000;

    private final InstantSource clock;
    private final BodyLimits bodyLimits;
    private final LongSupplier nanoTime;

    private long startNanos;
    private @Nullable ExecutionRequest request;
    private SecretForms forms = new SecretForms(Secrets.NONE);
    private Instant createdAt = Instant.EPOCH;
    private final Map<Integer, Exchange> exchanges = new TreeMap<>();
    private final List<LogLine> console = new ArrayList<>();
    private final List<Progress> progress = new ArrayList<>();
    private boolean progressCut;
    private long bodyBytes;
    private int attempt = 1;
    private final Map<Integer, HttpCall> calls = new HashMap<>();
    private final Set<HttpCall> callsOfLostAttempts = Collections.newSetFromMap(new IdentityHashMap<>());

    /** A body, and what it was cut from. */
    @SuppressWarnings("ArrayRecordComponent") // see HttpCall
    private record Kept(byte[] bytes, @Nullable Cut cut) {}

    /**
     * @param clock tells when the run begins
     * @param bodyLimits how much of the bodies to keep
     */
    public Recorder(InstantSource clock, BodyLimits bodyLimits) {
        this(clock, bodyLimits, System::nanoTime);
    }

    Recorder(InstantSource clock, BodyLimits bodyLimits, LongSupplier nanoTime) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.bodyLimits = Objects.requireNonNull(bodyLimits, "bodyLimits");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    }

    /**
     * The same run, heard by this recorder as well as by whoever heard it before, and traced.
     *
     * @throws IllegalStateException when this recorder has a run already
     */
    public synchronized ExecutionRequest attach(ExecutionRequest original) {
        if (request != null) {
            throw new IllegalStateException("a recorder records one run");
        }
        request = original;
        forms = new SecretForms(original.secrets());
        createdAt = clock.instant();
        startNanos = nanoTime.getAsLong();
        return new ExecutionRequest(
                original.context(),
                original.hash(),
                original.code(),
                original.input(),
                original.limits(),
                original.secrets(),
                original.determinism(),
                true,
                new Answers(original.fetches()),
                new Journal(original.journal()),
                new Listener(original.listener()));
    }

    /**
     * The finished run.
     *
     * @throws IllegalStateException when no run was attached
     */
    public synchronized Recording finish(ExecutionResult result) {
        ExecutionRequest run = request;
        if (run == null) {
            throw new IllegalStateException("nothing was attached to this recorder");
        }
        return new Recording(
                createdAt,
                context(run.context()),
                run.hash(),
                mask(run.input()),
                mask(result.outcome()),
                result.wallTime(),
                run.limits(),
                run.determinism().seed(),
                startTicks(run.determinism().clock()),
                result.trace(),
                run.secrets().names(),
                console,
                result.droppedLogBytes(),
                progress,
                progressCut,
                List.copyOf(exchanges.values()));
    }

    /** What the last attempt was told: attempts within a run count on from the first. */
    private ExecutionContext context(ExecutionContext first) {
        return new ExecutionContext(
                first.executionId(),
                first.taskId(),
                first.taskName(),
                first.taskVersion(),
                first.jobId(),
                first.attempt() + attempt - 1);
    }

    private static long startTicks(GuestClock clock) {
        return switch (clock) {
            case GuestClock.Live(long startTicks) -> startTicks;
            case GuestClock.Virtual(long startTicks) -> startTicks;
            case GuestClock.Recorded recorded ->
                recorded.runs().isEmpty() ? 0 : recorded.runs().getFirst().ticks();
        };
    }

    private synchronized void intent(int fetchId, HttpCall call) {
        Kept body = call.body() == null ? null : keep(call.body());
        HttpCall kept = new HttpCall(
                call.method(),
                forms.normalise(call.url()),
                mask(call.headers()),
                body == null ? null : body.bytes(),
                call.redirect());
        calls.put(fetchId, call);
        exchanges.put(
                fetchId,
                new Exchange(fetchId, kept, body == null ? null : body.cut(), null, null, sinceStart(), Duration.ZERO));
    }

    private synchronized void answered(int fetchId, HttpCall call, HttpAnswer answer) {
        if (callsOfLostAttempts.contains(call)) {
            // Requests of a lost attempt end when they please; the run goes on without them.
            return;
        }
        if (!exchanges.containsKey(fetchId)) {
            intent(fetchId, call);
        }
        Exchange open = Objects.requireNonNull(exchanges.get(fetchId));
        Cut cut = null;
        HttpAnswer kept =
                switch (answer) {
                    case HttpAnswer.Response r -> {
                        Kept body = keep(r.body());
                        cut = body.cut();
                        yield new HttpAnswer.Response(
                                r.status(),
                                forms.normalise(r.statusText()),
                                forms.normalise(r.url()),
                                r.redirected(),
                                mask(r.headers()),
                                body.bytes(),
                                r.timing());
                    }
                    case HttpAnswer.Failure f ->
                        new HttpAnswer.Failure(f.reason(), forms.normalise(f.message()), f.limit(), f.timing());
                };
        // A virtual delay, if there is one, is known already.
        Duration delay = open.delay().isZero() ? sinceStart().minus(open.startedAfter()) : open.delay();
        exchanges.put(
                fetchId, new Exchange(fetchId, open.call(), open.callCut(), kept, cut, open.startedAfter(), delay));
    }

    private Duration sinceStart() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    private synchronized void delayed(int fetchId, HttpCall call, Duration virtualDelay) {
        if (callsOfLostAttempts.contains(call)) {
            return;
        }
        exchanges.computeIfPresent(
                fetchId,
                (_, e) -> new Exchange(
                        e.id(), e.call(), e.callCut(), e.answer(), e.answerCut(), e.startedAfter(), virtualDelay));
    }

    private synchronized void logged(LogLine line) {
        console.add(new LogLine(line.level(), line.epochMillis(), forms.normalise(line.message())));
    }

    private synchronized void progressed(double fraction, String message) {
        if (progress.size() == MAX_PROGRESS) {
            progressCut = true;
        } else {
            progress.add(new Progress(fraction, forms.normalise(message)));
        }
    }

    private synchronized void startOver(int newAttempt) {
        attempt = newAttempt;
        callsOfLostAttempts.addAll(calls.values());
        calls.clear();
        exchanges.clear();
        console.clear();
        progress.clear();
        progressCut = false;
        bodyBytes = 0;
    }

    private Kept keep(byte[] body) {
        byte[] masked = forms.normalise(body);
        int room = (int) Math.min(bodyLimits.perBody(), bodyLimits.total() - bodyBytes);
        byte[] kept = Bodies.cut(masked, room);
        bodyBytes += kept.length;
        return kept.length == masked.length
                ? new Kept(masked, null)
                : new Kept(kept, new Cut(masked.length, Bodies.sha256(masked)));
    }

    private List<HttpHeader> mask(List<HttpHeader> headers) {
        return headers.stream()
                .map(header -> new HttpHeader(header.name(), forms.normalise(header.value())))
                .toList();
    }

    private ExecutionOutcome mask(ExecutionOutcome outcome) {
        if (forms.isEmpty()) {
            return outcome;
        }
        return switch (outcome) {
            case Succeeded(JsonText output) -> new Succeeded(mask(output));
            case TaskFailed(String type, String message, String stack, JsonText details) ->
                new TaskFailed(
                        type, forms.normalise(message), forms.normalise(stack), details == null ? null : mask(details));
            case InvalidOutput(List<Problem> problems) -> new InvalidOutput(maskProblems(problems));
            case InvalidInput(List<Problem> problems) -> new InvalidInput(maskProblems(problems));
            case InvalidPackage(List<Problem> problems) -> new InvalidPackage(maskProblems(problems));
            case LimitExceeded limit -> limit;
            case WorkerCrashed(String detail) -> new WorkerCrashed(forms.normalise(detail));
            case Cancelled(String reason) -> new Cancelled(forms.normalise(reason));
        };
    }

    private List<Problem> maskProblems(List<Problem> problems) {
        return problems.stream()
                .map(p -> new Problem(p.source(), forms.normalise(p.position()), forms.normalise(p.message())))
                .toList();
    }

    /** Masks inside the tree: replacing in the text could break it, or miss what is written with escapes. */
    private JsonText mask(JsonText json) {
        if (forms.isEmpty()) {
            return json;
        }
        JsonNode tree = Json.parse("a value of the run", json);
        JsonNode masked = mask(tree, forms::normalise);
        return masked.equals(tree) ? json : new JsonText(Json.write(masked));
    }

    private static JsonNode mask(JsonNode node, UnaryOperator<String> forms) {
        if (node.isObject()) {
            ObjectNode masked = Json.object();
            node.properties().forEach(p -> masked.set(forms.apply(p.getKey()), mask(p.getValue(), forms)));
            return masked;
        }
        if (node.isArray()) {
            ArrayNode masked = Json.array();
            node.forEach(element -> masked.add(mask(element, forms)));
            return masked;
        }
        if (node.isString() || node.isNumber()) {
            // A secret of digits may stand there as a number; its placeholder is a string.
            String text = node.isString() ? node.stringValue() : node.toString();
            String masked = forms.apply(text);
            return masked.equals(text) ? node : Json.array().stringNode(masked);
        }
        return node;
    }

    private final class Answers implements FetchHandler {
        private final FetchHandler next;

        Answers(FetchHandler next) {
            this.next = next;
        }

        @Override
        public FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation) {
            FetchReply reply = next.fetch(fetchId, call, cancellation);
            delayed(fetchId, call, reply.virtualDelay());
            return reply;
        }
    }

    private final class Journal implements FetchJournal {
        private final FetchJournal next;

        Journal(FetchJournal next) {
            this.next = next;
        }

        @Override
        public void intent(int fetchId, HttpCall call) {
            next.intent(fetchId, call);
            Recorder.this.intent(fetchId, call);
        }

        @Override
        public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
            next.answered(fetchId, call, answer);
            Recorder.this.answered(fetchId, call, answer);
        }
    }

    private final class Listener implements ExecutionListener {
        private final ExecutionListener next;

        Listener(ExecutionListener next) {
            this.next = next;
        }

        @Override
        public void onLog(LogLine line) {
            logged(line);
            next.onLog(line);
        }

        @Override
        public void onProgress(double fraction, String message) {
            progressed(fraction, message);
            next.onProgress(fraction, message);
        }

        @Override
        public void onAttempt(int attempt, String reason) {
            startOver(attempt);
            next.onAttempt(attempt, reason);
        }
    }
}
