package dev.ratchet.core.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What to list.
 *
 * @param conditions all of them must hold; empty lists everything
 * @param orders first the most significant; ties, and an empty list, are ordered by identifier, newest first
 * @param slice which part
 */
public record ListQuery<F extends Enum<F> & Field>(List<Condition<F>> conditions, List<Order<F>> orders, Slice slice) {
    public ListQuery {
        conditions = List.copyOf(conditions);
        orders = List.copyOf(orders);
        Objects.requireNonNull(slice, "slice");
    }

    /** The same list, narrowed. */
    public ListQuery<F> and(Condition<F> condition) {
        List<Condition<F>> all = new ArrayList<>(conditions);
        all.add(condition);
        return new ListQuery<>(all, orders, slice);
    }
}
