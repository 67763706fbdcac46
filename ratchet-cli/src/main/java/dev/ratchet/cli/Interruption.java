package dev.ratchet.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns Ctrl-C and a termination signal into an orderly end: the work under way is asked to stop and has a little time to
 * show how it ended, then everything is closed, and the process ends. The JVM itself gives the exit code (128 and the
 * signal's number).
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final Thread hook;
    private volatile @Nullable Work work;
    private volatile boolean interrupted;

    /** @param closing closes everything, and waits if somebody else is at it already */
    Interruption(Runnable closing) {
        this.hook = Thread.ofPlatform().name("interruption").unstarted(() -> {
            interrupted = true;
            Work current = work;
            if (current != null) {
                current.stop();
            }
            closing.run();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process has been asked to end. */
    boolean interrupted() {
        return interrupted;
    }

    /**
     * Work that begins now and lasts until what is returned is closed.
     *
     * @param stop asks it to stop and returns at once
     */
    Work during(Runnable stop) {
        Work begun = new Work(stop);
        work = begun;
        return begun;
    }

    @Override
    public void close() {
        if (!interrupted) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process began to end in this very moment; the hook finds everything closed.
                interrupted = true;
            }
        }
    }

    /** Something that can be stopped, until it is closed. */
    static final class Work implements AutoCloseable {
        private final CountDownLatch done = new CountDownLatch(1);
        private final Runnable stop;

        private Work(Runnable stop) {
            this.stop = stop;
        }

        private void stop() {
            if (done.getCount() == 0) {
                return;
            }
            stop.run();
            try {
                var _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            done.countDown();
        }
    }
}
