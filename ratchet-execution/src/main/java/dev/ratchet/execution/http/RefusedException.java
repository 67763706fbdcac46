package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpAnswer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ends a request that gets no response; becomes a {@link HttpAnswer.Failure} at the gate and never leaves it. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final HttpAnswer.Reason reason;
    private final String text;
    private final @Nullable Long limit;

    RefusedException(HttpAnswer.Reason reason, String text) {
        this(reason, text, null);
    }

    private RefusedException(HttpAnswer.Reason reason, String text, @Nullable Long limit) {
        // Control flow: nobody looks at where it was thrown.
        super(text, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.text = text;
        this.limit = limit;
    }

    static RefusedException tooLarge(String text, long limit) {
        return new RefusedException(HttpAnswer.Reason.TOO_LARGE, text, limit);
    }

    HttpAnswer.Reason reason() {
        return reason;
    }

    String text() {
        return text;
    }

    @Nullable
    Long limit() {
        return limit;
    }
}
