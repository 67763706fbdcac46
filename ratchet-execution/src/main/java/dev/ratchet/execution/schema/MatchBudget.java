package dev.ratchet.execution.schema;

/**
 * Work one check may spend on patterns, counted in (size of the pattern's program) × (length of the text), which is what
 * a linear-time engine needs at worst. Used by one thread.
 */
final class MatchBudget {
    /** The budget of the check that runs on this thread. */
    static final ScopedValue<MatchBudget> CURRENT = ScopedValue.newInstance();

    /** A few seconds of matching. */
    static final long STEPS = 500_000_000;

    private long left = STEPS;

    void spend(String pattern, int programSize, int textLength) {
        left -= (long) programSize * (textLength + 1L);
        if (left < 0) {
            throw new CheckStopped("matching pattern '" + pattern + "' costs too much (more than " + STEPS
                    + " steps in all; a match costs the pattern's size times the text's length): shorten the text or"
                    + " simplify the pattern");
        }
    }
}
