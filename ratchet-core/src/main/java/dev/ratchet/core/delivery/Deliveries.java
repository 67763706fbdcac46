package dev.ratchet.core.delivery;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** The use cases of deliveries: looking at them and trying them again. Thread-safe. */
public final class Deliveries {
    private final DeliveryStore deliveries;
    private final Signals signals;
    private final InstantSource clock;

    public Deliveries(DeliveryStore deliveries, Signals signals, InstantSource clock) {
        this.deliveries = Objects.requireNonNull(deliveries, "deliveries");
        this.signals = Objects.requireNonNull(signals, "signals");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * One delivery.
     *
     * @throws RatchetException NOT_FOUND
     */
    public Delivery get(Caller caller, DeliveryId id) {
        return deliveries
                .find(caller.tenant(), id)
                .orElseThrow(() -> new RatchetException(ErrorCode.NOT_FOUND, "there is no delivery " + id));
    }

    /** Deliveries. */
    public Listing<Delivery> list(Caller caller, ListQuery<DeliveryField> query) {
        return deliveries.list(caller.tenant(), query);
    }

    /** An execution's deliveries. */
    public List<Delivery> ofExecution(Caller caller, ExecutionId execution) {
        return deliveries.ofExecution(caller.tenant(), execution);
    }

    /**
     * A delivery's attempts in order.
     *
     * @throws RatchetException NOT_FOUND
     */
    public List<DeliveryStore.AttemptResult> attempts(Caller caller, DeliveryId id) {
        get(caller, id);
        return deliveries.attempts(caller.tenant(), id);
    }

    /**
     * Begins a final delivery anew, with as many attempts as the first time. Their numbers are counted on.
     *
     * @throws RatchetException NOT_FOUND, or CONFLICT while it is not final
     */
    public Delivery redeliver(Caller caller, DeliveryId id) {
        Delivery delivery = get(caller, id);
        if (!deliveries.redeliver(caller.tenant(), id, clock.instant())) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "delivery " + id + " is " + delivery.status() + " and goes on by itself; only one that is"
                            + " DELIVERED or FAILED can be made again");
        }
        signals.raise(Signals.Topic.DELIVERIES, "");
        return get(caller, id);
    }
}
