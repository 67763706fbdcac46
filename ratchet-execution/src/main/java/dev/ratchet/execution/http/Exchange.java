package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request under way, redirects included: what can end it from outside, how long it may still take, and where its
 * time went. {@link #stop} may come from any thread and takes effect on whatever the request waits for at that moment:
 * every wait registers what breaks it, and registering after the stop fails. The timing belongs to the requesting
 * thread.
 */
final class Exchange {
    /** The exchange of the current thread, for the connection factory, which is called from inside the library. */
    static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

    /** Who ended it. */
    enum Stop {
        CALLER,
        DEADLINE,
        GATE_CLOSED
    }

    /** The request was stopped; {@link #stopped()} says by whom. */
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped", null, false, false);
        }
    }

    private final long startedEpochMillis;
    private final long deadlineNanos;
    private final List<Runnable> breakers = new ArrayList<>();
    private @Nullable Stop stopped;

    private double dns = -1;
    private double connect = -1;
    private double tls = -1;
    private double send;
    private double await;
    private double receive;
    private boolean handshaking;

    Exchange(long startedEpochMillis, Duration timeout) {
        this.startedEpochMillis = startedEpochMillis;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    /** Ends the request; the first to call decides the reason. Quick, never throws. */
    synchronized void stop(Stop why) {
        if (stopped == null) {
            stopped = why;
            // Under the lock, so that a connection cannot go back to the pool, and to its next user, before it closes.
            breakers.forEach(Runnable::run);
            breakers.clear();
        }
    }

    /** Who ended it, null while nobody has. */
    synchronized @Nullable Stop stopped() {
        return stopped;
    }

    /** Runs {@code breaker}, which must be quick and not throw, should the request be stopped from here on. */
    synchronized void breakWith(Runnable breaker) throws StoppedException {
        if (stopped != null) {
            throw new StoppedException();
        }
        breakers.add(breaker);
    }

    /** Takes back every breaker, so that what they break can go to others. */
    synchronized void release() {
        breakers.clear();
    }

    /** Time left, at least 1 ms: zero means forever to sockets, and the deadline itself stops the exchange. */
    long remainingMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
    }

    long remainingNanos() {
        return Math.max(0, deadlineNanos - System.nanoTime());
    }

    void addDns(long sinceNanos) {
        dns = Math.max(0, dns) + millisSince(sinceNanos);
    }

    void addConnect(long sinceNanos) {
        connect = Math.max(0, connect) + millisSince(sinceNanos);
    }

    void addTls(long sinceNanos) {
        tls = Math.max(0, tls) + millisSince(sinceNanos);
    }

    void addSend(long nanos) {
        send += nanos / 1e6;
    }

    void addAwait(long nanos) {
        await += nanos / 1e6;
    }

    void addReceive(long sinceNanos) {
        receive += millisSince(sinceNanos);
    }

    /** Whether the connection being made is past TCP; only errors of a handshake are errors of TLS. */
    boolean handshaking() {
        return handshaking;
    }

    void handshaking(boolean now) {
        handshaking = now;
    }

    HttpTiming timing() {
        return new HttpTiming(startedEpochMillis, dns, connect, tls, send, await, receive);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
