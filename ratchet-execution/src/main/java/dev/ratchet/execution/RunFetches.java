package dev.ratchet.execution;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpCall.RedirectMode;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.Message.FetchAborted;
import dev.ratchet.execution.protocol.Message.FetchChunk;
import dev.ratchet.execution.protocol.Message.FetchFailed;
import dev.ratchet.execution.protocol.Message.FetchHead;
import dev.ratchet.execution.protocol.Message.FetchOpen;
import dev.ratchet.execution.protocol.Message.Field;
import dev.ratchet.execution.protocol.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one attempt of one run: collects them from the worker's frames, keeps their limits, tells the journal,
 * has each answered on a virtual thread and sends the answer back. Thread-safe.
 */
final class RunFetches {
    private static final Logger log = LoggerFactory.getLogger(RunFetches.class);

    private static final int MAX_URL = 64 * 1024;
    private static final int MAX_HEADERS = 1000;
    private static final int MAX_HEADER_CHARACTERS = 256 * 1024;

    private final ExecutionRequest request;
    private final long runId;
    private final Consumer<Message.ToWorker> worker;
    private final Consumer<StopCause> stop;
    private final InstantSource clock;
    private final Map<Integer, Upload> uploads = new HashMap<>();
    private final Map<Integer, Cancellation> underWay = new HashMap<>();
    private int count;
    private int lastId;
    private long bytes;
    private boolean closed;
    private boolean over;
    private boolean unsafeLeft;
    private @Nullable Runnable whenSettled;

    /** A request whose body is still arriving; one without a call was refused and its body is thrown away. */
    private static final class Upload {
        private final @Nullable HttpCall call;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int missing;

        Upload(@Nullable HttpCall call, int bytes) {
            this.call = call;
            this.missing = bytes;
        }
    }

    /**
     * @param worker takes messages for the worker; does nothing once it is gone
     * @param stop stops the run at a limit
     */
    RunFetches(
            ExecutionRequest request,
            long runId,
            Consumer<Message.ToWorker> worker,
            Consumer<StopCause> stop,
            InstantSource clock) {
        this.request = request;
        this.runId = runId;
        this.worker = worker;
        this.stop = stop;
        this.clock = clock;
    }

    /** The task starts a fetch. */
    void open(FetchOpen open) throws ProtocolException {
        RedirectMode redirect = redirectMode(open.redirect());
        Optional<FetchFailed> refusal;
        StopCause exceeded = null;
        synchronized (this) {
            if (open.fetchId() <= lastId) {
                throw new ProtocolException("fetch " + open.fetchId() + " after " + lastId);
            }
            if (open.bodyBytes() < -1) {
                throw new ProtocolException("body of " + open.bodyBytes() + " bytes");
            }
            lastId = open.fetchId();
            count++;
            bytes += Math.max(0, open.bodyBytes());
            if (count > request.limits().fetches()) {
                exceeded = new StopCause.Limit(
                        LimitKind.FETCHES, count, request.limits().fetches());
            } else if (bytes > request.limits().fetchBytes()) {
                exceeded = new StopCause.Limit(
                        LimitKind.FETCH_BYTES, bytes, request.limits().fetchBytes());
            }
            refusal = refusal(open, exceeded);
            if (open.bodyBytes() > 0) {
                HttpCall call = refusal.isPresent() ? null : call(open, redirect, null);
                uploads.put(open.fetchId(), new Upload(call, open.bodyBytes()));
            } else if (refusal.isEmpty()) {
                byte[] body = open.bodyBytes() < 0 ? null : new byte[0];
                start(open.fetchId(), call(open, redirect, body));
            }
        }
        refusal.ifPresent(worker);
        if (exceeded != null) {
            stopRun(exceeded);
        }
    }

