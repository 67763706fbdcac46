package dev.ratchet.execution.schema;

import com.networknt.schema.SchemaException;

/** Ends a check early; a {@link SchemaException} because the library passes those through untouched and unlogged. */
final class CheckStopped extends SchemaException {
    private static final long serialVersionUID = 1L;

    CheckStopped(String message) {
        super(message);
    }

    /** Control flow only: where it was thrown is of no interest. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
