package dev.ratchet.execution;

/** How workers run JavaScript. */
public enum WorkerProfile {
    /** {@link #JIT} where the optimising compiler can run, {@link #QUICK} elsewhere. */
    AUTO,
    /** The interpreter from a class-data archive: starts at once, runs glue code well and number crunching slowly. */
    QUICK,
    /** The optimising compiler: slower to start and larger, pays in workers that live long. */
    JIT
}
