package dev.ratchet.execution;

import java.time.Duration;

/**
 * The time in which a pool makes do with the interpreter because no worker with the optimising compiler became ready: why,
 * and when the compiler is tried again. Guarded by the roster's lock.
 */
final class CompilerFallback {
    private static final int LONGEST_PAUSE = 64;

    private final long firstPauseNanos;
    private String reason = "";
    private boolean active;
    private boolean trying;
    private int failures;
    private long nextTrialAt;

    /** @param startTimeout how long a worker may take to start; the first pause is twice that, and doubles each time */
    CompilerFallback(Duration startTimeout) {
        this.firstPauseNanos = startTimeout.multipliedBy(2).toNanos();
    }

    boolean isActive() {
        return active;
    }

    /** Why workers with the compiler do not start, as of the latest failure. */
    String reason() {
        return reason;
    }

    /** A worker with the compiler did not start. */
    void failed(String why, long now) {
        active = true;
        trying = false;
        reason = why;
        nextTrialAt = now + firstPauseNanos * Math.min(LONGEST_PAUSE, 1 << Math.min(failures, 16));
        failures++;
    }

    /** Begins a trial if it is time for one. */
    boolean tryNow(long now) {
        if (!active || trying || now - nextTrialAt < 0) {
            return false;
        }
        trying = true;
        return true;
    }

    /** When the next trial is due; {@link Long#MAX_VALUE} for never, or while one is under way. */
    long due() {
        return active && !trying ? nextTrialAt : Long.MAX_VALUE;
    }

    /** A worker with the compiler is ready. */
    void over() {
        active = false;
        trying = false;
        failures = 0;
    }
}
