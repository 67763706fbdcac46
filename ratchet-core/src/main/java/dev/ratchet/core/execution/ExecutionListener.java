package dev.ratchet.core.execution;

/**
 * Hears what a running task says. Calls come from the runner's threads, one at a time per execution, and must return
 * quickly.
 */
public interface ExecutionListener {
    /** Ignores everything. */
    ExecutionListener SILENT = new ExecutionListener() {};

    /** The task logged a line that is within its log limit. */
    default void onLog(LogLine line) {}

    /**
     * The task reported progress.
     *
     * @param fraction 0 to 1
     * @param message may be empty
     */
    default void onProgress(double fraction, String message) {}

    /** A further attempt starts because an earlier one was lost through no fault of the task. */
    default void onAttempt(int attempt, String reason) {}
}
