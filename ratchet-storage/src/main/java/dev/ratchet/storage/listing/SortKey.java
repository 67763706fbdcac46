package dev.ratchet.storage.listing;

/**
 * One step of a sort as it is written.
 *
 * @param name what it is called in a cursor's fingerprint
 * @param expression SQL for the value
 * @param type what kind of value it has
 * @param nullable whether it can be absent
 * @param descending largest first
 */
record SortKey(String name, String expression, Type type, boolean nullable, boolean descending) {
    /** Kinds of values as they are compared by the database. */
    enum Type {
        TEXT,
        LONG,
        DOUBLE
    }

    /** In {@code order by}. An absent value is the least, in both databases. */
    String orderBy() {
        String direction = descending ? " desc" : "";
        String absent = descending ? " nulls last" : " nulls first";
        // Only where it matters: with it PostgreSQL uses no ordinary index.
        return expression + direction + (nullable ? absent : "");
    }
}
