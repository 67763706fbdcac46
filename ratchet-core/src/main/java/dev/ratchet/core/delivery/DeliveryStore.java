package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Port to deliveries; they come into being with the end of an attempt. What a method returns is durable. */
public interface DeliveryStore {
    /**
     * The right to make one attempt.
     *
     * @param delivery DELIVERING, this attempt counted
     * @param token fences the attempt as a job's does
     */
    record DeliveryClaim(Delivery delivery, long token) {}

    /**
     * One attempt, as it is shown.
     *
     * @param number from 1
     * @param success whether it arrived
     * @param at when it began
     * @param took how long it took
     * @param sizeBytes what was sent
     * @param response what came back, a JSON object without secrets
     * @param error why it failed
     */
    record AttemptResult(
            int number,
            boolean success,
            Instant at,
            Duration took,
            long sizeBytes,
            Optional<JsonText> response,
            Optional<String> error) {}

    /** Takes deliveries that are due, longest due first, under the node's lease. */
    List<DeliveryClaim> claim(NodeId node, int most, Instant now);

    /** When the next waiting delivery is due. */
    Optional<Instant> nextDue();

    /**
     * Stores an attempt's result.
     *
     * @param status DELIVERED, FAILED or RETRYING
     * @param dueAt when to try again, with RETRYING
     * @return false when the claim had been lost; the attempt is shown all the same
     */
    boolean complete(
            DeliveryClaim claim, AttemptResult result, Delivery.Status status, Optional<Instant> dueAt, Instant now);

    /**
     * Gives a claim back of which no attempt was made: it is not counted, and the delivery waits on.
     *
     * @param reason why, shown as its latest error
     * @return false when the claim had been lost
     */
    boolean postpone(DeliveryClaim claim, String reason, Instant dueAt);

    /** Lets attempts of nodes whose lease has ended be made again. */
    int release(Instant now);

    /** Makes a final delivery once more, its attempts counted on; false when it is unknown or not final. */
    boolean redeliver(TenantId tenant, DeliveryId id, Instant now);

    /** One delivery. */
    Optional<Delivery> find(TenantId tenant, DeliveryId id);

    /** Deliveries. */
    Listing<Delivery> list(TenantId tenant, ListQuery<DeliveryField> query);

    /** A delivery's attempts in order. */
    List<AttemptResult> attempts(TenantId tenant, DeliveryId id);

    /** An execution's deliveries. */
    List<Delivery> ofExecution(TenantId tenant, ExecutionId execution);
}
