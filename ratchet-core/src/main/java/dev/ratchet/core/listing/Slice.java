package dev.ratchet.core.listing;

import java.util.Optional;

/** Which part of a list is wanted. */
public sealed interface Slice {
    /** Most items of one slice. */
    int MAX_LIMIT = 100;

    /** How many items at most, 1 to {@link #MAX_LIMIT}. */
    int limit();

    /**
     * By number, with a total; later pages cost what the earlier ones did together.
     *
     * @param offset items to leave out, 0 or more
     */
    record Numbered(long offset, int limit) implements Slice {
        public Numbered {
            requireLimit(limit);
            if (offset < 0) {
                throw new IllegalArgumentException("offset must be 0 or more, was " + offset);
            }
        }
    }

    /**
     * By cursor, without a total; every page costs the same, and items that are added meanwhile move nothing.
     *
     * @param cursor where the page before ended, as {@link Listing#nextCursor()} gave it; empty for the first page
     */
    record After(Optional<String> cursor, int limit) implements Slice {
        public After {
            requireLimit(limit);
        }
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", was " + limit);
        }
    }
}
