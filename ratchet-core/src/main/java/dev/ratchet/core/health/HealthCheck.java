package dev.ratchet.core.health;

/** One part of a server that can be well or not, such as the database. Thread-safe. */
public interface HealthCheck {
    /** Its key in reports: lower-case letters, digits and underscores, such as {@code database}. */
    String name();

    /**
     * Looks now. It may block for a moment; whoever asks waits a bounded time, and runs one look of a check at a time. An
     * exception counts as unhealthy.
     */
    HealthStatus check();
}
