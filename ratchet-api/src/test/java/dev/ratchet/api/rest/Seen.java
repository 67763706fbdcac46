package dev.ratchet.api.rest;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a stub was last given, or is to give; seen by all threads. */
final class Seen<T> {
    private volatile @Nullable T value;

    static <T> Seen<T> of(T value) {
        Seen<T> seen = new Seen<>();
        seen.set(value);
        return seen;
    }

    void set(T newValue) {
        value = newValue;
    }

    T get() {
        return Objects.requireNonNull(value, "nothing was seen");
    }
}
