package dev.ratchet.core.schedule;

import dev.ratchet.core.common.RatchetException;

/** What happens when a schedule fires while a job of an earlier fire is not finished. */
public enum OverlapPolicy {
    /** They run side by side. */
    ALLOW("allow"),
    /** The new fire is left out. */
    SKIP("skip"),
    /** The new job waits until the earlier one has ended. */
    QUEUE("queue"),
    /** The earlier job is cancelled and the new one runs. */
    CANCEL_PREVIOUS("cancel_previous");

    private final String wireName;

    OverlapPolicy(String wireName) {
        this.wireName = wireName;
    }

    /** The name in JSON and in the database. */
    public String wireName() {
        return wireName;
    }

    /**
     * The policy of that wire name.
     *
     * @throws RatchetException {@link dev.ratchet.core.common.ErrorCode#VALIDATION_ERROR} for an unknown name
     */
    public static OverlapPolicy of(String wireName) {
        return WireNames.find("overlap policy", wireName, values(), OverlapPolicy::wireName);
    }
}
