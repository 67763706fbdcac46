package dev.ratchet.core.common;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be carried out. The message is written for the person who made the request and carries no
 * secret; {@link #problems()} lists the single faults where there are several.
 */
public class RatchetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    @SuppressWarnings("serial") // List.copyOf of a record of strings is serializable
    private final List<Problem> problems;

    public RatchetException(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public RatchetException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    public RatchetException(ErrorCode code, String message, List<Problem> problems) {
        this(code, message, problems, null);
    }

    private RatchetException(ErrorCode code, String message, List<Problem> problems, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.problems = List.copyOf(problems);
    }

    /** The stable name of the error. */
    public ErrorCode code() {
        return code;
    }

    /** The single faults; empty when the message says it all. */
    public List<Problem> problems() {
        return problems;
    }
}
