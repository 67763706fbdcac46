package dev.ratchet.execution;

import java.time.Duration;
import java.util.OptionalInt;

/** A worker as the operating system sees it. Thread-safe. */
interface WorkerProcess {
    long pid();

    /** Kills it at once; nothing happens when it is gone. */
    void kill();

    /**
     * Waits for its end.
     *
     * @return its exit code, 128 plus the number of the signal where one ended it; empty when it still lives
     */
    OptionalInt awaitExit(Duration atMost) throws InterruptedException;

    /** Runs {@code action} on some thread once it has ended. */
    void onExit(Runnable action);

    /** The last it wrote to standard output and standard error. */
    String lastOutput();
}
