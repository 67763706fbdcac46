package dev.ratchet.core.task;

import dev.ratchet.core.listing.Field;

/** Properties by which tasks can be listed. */
public enum TaskField implements Field {
    ID(Trait.sortable(Kind.IDENTIFIER)),
    /** The identifier the package declares. */
    UUID(Trait.of(Kind.IDENTIFIER)),
    NAME(Trait.sortable(Kind.TEXT)),
    LABEL(Trait.sortable(Kind.TEXT)),
    DESCRIPTION(Trait.of(Kind.TEXT)),
    VERSION(Trait.sortable(Kind.TEXT)),
    ENABLED(Trait.sortable(Kind.FLAG)),
    PAUSED(Trait.of(Kind.FLAG)),
    /** A label among the task's. */
    TAG(Trait.of(Kind.TEXT)),
    SOURCE(Trait.choice(true, "API IMPORT REGISTRY MCP SYSTEM")),
    /** Whether it came from a registry. */
    REGISTRY_SOURCE(Trait.of(Kind.FLAG)),
    /** Whether its code was ever checked without a fault. */
    HAS_VALIDATION(Trait.of(Kind.FLAG)),
    /** Whether it equals what its source holds; always so without a registry. */
    IN_SYNC(Trait.of(Kind.FLAG)),
    CREATED_AT(Trait.sortable(Kind.INSTANT)),
    UPDATED_AT(Trait.sortable(Kind.INSTANT)),
    VALIDATED_AT(Trait.sortable(Kind.INSTANT));

    private final Trait trait;

    TaskField(Trait trait) {
        this.trait = trait;
    }

    @Override
    public Trait trait() {
        return trait;
    }
}
