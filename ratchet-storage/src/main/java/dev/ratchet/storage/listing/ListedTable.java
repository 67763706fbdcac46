package dev.ratchet.storage.listing;

import dev.ratchet.core.listing.Field;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where the objects of a resource are found.
 *
 * @param fields the properties
 * @param from the table, with joins where properties need them
 * @param joins what only the selected columns need in addition, one row for each of the table; empty for nothing
 * @param tenant SQL for the owner of a row
 * @param id SQL for the identifier, a unique text
 * @param condition SQL that every listed row satisfies; empty for all rows
 * @param columns one for each property
 */
public record ListedTable<F extends Enum<F> & Field>(
        Class<F> fields,
        String from,
        String joins,
        String tenant,
        String id,
        String condition,
        Map<F, Column> columns) {
    public ListedTable {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(joins, "joins");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(condition, "condition");
        Map<F, Column> complete = new EnumMap<>(fields);
        complete.putAll(columns);
        for (F field : fields.getEnumConstants()) {
            Column column = complete.get(field);
            if (column == null) {
                throw new IllegalArgumentException("no column for " + field);
            }
            boolean unsortable = column instanceof Column.Labels || column instanceof Column.Computed;
            if (field.sortable() && unsortable) {
                throw new IllegalArgumentException(field + " cannot be sorted by " + column);
            }
        }
        columns = Map.copyOf(complete);
    }

    /** A table whose rows have {@code tenant_id} and {@code id}, all of them listed. */
    public static <F extends Enum<F> & Field> ListedTable<F> of(
            Class<F> fields, String table, Function<F, Column> columns) {
        return of(fields, table, "", columns);
    }

    /** A table whose rows have {@code tenant_id} and {@code id}, of which those are listed that fulfil a condition. */
    public static <F extends Enum<F> & Field> ListedTable<F> of(
            Class<F> fields, String table, String condition, Function<F, Column> columns) {
        Map<F, Column> all = new EnumMap<>(fields);
        for (F field : fields.getEnumConstants()) {
            all.put(field, columns.apply(field));
        }
        return new ListedTable<>(fields, table, "", "tenant_id", "id", condition, all);
    }

    Column column(F field) {
        return Objects.requireNonNull(columns.get(field));
    }
}
