package dev.ratchet.core.execution;

import dev.ratchet.core.listing.Field;

/** Properties by which executions can be listed. */
public enum ExecutionField implements Field {
    ID(Trait.sortable(Kind.IDENTIFIER)),
    TASK_ID(Trait.of(Kind.IDENTIFIER)),
    JOB_ID(Trait.of(Kind.IDENTIFIER)),
    SCHEDULE_ID(Trait.of(Kind.IDENTIFIER)),
    VERSION_ID(Trait.of(Kind.IDENTIFIER)),
    STATUS(Trait.choice(true, "PENDING RUNNING COMPLETED FAILED CANCELLED")),
    OUTCOME(
            Trait.choice(
                    false,
                    "SUCCEEDED TASK_FAILED INVALID_OUTPUT INVALID_INPUT INVALID_PACKAGE LIMIT_EXCEEDED WORKER_CRASHED CANCELLED LOST")),
    QUEUED_AT(Trait.sortable(Kind.INSTANT)),
    STARTED_AT(Trait.sortable(Kind.INSTANT)),
    COMPLETED_AT(Trait.sortable(Kind.INSTANT)),
    /** Wall time in milliseconds. */
    DURATION(Trait.sortable(Kind.INTEGER)),
    /** 0 to 1. */
    PROGRESS(Trait.sortable(Kind.DECIMAL)),
    ATTEMPT(Trait.of(Kind.INTEGER)),
    ERROR_TYPE(Trait.of(Kind.TEXT)),
    ERROR_MESSAGE(Trait.of(Kind.TEXT)),
    HAS_PROGRESS(Trait.of(Kind.FLAG)),
    HAS_ERROR(Trait.of(Kind.FLAG)),
    CAN_RETRY(Trait.of(Kind.FLAG)),
    CAN_CANCEL(Trait.of(Kind.FLAG));

    private final Trait trait;

    ExecutionField(Trait trait) {
        this.trait = trait;
    }

    @Override
    public Trait trait() {
        return trait;
    }
}
