package dev.ratchet.core.schedule;

import dev.ratchet.core.listing.Field;

/** Properties by which schedules can be listed. */
public enum ScheduleField implements Field {
    ID(Trait.sortable(Kind.IDENTIFIER)),
    TASK_ID(Trait.of(Kind.IDENTIFIER)),
    NAME(Trait.sortable(Kind.TEXT)),
    ENABLED(Trait.sortable(Kind.FLAG)),
    CRON_EXPRESSION(Trait.of(Kind.TEXT)),
    NEXT_RUN(Trait.sortable(Kind.INSTANT)),
    LAST_RUN(Trait.sortable(Kind.INSTANT)),
    CREATED_AT(Trait.sortable(Kind.INSTANT)),
    UPDATED_AT(Trait.sortable(Kind.INSTANT)),
    HAS_NEXT_RUN(Trait.of(Kind.FLAG)),
    HAS_LAST_RUN(Trait.of(Kind.FLAG)),
    /** Whether its next run's time has come. */
    IS_DUE(Trait.of(Kind.FLAG)),
    /** Whether its next run's time passed more than a minute ago. */
    OVERDUE(Trait.of(Kind.FLAG));

    private final Trait trait;

    ScheduleField(Trait trait) {
        this.trait = trait;
    }

    @Override
    public Trait trait() {
        return trait;
    }
}
