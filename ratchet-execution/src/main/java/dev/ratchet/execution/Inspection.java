package dev.ratchet.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.execution.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A look at a package's code that stops before its function. */
final class Inspection extends Assignment {
    /** How much longer than the time of the processor it may take until it is given up, on a machine that is busy. */
    private static final int PATIENCE = 6;

    private final CompletableFuture<List<Problem>> result = new CompletableFuture<>();

    /** @param timeout most time of the processor for the top level of the code */
    Inspection(ContentHash hash, TaskCode code, long memoryBytes, Duration timeout, WorkerPoolSettings.Graces graces) {
        // No owner shares with it: nobody knows yet whose code this is.
        super(hash, code, "inspection of " + hash.hex(), memoryBytes, timeout.multipliedBy(PATIENCE), timeout, graces);
    }

    CompletableFuture<List<Problem>> result() {
        return result;
    }

    void inspected(Message.Inspected inspected) {
        StopCause why = cause();
        if (why != null) {
            stopped(why);
        } else {
            complete(Run.problems(inspected.faults(), SecretMask.NONE));
        }
    }

    @Override
    Message.ToWorker order(long id, int attempt) {
        return new Message.Inspect(id, hash().hex());
    }

    @Override
    void attemptBegins(Worker at, long id) {
        // Nothing to prepare.
    }

    @Override
    void announced(int attempt) {
        // Nobody listens.
    }

    @Override
    Runnable attemptLost() {
        return () -> {};
    }

    @Override
    void stopping() {
        // Nothing leaves on its behalf.
    }

    @Override
    void tick(long now) {
        // It says nothing.
    }

    @Override
    boolean abandon() {
        return true;
    }

    @Override
    void lost(@Nullable StopCause why, String crash, long now) {
        if (why != null) {
            stopped(why);
        } else {
            unavailable("the code could not be looked at: " + crash);
        }
    }

    @Override
    void unavailable(String message) {
        if (over()) {
            result.completeExceptionally(new RatchetException(ErrorCode.WORKER_UNAVAILABLE, message));
        }
    }

    private void complete(List<Problem> problems) {
        if (over()) {
            result.complete(problems);
        }
    }

    private void stopped(StopCause why) {
        switch (why) {
            case StopCause.Limit limit
            when limit.kind() == LimitKind.MEMORY ->
                fault("the top level of the code needs more than the " + limit.allowed() + " bytes of memory allowed;"
                        + " move work into the task's function");
            case StopCause.Limit limit
            when limit.kind() == LimitKind.CPU_TIME ->
                fault("the top level of the code ran for more than " + limit.allowed() + " ms;"
                        + " move work into the task's function");
            // Time that passed without being used says more about the machine than about the code.
            case StopCause.Limit limit ->
                unavailable("the code could not be looked at within " + limit.allowed()
                        + " ms: the machine is too busy, or the top level of the code waits for something");
            case StopCause.CancelledBy cancelled -> fault("the inspection was given up: " + cancelled.reason());
        }
    }

    private void fault(String message) {
        complete(List.of(Problem.of(code().entry(), message)));
    }
}
