package dev.ratchet.execution;

/** How much of one processor a process uses, over the last second or longer. Thread-safe. */
final class CpuMeter {
    private static final long SHORTEST_NANOS = 1_000_000_000L;

    private long sampledAt;
    private long sampledCpu;
    private double fraction;
    private boolean known;

    /** @param startedAt when the process began, in {@link System#nanoTime()} */
    CpuMeter(long startedAt) {
        this.sampledAt = startedAt;
    }

    /**
     * The processor time used since the last sample by the time passed since; within a second of it, what was found then.
     *
     * @param cpuNanos processor time of the process so far
     */
    synchronized double fraction(long now, long cpuNanos) {
        long passed = now - sampledAt;
        if (passed >= SHORTEST_NANOS || !known) {
            fraction = passed <= 0 ? 0 : Math.max(0, cpuNanos - sampledCpu) / (double) passed;
            sampledAt = now;
            sampledCpu = cpuNanos;
            known = true;
        }
        return fraction;
    }
}
