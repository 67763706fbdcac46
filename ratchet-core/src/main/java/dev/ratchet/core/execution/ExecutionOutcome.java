package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one execution ended: a closed set, one row each in the table of exit codes and retryability of
 * {@code docs/errors.md}.
 */
public sealed interface ExecutionOutcome {
    /** The task returned a value that satisfies its output schema. */
    record Succeeded(JsonText output) implements ExecutionOutcome {}

    /**
     * The task threw.
     *
     * @param type name of the error's class, such as {@code TypeError} or {@code RateLimitError}
     * @param message the error's message, secrets masked
     * @param stack the task's own frames as {@code at function (file:line:column)}, one a line; empty when what was
     *     thrown has none
     * @param details own enumerable properties of the error (such as {@code status}) as a JSON object, or null
     */
    record TaskFailed(
            String type,
            String message,
            String stack,
            @Nullable JsonText details) implements ExecutionOutcome {}

    /** The task returned something that is no JSON value or does not satisfy the output schema. */
    record InvalidOutput(List<Problem> problems) implements ExecutionOutcome {
        public InvalidOutput {
            problems = List.copyOf(problems);
        }
    }

    /** The input does not satisfy the input schema; the task did not run. */
    record InvalidInput(List<Problem> problems) implements ExecutionOutcome {
        public InvalidInput {
            problems = List.copyOf(problems);
        }
    }

    /** The code does not parse, has no callable entry or a schema is faulty; the task did not run. */
    record InvalidPackage(List<Problem> problems) implements ExecutionOutcome {
        public InvalidPackage {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The task was stopped at a limit.
     *
     * @param used what it had used when it was stopped, in the unit of {@code limit}; at least {@code allowed}, except
     *     for memory, where the engine refuses the allocation that would exceed it
     * @param allowed the limit in force
     */
    record LimitExceeded(LimitKind limit, long used, long allowed) implements ExecutionOutcome {}

    /** The worker process died, or broke its protocol, for no reason that can be laid at the task's door. */
    record WorkerCrashed(String detail) implements ExecutionOutcome {}

    /** Somebody asked for the run to stop. */
    record Cancelled(String reason) implements ExecutionOutcome {}

    /** What came out, for the command line: see {@code docs/errors.md}. */
    default int exitCode() {
        return switch (this) {
            case Succeeded _ -> 0;
            case TaskFailed _ -> 1;
            case InvalidOutput _ -> 1;
            case InvalidInput _ -> 2;
            case InvalidPackage _ -> 2;
            case LimitExceeded _ -> 3;
            case WorkerCrashed _ -> 4;
            case Cancelled _ -> 130;
        };
    }

    /** Whether running the same input on the same version again may end differently without anybody mending anything. */
    default boolean retryable() {
        return switch (this) {
            case Succeeded _ -> false;
            case TaskFailed _ -> true;
            case InvalidOutput _ -> false;
            case InvalidInput _ -> false;
            case InvalidPackage _ -> false;
            case LimitExceeded l -> l.limit() == LimitKind.WALL_TIME;
            case WorkerCrashed _ -> true;
            case Cancelled _ -> false;
        };
    }
}
