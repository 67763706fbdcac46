package dev.ratchet.execution.delivery;

import java.io.IOException;

/** A written result over its size. */
final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(int limit) {
        super("the result takes more than " + limit + " bytes as written");
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
