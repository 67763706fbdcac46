package dev.ratchet.core.delivery;

import dev.ratchet.core.common.Cancellation;

/** Takes results to their destinations. Thread-safe. */
public interface DeliveryChannel extends AutoCloseable {
    /**
     * Tries once, on the calling thread. Never throws for what files, networks, receivers or templates do. An attempt
     * that is repeated after a crash has the same effect as one, as far as the destination allows: a file is written
     * under the same name with the same bytes, a request carries the same {@code webhook-id}.
     *
     * @param cancellation gives up, which makes the attempt a {@link DeliveryAttempt.Retry}
     */
    DeliveryAttempt deliver(DeliveryRequest request, Cancellation cancellation);

    /** Gives up what it holds; attempts under way end soon. */
    @Override
    void close();
}
