package dev.ratchet.execution.delivery;

/** A template that cannot be read or filled; the message completes "the template ...". */
final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
