package dev.ratchet.core.execution;

import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;

/** How a stored execution ended: the cases of {@link ExecutionOutcome}, and the one that only a server knows. */
public enum OutcomeKind {
    SUCCEEDED(ExecutionStatus.COMPLETED),
    TASK_FAILED(ExecutionStatus.FAILED),
    INVALID_OUTPUT(ExecutionStatus.FAILED),
    INVALID_INPUT(ExecutionStatus.FAILED),
    INVALID_PACKAGE(ExecutionStatus.FAILED),
    LIMIT_EXCEEDED(ExecutionStatus.FAILED),
    WORKER_CRASHED(ExecutionStatus.FAILED),
    CANCELLED(ExecutionStatus.CANCELLED),
    /** The server that ran it died, or lost its lease; how far the task came is not known. */
    LOST(ExecutionStatus.FAILED);

    private final ExecutionStatus status;

    OutcomeKind(ExecutionStatus status) {
        this.status = status;
    }

    /** The status of an execution that ended so. */
    public ExecutionStatus status() {
        return status;
    }

    /** The kind of an outcome. */
    public static OutcomeKind of(ExecutionOutcome outcome) {
        return switch (outcome) {
            case Succeeded _ -> SUCCEEDED;
            case TaskFailed _ -> TASK_FAILED;
            case InvalidOutput _ -> INVALID_OUTPUT;
            case InvalidInput _ -> INVALID_INPUT;
            case InvalidPackage _ -> INVALID_PACKAGE;
            case LimitExceeded _ -> LIMIT_EXCEEDED;
            case WorkerCrashed _ -> WORKER_CRASHED;
            case Cancelled _ -> CANCELLED;
        };
    }
}
