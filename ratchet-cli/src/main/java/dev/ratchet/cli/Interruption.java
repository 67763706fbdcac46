package dev.ratchet.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and a termination signal into an orderly end: the action asks the work to stop, and the process waits a
 * little for {@link #close()} before it ends. The JVM itself gives the exit code (128 and the signal's number). What has
 * to be tidied up is opened after this, and so closed before it.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;
    private static final long SOON_MILLIS = 250;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean interrupted;

    /** @param action asks the work to stop and returns at once; also called when the process is asked to end */
    Interruption(Runnable action) {
        this.hook = Thread.ofPlatform().name("interruption").unstarted(() -> {
            interrupted = true;
            begun.countDown();
            action.run();
            try {
                var _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process has been asked to end. */
    boolean interrupted() {
        return interrupted;
    }

    /**
     * Whether the process is asked to end, now or within a moment: Ctrl-C reaches every process of a terminal at once, and
     * the death of another one may be noticed first.
     */
    boolean interruptedSoon() {
        try {
            return begun.await(SOON_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted;
        }
    }

    @Override
    public void close() {
        done.countDown();
        if (!interrupted) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process began to end in this very moment; the hook finds the work done.
                interrupted = true;
            }
        }
    }
}
