package dev.ratchet.core.execution;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Port to whatever runs task code in isolation. Thread-safe. */
public interface TaskRunner {
    /** A run under way. */
    interface Running {
        /**
         * Completes normally with the result whatever happens to the task or its worker; exceptionally only with a
         * {@link dev.ratchet.core.common.RatchetException} when no worker could be had. Completes on a thread that other
         * runs depend on: what is chained to it must be quick and must not wait, so store results in an {@code Async}
         * stage with an executor of your own.
         */
        CompletableFuture<ExecutionResult> result();

        /** Asks the run to stop: abort signal, grace, then force. The result becomes {@code Cancelled}. */
        void cancel(String reason);
    }

    /** Starts a run as soon as a worker is free. */
    Running start(ExecutionRequest request);

    /**
     * Checks in a worker that the code parses and has a callable entry, running the file's top level but not its
     * function.
     *
     * @return empty when it does; otherwise problems with the task's file, line and column
     */
    CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code);
}
