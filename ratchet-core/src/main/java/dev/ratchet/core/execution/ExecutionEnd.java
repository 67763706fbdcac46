package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.id.ExecutionId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How an execution ended, as it is stored.
 *
 * @param kind which way
 * @param output the result; present exactly with {@link OutcomeKind#SUCCEEDED}
 * @param error what it died of; present exactly otherwise
 * @param wallTime from its start to its end
 * @param cpuTime processor time of the task
 * @param httpRequests requests the task made
 * @param droppedLogBytes log text over the limit
 * @param cachedFrom the earlier execution whose result this is, where the task did not run
 */
public record ExecutionEnd(
        OutcomeKind kind,
        Optional<JsonText> output,
        Optional<ExecutionError> error,
        Duration wallTime,
        Duration cpuTime,
        int httpRequests,
        long droppedLogBytes,
        Optional<ExecutionId> cachedFrom) {
    public ExecutionEnd {
        Objects.requireNonNull(kind, "kind");
        boolean succeeded = kind == OutcomeKind.SUCCEEDED;
        if (output.isPresent() != succeeded || error.isPresent() == succeeded) {
            throw new IllegalArgumentException(kind + " with output " + output.isPresent() + ", error " + error);
        }
    }
}
