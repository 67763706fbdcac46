package dev.ratchet.core.common;

/**
 * Stable name of everything that can go wrong, shared by every edge. An edge maps the {@link Category} once (HTTP
 * status, GraphQL error type, JSON-RPC code, exit code) and shows the name as it stands here; names are never reused.
 */
public enum ErrorCode {
    /** A command line, request or setting that cannot be understood. */
    BAD_REQUEST(Category.INVALID),
    /** A value that was understood and breaks a rule, such as an input against its schema. */
    VALIDATION_ERROR(Category.INVALID),
    /** A task package with at least one problem. */
    INVALID_PACKAGE(Category.INVALID),
    /** The named thing does not exist. */
    NOT_FOUND(Category.NOT_FOUND),
    /** The thing exists already or is not in a state that allows this. */
    CONFLICT(Category.CONFLICT),
    /** The thing has changed since the caller looked at it. */
    PRECONDITION_FAILED(Category.CONFLICT),
    /** An idempotency key was used before, for another request. */
    IDEMPOTENCY_MISMATCH(Category.INVALID),
    /** What was sent is larger than what is taken. */
    PAYLOAD_TOO_LARGE(Category.INVALID),
    /** More than is allowed or than there is room for; later there will be. */
    RATE_LIMITED(Category.EXHAUSTED),
    /** Something did not end within its time. */
    TIMEOUT(Category.UNAVAILABLE),
    /** The database, or the program as a whole, cannot serve at the moment. */
    SERVICE_UNAVAILABLE(Category.UNAVAILABLE),
    /** A worker could not be started, or kept failing. */
    WORKER_UNAVAILABLE(Category.UNAVAILABLE),
    /** A file or stream could not be read or written. */
    IO_ERROR(Category.UNAVAILABLE),
    /** A broken promise of the program itself. */
    INTERNAL_ERROR(Category.INTERNAL);

    /** What kind of answer an error calls for; the part edges translate. */
    public enum Category {
        /** The caller must change what was sent. */
        INVALID,
        /** The caller named something absent. */
        NOT_FOUND,
        /** The caller must look at the current state first. */
        CONFLICT,
        /** A limit of the caller or of the program was reached. */
        EXHAUSTED,
        /** Nothing is wrong with the request; trying later may work. */
        UNAVAILABLE,
        /** A defect. */
        INTERNAL
    }

    private final Category category;

    ErrorCode(Category category) {
        this.category = category;
    }

    /** The category edges translate. */
    public Category category() {
        return category;
    }
}
