package dev.ratchet.execution.worker;

import org.jspecify.annotations.Nullable;

/** The engine itself broke; the process cannot be trusted with another run. */
final class EngineFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
