package dev.ratchet.core.job;

import java.time.Duration;
import java.time.Instant;

/**
 * How urgent a job is. Jobs are taken in the order of their rank: due time minus the priority's head start. So an urgent
 * job overtakes those that became due within the head start before it, and none that has waited longer: nothing
 * starves, and the order never changes while a job waits.
 */
public enum JobPriority {
    LOW(Duration.ZERO),
    NORMAL(Duration.ofMinutes(10)),
    HIGH(Duration.ofHours(1)),
    CRITICAL(Duration.ofHours(12));

    private final Duration headStart;

    JobPriority(Duration headStart) {
        this.headStart = headStart;
    }

    /** How much earlier than its due time a job of this priority counts as due. */
    public Duration headStart() {
        return headStart;
    }

    /** Epoch milliseconds by which waiting jobs are ordered, smallest first. */
    public long rank(Instant dueAt) {
        return dueAt.minus(headStart).toEpochMilli();
    }
}
