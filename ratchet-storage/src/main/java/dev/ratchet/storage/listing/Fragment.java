package dev.ratchet.storage.listing;

import java.util.ArrayList;
import java.util.List;

/**
 * SQL with a value for each of its question marks. Grows from constants and values, so that nothing of a request becomes
 * SQL.
 */
final class Fragment {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    Fragment add(String constant) {
        sql.append(constant);
        return this;
    }

    Fragment add(Fragment other) {
        sql.append(other.sql);
        values.addAll(other.values);
        return this;
    }

    Fragment value(Object value) {
        sql.append('?');
        values.add(value);
        return this;
    }

    String sql() {
        return sql.toString();
    }

    List<Object> values() {
        return values;
    }
}
