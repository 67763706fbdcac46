package dev.ratchet.core.id;

import java.util.Objects;
import java.util.UUID;

/** Identifies one version of one task. */
public record VersionId(UUID value) {
    public VersionId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
