package dev.ratchet.execution.worker;

import org.jspecify.annotations.Nullable;

/**
 * A run's surroundings. All methods are called on the run's thread, and each may throw {@link RunStopped} once the run
 * is terminated.
 */
interface RunHost {
    /** Waits as long as it takes. */
    long FOREVER = Long.MAX_VALUE;

    /** Passes on a request; its {@link RunEvent.Answered} comes later. */
    void fetchOpen(int id, FetchInit init);

    /** The answer of a request is no longer wanted; an answer already under way may still come. */
    void fetchAborted(int id);

    /**
     * Passes on a line of text.
     *
     * @param level 0 (trace) to 4 (error)
     */
    void log(int level, long epochMillis, String message);

    /** Passes on a report of progress. */
    void progress(double fraction, String message);

    /**
     * The next event.
     *
     * @param nanos longest wait: 0 for none, {@link #FOREVER} for no limit
     * @return null when none came in time
     */
    @Nullable
    RunEvent next(long nanos);
}
