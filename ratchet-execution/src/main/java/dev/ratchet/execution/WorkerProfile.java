package dev.ratchet.execution;

/** How workers run JavaScript. */
public enum WorkerProfile {
    /**
     * Where the optimising compiler can run, {@link #JIT} for code that computes and {@link #QUICK} for code that uses
     * little processor time, as its own runs have shown; {@link #QUICK} elsewhere.
     */
    AUTO,
    /** The interpreter, with a trained archive: starts at once, runs glue code well and number crunching slowly. */
    QUICK,
    /** The optimising compiler: slower to start and larger, pays in workers that live long. */
    JIT
}
