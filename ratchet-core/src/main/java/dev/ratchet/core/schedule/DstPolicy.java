package dev.ratchet.core.schedule;

import dev.ratchet.core.common.RatchetException;

/**
 * What a cron schedule does about local times that do not exist, because clocks were put forward (a gap), or exist
 * twice, because they were put back (an overlap). Two local times that end on the same instant fire once.
 */
public enum DstPolicy {
    /** Gap: no fire. Overlap: one fire, the first time the clock shows the time. */
    SKIP("skip"),
    /**
     * Gap: later by the length of the gap, which is the time the clock would have shown had it not been put forward.
     * Overlap: one fire, the first time. The default.
     */
    SHIFT("shift"),
    /** Gap: at the instant the clock is put forward. Overlap: one fire, the first time. */
    FIRST("first"),
    /** Gap: as {@link #SHIFT}. Overlap: a fire each time the clock shows the time. */
    BOTH("both");

    private final String wireName;

    DstPolicy(String wireName) {
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
    public static DstPolicy of(String wireName) {
        return WireNames.find("DST policy", wireName, values(), DstPolicy::wireName);
    }
}
