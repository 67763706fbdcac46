package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import java.util.Objects;
import java.util.Optional;

/**
 * What an execution died of.
 *
 * @param type name of the error: the class of what the task threw, or the outcome's own name such as
 *     {@code LimitExceeded}
 * @param message for the task's author; secrets masked
 * @param details what else is known, a JSON object: {@code stack}, {@code properties}, {@code problems},
 *     {@code limit}, {@code used}, {@code allowed}
 */
public record ExecutionError(String type, String message, Optional<JsonText> details) {
    /** Longest message kept. */
    public static final int MAX_MESSAGE = 10_000;

    public ExecutionError {
        Objects.requireNonNull(type, "type");
        message = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
    }
}
