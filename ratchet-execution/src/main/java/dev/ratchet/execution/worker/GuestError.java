package dev.ratchet.execution.worker;

/** An error a host function wants the task to see under a name of its own. */
final class GuestError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String name;

    /**
     * Creates one.
     *
     * @param name {@code TypeError}, {@code RangeError}, or the name of a {@code DOMException}
     * @param message what is wrong and what would be accepted
     */
    GuestError(String name, String message) {
        super(message);
        this.name = name;
    }

    String name() {
        return name;
    }
}
