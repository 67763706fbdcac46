package dev.ratchet.core.job;

import dev.ratchet.core.listing.Field;

/** Properties by which jobs can be listed. */
public enum JobField implements Field {
    ID(Trait.sortable(Kind.IDENTIFIER)),
    TASK_ID(Trait.of(Kind.IDENTIFIER)),
    SCHEDULE_ID(Trait.of(Kind.IDENTIFIER)),
    STATUS(Trait.choice(true, "QUEUED PROCESSING COMPLETED FAILED CANCELLED RETRYING")),
    /** Sorted and compared by rank: LOW is the least. */
    PRIORITY(Trait.choice(true, "LOW NORMAL HIGH CRITICAL")),
    ORIGIN(Trait.choice(false, "API DIRECT SCHEDULE RETRY SYSTEM")),
    QUEUED_AT(Trait.sortable(Kind.INSTANT)),
    SCHEDULED_FOR(Trait.sortable(Kind.INSTANT)),
    /** When it may start, or may start again. */
    DUE_AT(Trait.sortable(Kind.INSTANT)),
    COMPLETED_AT(Trait.sortable(Kind.INSTANT)),
    RETRY_COUNT(Trait.sortable(Kind.INTEGER)),
    MAX_RETRIES(Trait.sortable(Kind.INTEGER)),
    CONCURRENCY_KEY(Trait.of(Kind.TEXT)),
    /** A label among the job's. */
    TAG(Trait.of(Kind.TEXT)),
    ERROR_MESSAGE(Trait.of(Kind.TEXT)),
    HAS_ERROR(Trait.of(Kind.FLAG)),
    HAS_RETRIES_REMAINING(Trait.of(Kind.FLAG)),
    /** Whether it was to start later than at once. */
    IS_SCHEDULED(Trait.of(Kind.FLAG)),
    /** Whether it waits and its time has come. */
    DUE_NOW(Trait.of(Kind.FLAG)),
    /** Whether it failed for good and nobody has redriven it. */
    DEAD_LETTER(Trait.of(Kind.FLAG));

    private final Trait trait;

    JobField(Trait trait) {
        this.trait = trait;
    }

    @Override
    public Trait trait() {
        return trait;
    }
}
