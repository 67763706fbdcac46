package dev.ratchet.core.job;

import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.FailureDetails.RetryHints;
import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Whether an ended attempt is followed by another, and after how long: the table of {@code docs/errors.md}. Pure.
 */
public final class RetryRules {
    /** Typed errors that the same input will cause again. */
    private static final Set<String> PERMANENT_ERRORS = Set.of(
            "AuthenticationError",
            "AuthorizationError",
            "ConfigurationError",
            "DataError",
            "NotFoundError",
            "ReferenceError",
            "SyntaxError",
            "ValidationError");

    /** Answers worth asking for again: RFC 9110 (408), RFC 8470 (425), RFC 6585 (429). */
    private static final Set<Integer> TRANSIENT_CLIENT_STATUSES = Set.of(408, 425, 429);

    private static final Duration AFTER_SECOND_LOSS = Duration.ofSeconds(1);

    private RetryRules() {}

    /**
     * An attempt that did not succeed.
     *
     * @param outcome how it ended; empty when it was lost with its server, or its end was remembered from another run
     * @param losses attempts lost with their servers in a row, this one included; 0 when it was not lost
     * @param retries retries made before it
     * @param unsettledRequest whether it sent an unsafe request of which no answer is known
     * @param hints what the task told about trying again
     */
    public record Failure(
            Optional<ExecutionOutcome> outcome, int losses, int retries, boolean unsettledRequest, RetryHints hints) {}

    /** Time until the next attempt; empty when there is none. */
    public static Optional<Duration> delay(RetryPolicy policy, Failure failure, RandomGenerator random) {
        if (failure.retries() >= policy.maxRetries() || !isTransient(failure)) {
            return Optional.empty();
        }
        if (wasCutOff(failure) && failure.unsettledRequest() && !policy.retryUnsafe()) {
            return Optional.empty();
        }
        if (failure.losses() > 0) {
            return Optional.of(afterLoss(policy, failure.losses()));
        }
        Duration planned = backoff(policy, failure.retries(), random);
        // The other side knows better, within what the policy calls bearable.
        Duration asked = failure.hints().retryAfter().orElse(Duration.ZERO);
        if (asked.compareTo(policy.maxDelay()) > 0) {
            asked = policy.maxDelay();
        }
        return Optional.of(asked.compareTo(planned) > 0 ? asked : planned);
    }

    private static boolean isTransient(Failure failure) {
        return failure.outcome()
                .map(outcome -> switch (outcome) {
                    case TaskFailed failed -> isTransient(failed.type(), failure.hints());
                    case Succeeded _, Cancelled _, InvalidInput _, InvalidOutput _, InvalidPackage _ -> false;
                    case LimitExceeded _, WorkerCrashed _ -> outcome.retryable();
                })
                .orElse(true);
    }

    private static boolean isTransient(String type, RetryHints hints) {
        if (type.equals("HttpError")) {
            return hints.httpStatus()
                    .map(status -> status >= 500 || TRANSIENT_CLIENT_STATUSES.contains(status))
                    .orElse(true);
        }
        return !PERMANENT_ERRORS.contains(type);
    }

    /** Whether the task was stopped in the middle, when a request of it may have been under way. */
    private static boolean wasCutOff(Failure failure) {
        return failure.outcome()
                .map(outcome -> outcome instanceof WorkerCrashed || outcome instanceof LimitExceeded)
                .orElse(true);
    }

    /**
     * A server that ended says nothing about the task, so it is tried again at once; one that ends servers time and again
     * must not end them all without a rest.
     */
    private static Duration afterLoss(RetryPolicy policy, int losses) {
        if (losses == 1) {
            return Duration.ZERO;
        }
        Duration doubled = AFTER_SECOND_LOSS.multipliedBy(1L << Math.min(losses - 2, 30));
        return doubled.compareTo(policy.maxDelay()) < 0 ? doubled : policy.maxDelay();
    }

    /** With jitter a value between half and all of the full delay ("equal jitter"), so that retries spread out. */
    private static Duration backoff(RetryPolicy policy, int retries, RandomGenerator random) {
        long initial = policy.initialDelay().toMillis();
        long longest = policy.maxDelay().toMillis();
        long full =
                switch (policy.backoff()) {
                    case FIXED -> initial;
                    // 2^40 ms is more than 34 years: past every bound, and no overflow.
                    case EXPONENTIAL -> initial > (longest >> Math.min(retries, 40)) ? longest : initial << retries;
                };
        long bounded = Math.min(full, longest);
        return Duration.ofMillis(
                policy.jitter() && bounded > 1 ? bounded / 2 + random.nextLong(bounded / 2 + 1) : bounded);
    }
}
