package dev.ratchet.cli.config;

/** The outcome of reading one value. */
sealed interface Reading<T> {
    /** A value that is accepted. */
    record Good<T>(T value) implements Reading<T> {}

    /** A value that is not, with what is wrong and what would be accepted. */
    record Bad<T>(String message) implements Reading<T> {}

    static <T> Reading<T> good(T value) {
        return new Good<>(value);
    }

    static <T> Reading<T> bad(String message) {
        return new Bad<>(message);
    }
}