    private Optional<FetchFailed> refusal(FetchOpen open, @Nullable StopCause exceeded) {
        if (closed) {
            return Optional.of(failed(open.fetchId(), HttpAnswer.Reason.ABORTED, "the run is being stopped"));
        }
        if (exceeded instanceof StopCause.Limit limit) {
            return Optional.of(failed(
                    open.fetchId(),
                    limit.kind() == LimitKind.FETCHES ? HttpAnswer.Reason.NOT_PERMITTED : HttpAnswer.Reason.TOO_LARGE,
                    exceeded.abortMessage()));
        }
        if (open.url().length() > MAX_URL) {
            return Optional.of(failed(
                    open.fetchId(),
                    HttpAnswer.Reason.BAD_URL,
                    "the URL has " + open.url().length() + " characters; at most " + MAX_URL + " are accepted"));
        }
        long characters = open.headers().stream()
                .mapToLong(field -> (long) field.name().length() + field.value().length())
                .sum();
        if (open.headers().size() > MAX_HEADERS || characters > MAX_HEADER_CHARACTERS) {
            return Optional.of(failed(
                    open.fetchId(),
                    HttpAnswer.Reason.TOO_LARGE,
                    open.headers().size() + " header fields of " + characters + " characters; at most " + MAX_HEADERS
                            + " of " + MAX_HEADER_CHARACTERS + " are accepted"));
        }
        return Optional.empty();
    }

    /** A piece of a request body. */
    synchronized void chunk(FetchChunk chunk) throws ProtocolException {
        Upload upload = uploads.get(chunk.fetchId());
        if (upload == null || chunk.bytes().length > upload.missing || chunk.bytes().length == 0) {
            throw new ProtocolException("body bytes of fetch " + chunk.fetchId() + " that were not announced");
        }
        upload.missing -= chunk.bytes().length;
        if (upload.call != null) {
            upload.body.writeBytes(chunk.bytes());
        }
        if (upload.missing == 0) {
            uploads.remove(chunk.fetchId());
            HttpCall call = upload.call;
            if (call != null && !closed) {
                start(
                        chunk.fetchId(),
                        new HttpCall(
                                call.method(), call.url(), call.headers(), upload.body.toByteArray(), call.redirect()));
            }
        }
    }

    /** The task no longer wants an answer. */
    void aborted(FetchAborted aborted) throws ProtocolException {
        Cancellation cancellation;
        synchronized (this) {
            if (aborted.fetchId() < 1 || aborted.fetchId() > lastId) {
                throw new ProtocolException("abort of fetch " + aborted.fetchId() + ", which was never started");
            }
            Upload upload = uploads.get(aborted.fetchId());
            if (upload != null) {
                // Chunks that are on their way already still have to find their place.
                uploads.put(aborted.fetchId(), new Upload(null, upload.missing));
            }
            cancellation = underWay.get(aborted.fetchId());
        }
        if (cancellation != null) {
            cancellation.cancel();
        }
    }

    /** Refuses further requests and gives up those under way. */
    void close() {
        List<Cancellation> cancellations;
        synchronized (this) {
            closed = true;
            cancellations = List.copyOf(underWay.values());
        }
        cancellations.forEach(Cancellation::cancel);
    }

    /**
     * The worker is gone: unless a request that changes something may have reached its server already, sees to it that
     * none will, and that nothing is sent or stopped any more; {@link #close} is still to come.
     *
     * @return whether nothing that changes something has left
     */
    synchronized boolean disown() {
        if (unsafeLeft) {
            return false;
        }
        closed = true;
        over = true;
        return true;
    }

    /** Closes, and runs {@code action} when the last request under way has its journal entry; true if that is now. */
    boolean settle(Runnable action) {
        close();
        synchronized (this) {
            over = true;
            if (!underWay.isEmpty()) {
                whenSettled = action;
                return false;
            }
        }
        action.run();
        return true;
    }

    private void start(int fetchId, HttpCall call) {
        Cancellation cancellation = new Cancellation();
        underWay.put(fetchId, cancellation);
        Thread.ofVirtual().name("ratchet-fetch-" + runId + "-" + fetchId).start(() -> {
            try {
                answer(fetchId, call, cancellation);
            } finally {
                forget(fetchId);
            }
        });
    }

    private void forget(int fetchId) {
        Runnable action = null;
        synchronized (this) {
            underWay.remove(fetchId);
            if (underWay.isEmpty()) {
                action = whenSettled;
                whenSettled = null;
            }
        }
        if (action != null) {
            action.run();
        }
    }

