package dev.ratchet.core.delivery;

import java.util.Objects;
import java.util.UUID;

/** Names one delivery, through all its attempts. */
public record DeliveryId(UUID value) {
    public DeliveryId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
