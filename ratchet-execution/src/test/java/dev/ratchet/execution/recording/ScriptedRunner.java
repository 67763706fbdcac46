package dev.ratchet.execution.recording;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.Determinism.ClockRun;
import dev.ratchet.core.execution.Determinism.Settlement;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpCall.RedirectMode;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A task runner whose tasks are Java functions; it keeps the order of calls a real one promises. */
public final class ScriptedRunner implements TaskRunner {
    private final Function<Guest, ExecutionOutcome> script;

    public ScriptedRunner(Function<Guest, ExecutionOutcome> script) {
        this.script = script;
    }

    /** What a scripted task can do. */
    public static final class Guest {
        private final ExecutionRequest request;
        private final Cancellation cancellation;
        private final List<Settlement> settlements = new ArrayList<>();
        private final List<FetchReply> replies = new ArrayList<>();
        private int fetches;

        Guest(ExecutionRequest request, Cancellation cancellation) {
            this.request = request;
            this.cancellation = cancellation;
        }

        public ExecutionRequest request() {
            return request;
        }

        public Cancellation cancellation() {
            return cancellation;
        }

        public List<FetchReply> replies() {
            return replies;
        }

        public HttpAnswer fetch(HttpCall call) {
            int id = ++fetches;
            request.journal().intent(id, call);
            FetchReply reply = request.fetches().fetch(id, call, cancellation);
            replies.add(reply);
            request.journal().answered(id, call, reply.answer());
            settlements.add(new Settlement(Settlement.Kind.FETCH, id));
            return reply.answer();
        }

        /** A request that has left and whose answer the run does not wait for. */
        public void fetchWithoutWaiting(HttpCall call) {
            request.journal().intent(++fetches, call);
        }

        public String get(String url) {
            return text(fetch(call("GET", url, null)));
        }

        public void log(String message) {
            request.listener().onLog(new LogLine(LogLine.Level.INFO, 1_767_225_600_000L, message));
        }

        public void progress(double fraction, String message) {
            request.listener().onProgress(fraction, message);
        }

        public void newAttempt() {
            fetches = 0;
            settlements.clear();
            request.listener().onAttempt(2, "a neighbour crashed");
        }
    }

    @Override
    public Running start(ExecutionRequest request) {
        Cancellation cancellation = new Cancellation();
        Guest guest = new Guest(request, cancellation);
        CompletableFuture<ExecutionResult> result = new CompletableFuture<>();
        Thread.ofVirtual().name("scripted").start(() -> {
            try {
                ExecutionOutcome outcome = script.apply(guest);
                result.complete(new ExecutionResult(
                        outcome,
                        Duration.ofMillis(5),
                        Duration.ofMillis(3),
                        new ExecutionTrace(
                                List.of(new ClockRun(17_672_256_000_000L, 2), new ClockRun(17_672_256_000_123L, 1)),
                                guest.settlements,
                                true),
                        0,
                        1));
            } catch (RuntimeException | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return new Running() {
            @Override
            public CompletableFuture<ExecutionResult> result() {
                return result;
            }

            @Override
            public void cancel(String reason) {
                cancellation.cancel();
                result.complete(new ExecutionResult(
                        new Cancelled(reason), Duration.ZERO, Duration.ZERO, ExecutionTrace.NONE, 0, 1));
            }
        };
    }

    @Override
    public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
        return CompletableFuture.completedFuture(List.of());
    }

    public static HttpCall call(String method, String url, @Nullable String body, HttpHeader... headers) {
        return new HttpCall(
                method,
                url,
                List.of(headers),
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                RedirectMode.FOLLOW);
    }

    /** The body of a response, or {@code failed: } and the message of a failure. */
    public static String text(HttpAnswer answer) {
        return switch (answer) {
            case HttpAnswer.Response response -> new String(response.body(), StandardCharsets.UTF_8);
            case HttpAnswer.Failure failure -> "failed: " + failure.message();
        };
    }
}
