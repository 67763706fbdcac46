package dev.ratchet.core.listing;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param items in order
 * @param total how many there are altogether; empty for a slice by cursor
 * @param nextCursor where to go on; empty at the end, and for a slice by number
 */
public record Listing<T>(List<T> items, Optional<Total> total, Optional<String> nextCursor) {
    /**
     * How many items there are.
     *
     * @param count exactly, or at least, so many
     * @param exact whether counting came to its end; it stops at a bound, since counting a million rows takes long
     */
    public record Total(long count, boolean exact) {}

    public Listing {
        items = List.copyOf(items);
    }

    /** The same part with other items. */
    public <R> Listing<R> map(Function<? super T, ? extends R> mapper) {
        return new Listing<>(items.stream().<R>map(mapper).toList(), total, nextCursor);
    }
}
