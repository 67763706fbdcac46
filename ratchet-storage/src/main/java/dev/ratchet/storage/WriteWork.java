package dev.ratchet.storage;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Something to write. It may run more than once before it is committed, so it has no effect outside the database; and
 * others wait for it, so it does nothing but run statements. An expected "no" is a result: an exception undoes the work
 * of everybody else in the group first.
 */
@FunctionalInterface
interface WriteWork<T extends @Nullable Object> {
    T run(SqlSession session) throws SQLException;
}
