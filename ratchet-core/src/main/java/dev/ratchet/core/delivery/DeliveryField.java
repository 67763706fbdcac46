package dev.ratchet.core.delivery;

import dev.ratchet.core.listing.Field;

/** Properties by which deliveries can be listed. */
public enum DeliveryField implements Field {
    ID(Trait.sortable(Kind.IDENTIFIER)),
    JOB_ID(Trait.of(Kind.IDENTIFIER)),
    EXECUTION_ID(Trait.of(Kind.IDENTIFIER)),
    STATUS(Trait.choice(true, "PENDING DELIVERING RETRYING DELIVERED FAILED")),
    DESTINATION_TYPE(Trait.choice(false, "FILESYSTEM WEBHOOK STDIO")),
    CREATED_AT(Trait.sortable(Kind.INSTANT)),
    COMPLETED_AT(Trait.sortable(Kind.INSTANT));

    private final Trait trait;

    DeliveryField(Trait trait) {
        this.trait = trait;
    }

    @Override
    public Trait trait() {
        return trait;
    }
}
