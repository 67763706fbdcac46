package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.core.id.DeliveryId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Picks the destinations that hear of a job's end: its own first, then those of the configuration. The stored form of
 * destinations is what {@link OutputDestinations} writes with their secrets; that of one is an array of one.
 */
public final class DestinationPlanner implements DeliveryPlanner {
    private final OutputDestinations json;
    private final List<OutputDestination> global;
    private final UuidV7 ids;

    /** @param global the destinations of the configuration; may be empty */
    public DestinationPlanner(OutputDestinations json, List<OutputDestination> global, UuidV7 ids) {
        this.json = json;
        this.global = List.copyOf(global);
        this.ids = ids;
    }

    @Override
    public List<NewDelivery> plan(Optional<JsonText> destinations, boolean succeeded) {
        List<OutputDestination> own = destinations
                .map(stored -> json.read("outputDestinations", stored))
                .orElse(List.of());
        return Stream.concat(own.stream(), global.stream())
                .filter(destination -> destination.on().covers(succeeded))
                .map(destination -> new NewDelivery(
                        new DeliveryId(ids.next()),
                        destination.type().toUpperCase(Locale.ROOT),
                        json.write(List.of(destination), false)))
                .toList();
    }
}
