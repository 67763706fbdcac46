package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.id.DeliveryId;
import java.util.Objects;

/**
 * A delivery that an ended attempt causes.
 *
 * @param id its identifier; what a webhook's receiver sees as {@code webhook-id}
 * @param destinationType {@code FILESYSTEM}, {@code WEBHOOK} or {@code STDIO}
 * @param destination where to, in the stored form
 */
public record NewDelivery(DeliveryId id, String destinationType, JsonText destination) {
    public NewDelivery {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(destinationType, "destinationType");
        Objects.requireNonNull(destination, "destination");
    }
}
