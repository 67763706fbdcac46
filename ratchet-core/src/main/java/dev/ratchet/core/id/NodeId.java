package dev.ratchet.core.id;

import java.util.Objects;
import java.util.UUID;

/** Identifies one life of a server process; a restarted server is another node. */
public record NodeId(UUID value) {
    public NodeId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
