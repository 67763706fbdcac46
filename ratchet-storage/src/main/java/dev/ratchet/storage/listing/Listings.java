package dev.ratchet.storage.listing;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.listing.Field;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lists the objects of any resource. */
public final class Listings {
    /** Counting stops here, since counting a million rows takes long and nobody needs to know. */
    public static final int MAX_COUNT = 10_000;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Vendor vendor;
    private final InstantSource clock;

    /**
     * @param jdbc takes part in the transactions
     * @param transactions of the database
     * @param vendor whose database it is
     * @param clock what "due" is compared with
     */
    public Listings(JdbcClient jdbc, Transactions transactions, Vendor vendor, InstantSource clock) {
        this.jdbc = Objects.requireNonNull(jdbc, "jdbc");
        this.transactions = Objects.requireNonNull(transactions, "transactions");
        this.vendor = Objects.requireNonNull(vendor, "vendor");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** An object, with the values it is sorted by where a cursor may have to be made of it. */
    private record Row<T>(T item, List<@Nullable Object> keys) {}

    /**
     * Lists a part of a tenant's objects, in the caller's transaction or one that reads.
     *
     * @param table where they are found
     * @param query what is wanted
     * @param selected the columns {@code mapper} reads by name, parted by commas
     * @param mapper makes an object of a row
     * @throws dev.ratchet.core.common.RatchetException VALIDATION_ERROR when a cursor or a value cannot be used
     */
    public <F extends Enum<F> & Field, T> Listing<T> list(
            ListedTable<F> table, TenantId tenant, ListQuery<F> query, String selected, RowMapper<T> mapper) {
        ListingSql<F> sql = new ListingSql<>(table, vendor, clock.millis());
        return transactions.read(() -> switch (query.slice()) {
            case Slice.Numbered numbered -> numbered(sql, tenant, query, numbered, selected, mapper);
            case Slice.After after -> after(sql, tenant, query, after, selected, mapper);
        });
    }

    /** How many objects fulfil the conditions, counted up to {@link #MAX_COUNT}. */
    public <F extends Enum<F> & Field> Listing.Total count(ListedTable<F> table, TenantId tenant, ListQuery<F> query) {
        ListingSql<F> sql = new ListingSql<>(table, vendor, clock.millis());
        return transactions.read(() -> total(sql, tenant, query));
    }

    private <F extends Enum<F> & Field, T> Listing<T> numbered(
            ListingSql<F> sql,
            TenantId tenant,
            ListQuery<F> query,
            Slice.Numbered slice,
            String selected,
            RowMapper<T> mapper) {
        List<SortKey> keys = sql.keys(query);
        Fragment page = sql.page(tenant, query, keys, List.of(), selected)
                .add(" limit ")
                .value((long) slice.limit())
                .add(" offset ")
                .value(slice.offset());
        List<T> items = rows(page, List.of(), mapper).stream().map(Row::item).toList();
        // A page that is not full says how many there are, unless it lies beyond the end.
        boolean last = items.size() < slice.limit() && (!items.isEmpty() || slice.offset() == 0);
        Listing.Total total = last && slice.offset() + items.size() <= MAX_COUNT
                ? new Listing.Total(slice.offset() + items.size(), true)
                : total(sql, tenant, query);
        return new Listing<>(items, Optional.of(total), Optional.empty());
    }

    private <F extends Enum<F> & Field, T> Listing<T> after(
            ListingSql<F> sql,
            TenantId tenant,
            ListQuery<F> query,
            Slice.After slice,
            String selected,
            RowMapper<T> mapper) {
        List<SortKey> keys = sql.keys(query);
        List<@Nullable Object> last =
                slice.cursor().map(cursor -> Cursors.read(keys, cursor)).orElseGet(List::of);
        // One more than asked for tells whether there is another page.
        Fragment page =
                sql.page(tenant, query, keys, last, selected).add(" limit ").value(slice.limit() + 1L);
        List<Row<T>> rows = rows(page, keys, mapper);
        boolean more = rows.size() > slice.limit();
        List<Row<T>> shown = more ? rows.subList(0, slice.limit()) : rows;
        return new Listing<>(
                shown.stream().map(Row::item).toList(),
                Optional.empty(),
                more ? Optional.of(Cursors.write(keys, shown.getLast().keys())) : Optional.empty());
    }

    private <F extends Enum<F> & Field> Listing.Total total(ListingSql<F> sql, TenantId tenant, ListQuery<F> query) {
        Fragment counting = sql.counting(tenant, query, MAX_COUNT + 1);
        long count = jdbc.sql(counting.sql())
                .params(counting.values())
                .query(Long.class)
                .single();
        return new Listing.Total(Math.min(count, MAX_COUNT), count <= MAX_COUNT);
    }

    private <T> List<Row<T>> rows(Fragment page, List<SortKey> keys, RowMapper<T> mapper) {
        return jdbc.sql(page.sql())
                .params(page.values())
                .query((row, number) ->
                        new Row<>(Objects.requireNonNull(mapper.mapRow(row, number)), keyValues(row, keys)))
                .list();
    }

    private static List<@Nullable Object> keyValues(ResultSet row, List<SortKey> keys) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            String name = ListingSql.keyName(i);
            Object value =
                    switch (keys.get(i).type()) {
                        case TEXT -> row.getString(name);
                        case LONG -> row.getLong(name);
                        case DOUBLE -> row.getDouble(name);
                    };
            values.add(row.wasNull() ? null : value);
        }
        return values;
    }
}
