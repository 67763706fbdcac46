package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.id.DeliveryId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans the deliveries of a job: its own destinations, then those of the whole server. */
public final class DeliveryPlans implements DeliveryPlanner {
    private static final Logger log = LoggerFactory.getLogger(DeliveryPlans.class);

    private final OutputDestinations reader;
    private final List<OutputDestination> global;
    private final UuidV7 ids;

    /**
     * @param global where the result of every job goes as well
     */
    public DeliveryPlans(OutputDestinations reader, List<OutputDestination> global, UuidV7 ids) {
        this.reader = Objects.requireNonNull(reader, "reader");
        this.global = List.copyOf(global);
        this.ids = Objects.requireNonNull(ids, "ids");
    }

    @Override
    public List<NewDelivery> plan(Optional<JsonText> destinations, boolean succeeded) {
        if (destinations.isEmpty() && global.isEmpty()) {
            return List.of();
        }
        List<OutputDestination> all = new ArrayList<>(own(destinations));
        all.addAll(global);
        return all.stream()
                .filter(destination -> destination.on().covers(succeeded))
                .map(destination -> new NewDelivery(
                        new DeliveryId(ids.next()),
                        destination.type().toUpperCase(Locale.ROOT),
                        reader.write(List.of(destination), false)))
                .toList();
    }

    private List<OutputDestination> own(Optional<JsonText> destinations) {
        if (destinations.isEmpty()) {
            return List.of();
        }
        try {
            return reader.read("outputDestinations", destinations.get());
        } catch (RatchetException e) {
            // They were checked when the job was accepted; the job must come to its end all the same.
            log.atError().setCause(e).log("stored destinations of a job cannot be read; nothing is delivered to them");
            return List.of();
        }
    }
}
