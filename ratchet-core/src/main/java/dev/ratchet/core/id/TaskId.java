package dev.ratchet.core.id;

import java.util.Objects;
import java.util.UUID;

/** Identifies a task for as long as its history is kept. */
public record TaskId(UUID value) {
    public TaskId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
