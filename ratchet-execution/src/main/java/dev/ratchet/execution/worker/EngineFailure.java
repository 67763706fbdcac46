package dev.ratchet.execution.worker;

/** The engine itself broke; the process cannot be trusted with another run. */
final class EngineFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
