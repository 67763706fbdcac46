package dev.ratchet.api;

import dev.ratchet.core.common.ErrorCode;
import java.util.Arrays;
import java.util.Locale;

/**
 * Stable names of what can go wrong with a request, with the HTTP status each has: the names of {@link ErrorCode}, and
 * those of faults that only HTTP knows.
 */
public enum ProblemCode {
    BAD_REQUEST(400, "The request cannot be understood"),
    VALIDATION_ERROR(400, "A value breaks a rule"),
    INVALID_PACKAGE(400, "The task has faults"),
    FORBIDDEN(403, "The request is not permitted"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "The method is not offered here"),
    NOT_ACCEPTABLE(406, "No accepted form can be given"),
    TIMEOUT(408, "It did not end within its time"),
    CONFLICT(409, "The state does not allow it"),
    PRECONDITION_FAILED(412, "It has changed meanwhile"),
    PAYLOAD_TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The form of the body is not understood"),
    IDEMPOTENCY_MISMATCH(422, "The idempotency key belongs to another request"),
    RATE_LIMITED(429, "There is no room for it now"),
    HEADERS_TOO_LARGE(431, "The header is too large"),
    INTERNAL_ERROR(500, "The server has a defect"),
    NOT_IMPLEMENTED(501, "The method is not known"),
    SERVICE_UNAVAILABLE(503, "The server cannot serve now"),
    WORKER_UNAVAILABLE(503, "No worker can run it now"),
    IO_ERROR(503, "The server could not read or write");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What it says in general; the same for every occurrence. */
    public String title() {
        return title;
    }

    /** Identifies the kind of problem (RFC 9457). */
    public String type() {
        return "urn:ratchet:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a status says by itself; one that has no name of its own is a defect from 500 on, else a bad request. */
    public static ProblemCode ofStatus(int status) {
        return Arrays.stream(values())
                .filter(code -> code.status == status)
                .findFirst()
                .orElse(status >= 500 ? INTERNAL_ERROR : BAD_REQUEST);
    }

    /** The name of an error of a use case. */
    public static ProblemCode of(ErrorCode code) {
        return switch (code) {
            case BAD_REQUEST -> BAD_REQUEST;
            case VALIDATION_ERROR -> VALIDATION_ERROR;
            case INVALID_PACKAGE -> INVALID_PACKAGE;
            case NOT_FOUND -> NOT_FOUND;
            case CONFLICT -> CONFLICT;
            case PRECONDITION_FAILED -> PRECONDITION_FAILED;
            case IDEMPOTENCY_MISMATCH -> IDEMPOTENCY_MISMATCH;
            case PAYLOAD_TOO_LARGE -> PAYLOAD_TOO_LARGE;
            case RATE_LIMITED -> RATE_LIMITED;
            case TIMEOUT -> TIMEOUT;
            case SERVICE_UNAVAILABLE -> SERVICE_UNAVAILABLE;
            case WORKER_UNAVAILABLE -> WORKER_UNAVAILABLE;
            case IO_ERROR -> IO_ERROR;
            case INTERNAL_ERROR -> INTERNAL_ERROR;
        };
    }
}
