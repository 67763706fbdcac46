package dev.ratchet.core.common;

import java.util.function.Supplier;

/**
 * Port to the database's transactions. Work must not do I/O of its own: a writer holds up every other one. A call within
 * a transaction joins it; a write within a read is a defect.
 */
public interface Transactions {
    /** Runs {@code work} in a transaction that may write; commits when it returns, rolls back when it throws. */
    <T> T write(Supplier<T> work);

    /** Runs {@code work} on a consistent view that nobody's writing delays. */
    <T> T read(Supplier<T> work);
}
