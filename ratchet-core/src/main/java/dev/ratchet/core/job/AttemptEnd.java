package dev.ratchet.core.job;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.id.ExecutionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The end of an attempt and everything that follows from it; stored at once or not at all.
 *
 * @param claim the right to say so
 * @param end how the execution ended
 * @param endedAt when
 * @param then what becomes of the job
 * @param firstLogLine number of the first line in {@code log}, counted from 0 over the whole execution
 * @param log lines that are not stored yet
 * @param recording what a replay needs, where it is to be kept
 * @param deliveries results to be brought somewhere once the job ends with this attempt: {@code then} is final, or
 *     somebody wanted it cancelled meanwhile
 * @param progress what the task said last of how far it is, where that is not stored yet
 */
public record AttemptEnd(
        Claim claim,
        ExecutionEnd end,
        Instant endedAt,
        Then then,
        long firstLogLine,
        List<LogLine> log,
        Optional<JsonText> recording,
        List<NewDelivery> deliveries,
        Optional<Progress> progress) {
    /**
     * How far a task says it is.
     *
     * @param fraction 0 to 1
     */
    public record Progress(double fraction, String message) {}

    /** What becomes of the job. */
    public sealed interface Then {
        /** It has ended: COMPLETED, FAILED or CANCELLED. */
        record Done(JobStatus status) implements Then {
            public Done {
                if (!status.isTerminal()) {
                    throw new IllegalArgumentException(status + " is not an end");
                }
            }
        }

        /** It is tried again: RETRYING until {@code dueAt}, with a new PENDING execution. */
        record Again(Instant dueAt, ExecutionId next) implements Then {}

        /**
         * It goes back to the queue, QUEUED and due at once, with a new PENDING execution; this attempt does not count
         * as a retry, since it was the server that ended it.
         */
        record HandedBack(ExecutionId next) implements Then {}
    }

    public AttemptEnd {
        Objects.requireNonNull(claim, "claim");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(then, "then");
        log = List.copyOf(log);
        deliveries = List.copyOf(deliveries);
    }
}
