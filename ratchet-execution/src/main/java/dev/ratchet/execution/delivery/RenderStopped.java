package dev.ratchet.execution.delivery;

/** Ends the filling of a template from within the library's calls; the message completes "the template ...". */
final class RenderStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RenderStopped(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
