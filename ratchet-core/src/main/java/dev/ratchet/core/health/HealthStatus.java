package dev.ratchet.core.health;

import java.util.Locale;
import java.util.Objects;

/**
 * How a part is doing.
 *
 * @param state the verdict
 * @param message a short reason for people; carries no secret and no address of a database
 */
public record HealthStatus(State state, String message) {
    /** From best to worst. */
    public enum State {
        /** As it should be. */
        HEALTHY,
        /** It works, slower or with less than it should have. */
        DEGRADED,
        /** It does not work, and the server cannot do its work without it. */
        UNHEALTHY;

        /** The name in JSON. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public HealthStatus {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(message, "message");
    }

    /** As it should be. */
    public static HealthStatus healthy(String message) {
        return new HealthStatus(State.HEALTHY, message);
    }

    /** Works, but not as it should. */
    public static HealthStatus degraded(String message) {
        return new HealthStatus(State.DEGRADED, message);
    }

    /** Does not work. */
    public static HealthStatus unhealthy(String message) {
        return new HealthStatus(State.UNHEALTHY, message);
    }
}
