package dev.ratchet.core.delivery;

import java.util.Locale;

/** Which ends of a job a destination is told about. */
public enum DeliverOn {
    /** Only the job that completed. */
    SUCCESS,
    /** Only the job that failed for good; not one that was cancelled. */
    FAILURE,
    /** Both. */
    ALWAYS;

    /** Whether a job that ended this way is to be delivered. */
    public boolean covers(boolean succeeded) {
        return switch (this) {
            case SUCCESS -> succeeded;
            case FAILURE -> !succeeded;
            case ALWAYS -> true;
        };
    }

    /** The name in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
