package dev.ratchet.execution.delivery;

/** How much work the filling of one template may take. Not thread-safe. */
final class RenderBudget {
    /** Names looked up and elements visited; a nested loop is cut here, whether it writes anything or not. */
    private static final int STEPS = 200_000;

    private int left = STEPS;

    void step() {
        if (--left < 0) {
            throw new RenderStopped("takes more than " + STEPS + " steps to fill; accepted are fewer or shorter loops");
        }
    }
}