    private void answer(int fetchId, HttpCall call, Cancellation cancellation) {
        try {
            request.journal().intent(fetchId, call);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("fetchId", fetchId).setCause(e).log("a request could not be journaled");
            send(failed(fetchId, HttpAnswer.Reason.CONNECT, "not sent: its journal entry could not be written"));
            return;
        }
        boolean leaves;
        synchronized (this) {
            leaves = !closed && !cancellation.isCancelled();
            unsafeLeft |= leaves && !call.isSafe();
        }
        FetchReply reply = leaves
                ? reply(fetchId, call, cancellation)
                : FetchReply.of(failure(HttpAnswer.Reason.ABORTED, "given up before it was sent"));
        HttpAnswer answer = reply.answer();
        try {
            request.journal().answered(fetchId, call, answer);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("fetchId", fetchId).setCause(e).log("an answer could not be journaled");
            send(failed(fetchId, HttpAnswer.Reason.CONNECT, "the answer could not be written to the journal"));
            return;
        }
        long delay = reply.virtualDelay().toMillis();
        switch (answer) {
            case HttpAnswer.Response response -> respond(fetchId, response, delay, cancellation);
            case HttpAnswer.Failure failure -> {
                send(new FetchFailed(runId, fetchId, failure.reason().name(), failure.message(), delay));
                tooLarge(failure).ifPresent(this::stopRun);
            }
        }
    }

    private FetchReply reply(int fetchId, HttpCall call, Cancellation cancellation) {
        try {
            return request.fetches().fetch(fetchId, call, cancellation);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("fetchId", fetchId).setCause(e).log("a fetch handler threw");
            return FetchReply.of(failure(HttpAnswer.Reason.CONNECT, "the request failed inside the runner"));
        }
    }

    private HttpAnswer.Failure failure(HttpAnswer.Reason reason, String message) {
        return new HttpAnswer.Failure(reason, message, null, HttpTiming.none(clock.millis()));
    }

    private void respond(int fetchId, HttpAnswer.Response response, long delay, Cancellation cancellation) {
        byte[] body = response.body();
        StopCause exceeded = null;
        synchronized (this) {
            bytes += body.length;
            if (bytes > request.limits().fetchBytes()) {
                exceeded = new StopCause.Limit(
                        LimitKind.FETCH_BYTES, bytes, request.limits().fetchBytes());
            }
        }
        if (exceeded != null) {
            send(failed(fetchId, HttpAnswer.Reason.TOO_LARGE, exceeded.abortMessage()));
            stopRun(exceeded);
            return;
        }
        send(new FetchHead(
                runId,
                fetchId,
                response.status(),
                response.statusText(),
                response.url(),
                response.redirected(),
                response.headers().stream()
                        .map(header -> new Field(header.name(), header.value()))
                        .toList(),
                body.length,
                delay));
        for (int from = 0; from < body.length && !cancellation.isCancelled(); from += Message.MAX_CHUNK_BYTES) {
            int to = Math.min(body.length, from + Message.MAX_CHUNK_BYTES);
            send(new FetchChunk(runId, fetchId, Arrays.copyOfRange(body, from, to)));
        }
    }

    /** A body cut off by the handler because it exceeds what this run had left. */
    private Optional<StopCause> tooLarge(HttpAnswer.Failure failure) {
        Long limit = failure.limit();
        if (failure.reason() != HttpAnswer.Reason.TOO_LARGE || limit == null) {
            return Optional.empty();
        }
        long allowed = request.limits().fetchBytes();
        synchronized (this) {
            return bytes + limit >= allowed
                    ? Optional.of(new StopCause.Limit(LimitKind.FETCH_BYTES, bytes + limit, allowed))
                    : Optional.empty();
        }
    }

    /** A request of a lost attempt must not stop the next one. */
    private void stopRun(StopCause why) {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        stop.accept(why);
    }

    private void send(Message.ToWorker message) {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        worker.accept(message);
    }

    private FetchFailed failed(int fetchId, HttpAnswer.Reason reason, String message) {
        return new FetchFailed(runId, fetchId, reason.name(), message, 0);
    }

    @SuppressWarnings(
            "NullAway") // HttpCall takes null for no body; the checker misses it on an array of another module
    private static HttpCall call(FetchOpen open, RedirectMode redirect, byte @Nullable [] body) {
        return new HttpCall(
                open.method(),
                open.url(),
                open.headers().stream()
                        .map(field -> new HttpHeader(field.name(), field.value()))
                        .toList(),
                body,
                redirect);
    }

    private static RedirectMode redirectMode(String name) throws ProtocolException {
        for (RedirectMode mode : RedirectMode.values()) {
            if (mode.wireName().equals(name)) {
                return mode;
            }
        }
        throw new ProtocolException("redirect mode '" + name + "'");
    }
}
