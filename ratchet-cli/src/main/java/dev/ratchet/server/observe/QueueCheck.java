package dev.ratchet.server.observe;

import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import java.util.function.LongSupplier;

/** Whether the queue has room. */
public final class QueueCheck implements HealthCheck {
    private static final double NEARLY_FULL = 0.9;

    private final LongSupplier waiting;
    private final LongSupplier running;
    private final long room;

    /**
     * @param waiting jobs that wait
     * @param running attempts under way on this server
     * @param room jobs that may wait
     */
    public QueueCheck(LongSupplier waiting, LongSupplier running, long room) {
        this.waiting = waiting;
        this.running = running;
        this.room = room;
    }

    @Override
    public String name() {
        return "queue";
    }

    /** Never unhealthy: a full queue refuses jobs, and everything else works. */
    @Override
    public HealthStatus check() {
        long depth = waiting.getAsLong();
        String message = depth + " of " + room + " jobs wait, " + running.getAsLong() + " run here";
        return depth >= room * NEARLY_FULL
                ? HealthStatus.degraded(message + "; soon more are answered with 429")
                : HealthStatus.healthy(message);
    }
}
