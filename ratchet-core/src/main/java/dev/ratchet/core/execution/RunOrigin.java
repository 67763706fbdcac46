package dev.ratchet.core.execution;

/** Who made a job, and so its executions. */
public enum RunOrigin {
    /** Submitted to the queue. */
    API,
    /** Run directly, somebody waiting for it. */
    DIRECT,
    SCHEDULE,
    /** An ended execution's input, run once more as a job of its own. */
    RETRY,
    /** Part of the program, such as the heartbeat. */
    SYSTEM
}
