package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import java.util.List;
import java.util.Optional;

/** Port that tells where a result goes. */
@FunctionalInterface
public interface DeliveryPlanner {
    /**
     * The deliveries that the end of a job causes, its own destinations and the server's global ones.
     *
     * @param destinations the job's, in the stored form
     * @param succeeded how it ended
     */
    List<NewDelivery> plan(Optional<JsonText> destinations, boolean succeeded);

    /** Nothing goes anywhere. */
    DeliveryPlanner NONE = (_, _) -> List.of();
}
