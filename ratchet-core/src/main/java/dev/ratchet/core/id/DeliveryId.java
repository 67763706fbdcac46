package dev.ratchet.core.id;

import java.util.Objects;
import java.util.UUID;

/** Identifies the delivery of one result to one destination. */
public record DeliveryId(UUID value) {
    public DeliveryId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
