package dev.ratchet.server.lifecycle;

import org.springframework.context.SmartLifecycle;

/**
 * The order in which the parts of the server start; they stop in reverse. Spring Boot's web server stands between
 * {@link #DELIVERIES} and {@link #ANNOUNCEMENT}: it accepts requests when everything behind it runs, and finishes those
 * under way before anything behind it stops.
 */
public enum Phase {
    /** The database: everything else reads and writes it. */
    STORAGE(1_000),
    /** The worker processes. */
    POOL(2_000),
    /** Takes queued jobs to the workers; stopping drains it. */
    DISPATCHER(3_000),
    /** Makes jobs of schedules that are due. */
    TICKER(4_000),
    /** Sends results to their destinations. */
    DELIVERIES(5_000),
    /** Tells the world where the server is. */
    ANNOUNCEMENT(SmartLifecycle.DEFAULT_PHASE);

    private final int order;

    Phase(int order) {
        this.order = order;
    }

    int order() {
        return order;
    }
}
