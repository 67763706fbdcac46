package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.FailureDetails;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Failures in the form a server stores: the outcome's JSON of a recording, without what has a column of its own. */
public final class StoredFailures implements FailureDetails {
    private final InstantSource clock;

    /**
     * @param clock against which a date in {@code retryAfter} is counted
     */
    public StoredFailures(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public ExecutionError describe(ExecutionOutcome outcome) {
        ObjectNode tree = RecordingJson.outcome(outcome);
        tree.remove("status");
        tree.remove("type");
        tree.remove("message");
        return new ExecutionError(
                Outcomes.name(outcome),
                Outcomes.message(outcome),
                tree.isEmpty() ? Optional.empty() : Optional.of(new JsonText(Json.write(tree))));
    }

    @Override
    public RetryHints hints(ExecutionOutcome outcome) {
        if (!(outcome instanceof TaskFailed failed) || failed.details() == null) {
            return RetryHints.NONE;
        }
        JsonNode details = Json.parse("details", failed.details());
        JsonNode status = details.path("status");
        boolean isHttp = status.isIntegralNumber() && status.intValue() >= 100 && status.intValue() <= 599;
        return new RetryHints(
                isHttp ? Optional.of(status.intValue()) : Optional.empty(), retryAfter(details.path("retryAfter")));
    }

    private Optional<Duration> retryAfter(JsonNode value) {
        if (value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() < Integer.MAX_VALUE) {
            return Optional.of(Duration.ofMillis(Math.round(value.doubleValue() * 1000)));
        }
        if (!value.isString()) {
            return Optional.empty();
        }
        String text = value.stringValue().strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), until);
            return wait.isPositive() ? Optional.of(wait) : Optional.empty();
        } catch (DateTimeException e) {
            // Whatever the task meant, it is not a time to wait.
            return Optional.empty();
        }
    }
}
