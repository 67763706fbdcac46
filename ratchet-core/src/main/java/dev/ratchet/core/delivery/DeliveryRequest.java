package dev.ratchet.core.delivery;

import dev.ratchet.core.id.DeliveryId;
import java.util.Objects;

/**
 * One attempt to deliver.
 *
 * @param id the delivery, the same for all its attempts: receivers tell repetitions by it
 * @param destination where it goes
 * @param payload what goes there
 */
public record DeliveryRequest(DeliveryId id, OutputDestination destination, DeliveryPayload payload) {
    public DeliveryRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(payload, "payload");
    }
}
