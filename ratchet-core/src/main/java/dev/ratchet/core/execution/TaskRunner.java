package dev.ratchet.core.execution;

import dev.ratchet.core.task.CodeInspector;
import java.util.concurrent.CompletableFuture;

/** Port to whatever runs task code in isolation. Thread-safe. */
public interface TaskRunner extends CodeInspector {
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
}
