package dev.ratchet.execution.worker;

/** Which version's surface a task is written for. */
enum Compatibility {
    /** The web standard. */
    CURRENT,
    /** {@code "compat": "ratchet-0.4"}: {@code fetch} blocks, returns a plain object and throws typed errors. */
    RATCHET_0_4
}
