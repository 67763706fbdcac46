package dev.ratchet.execution.worker;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A thread that runs tasks, one at a time. Whoever submits a job names it after the job, so that the parent
 * finds it among the process's threads and can read its processor time.
 */
final class GuestThread {
    /** Deep enough for the recursion JavaScript authors are used to; beyond it a task gets a {@code RangeError}. */
    private static final long STACK_BYTES = 4L * 1024 * 1024;

    /** After this long without a job there is time for more than the next job's preparation. */
    private static final long IDLE_MILLIS = 100;

    private final LinkedBlockingQueue<Runnable> jobs = new LinkedBlockingQueue<>(1);
    private final Runnable afterJob;
    private final BooleanSupplier idleWork;

    /**
     * @param number which of the process's guest threads this is, from 1
     * @param afterJob called after each job
     * @param idleWork called while there is no job, until it returns false: there is nothing left to do
     * @param onFailure told of whatever a job throws; the thread is of no further use
     */
    GuestThread(int number, Runnable afterJob, BooleanSupplier idleWork, Consumer<Throwable> onFailure) {
        this.afterJob = afterJob;
        this.idleWork = idleWork;
        Thread thread = new Thread(null, this::loop, "guest-" + number, STACK_BYTES, false);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((_, failure) -> onFailure.accept(failure));
        thread.start();
    }

    /** Runs {@code job} next; only for an idle thread. */
    void submit(Runnable job) {
        jobs.add(job);
    }

    private void loop() {
        boolean moreToDo = true;
        while (true) {
            try {
                Runnable job = moreToDo ? jobs.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : jobs.take();
                if (job == null) {
                    moreToDo = idleWork.getAsBoolean();
                } else {
                    job.run();
                    afterJob.run();
                }
            } catch (InterruptedException e) {
                // Left over from an engine that stopped the last run by force; the thread itself is never told to end.
                moreToDo = false;
            }
        }
    }
}
