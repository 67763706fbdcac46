package dev.ratchet.core.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An increasing sequence of planned instants, asked by position. */
@FunctionalInterface
interface PlannedFires {
    /** The first one strictly after {@code after}. */
    Optional<Instant> next(Instant after);

    static List<Instant> preview(PlannedFires planned, Instant after, int count) {
        if (count < 0 || count > Timing.MAX_PREVIEW) {
            throw new IllegalArgumentException("count must be 0 to " + Timing.MAX_PREVIEW + ", was " + count);
        }
        return planned.within(after, Instant.MAX, count);
    }

    /** The planned instants in {@code (after, until]}, the first {@code count} of them. */
    default List<Instant> within(Instant after, Instant until, int count) {
        var result = new ArrayList<Instant>();
        Instant last = after;
        while (result.size() < count) {
            Optional<Instant> next = next(last);
            if (next.isEmpty() || next.get().isAfter(until)) {
                break;
            }
            last = next.get();
            result.add(last);
        }
        return List.copyOf(result);
    }

    /**
     * The last planned instant in {@code (after, until]}. A planned instant lies in {@code (t, until]} for every t
     * before the last one and for no t from it on, so halving the range finds it in at most 50 steps however many
     * instants there are.
     */
    default Optional<Instant> last(Instant after, Instant until) {
        Optional<Instant> found = next(after).filter(first -> !first.isAfter(until));
        if (found.isEmpty()) {
            return found;
        }
        Instant last = found.get();
        long low = last.toEpochMilli();
        long high = until.toEpochMilli();
        while (low < high) {
            Instant middle = Instant.ofEpochMilli(low + (high - low) / 2);
            Optional<Instant> later = next(middle).filter(next -> !next.isAfter(until));
            if (later.isPresent()) {
                last = later.get();
                low = last.toEpochMilli();
            } else {
                high = middle.toEpochMilli();
            }
        }
        return Optional.of(last);
    }
}
