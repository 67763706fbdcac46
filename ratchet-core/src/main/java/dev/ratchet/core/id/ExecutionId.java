package dev.ratchet.core.id;

import java.util.Objects;
import java.util.UUID;

/** Identifies one attempt to run a task. */
public record ExecutionId(UUID value) {
    public ExecutionId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
