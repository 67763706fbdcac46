package dev.ratchet.core.listing;

/**
 * One step of a sort.
 *
 * @param field a sortable property
 * @param descending largest or latest first
 */
public record Order<F extends Enum<F> & Field>(F field, boolean descending) {
    public Order {
        if (!field.sortable()) {
            throw new IllegalArgumentException("cannot sort by " + field.wireName());
        }
    }
}
