package dev.ratchet.storage.listing;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.Field;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Order;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one list. Pages by cursor compare the values the last item was sorted by ("keyset pagination": M.
 * Winand, "SQL Performance Explained", chapter 7), so that each page costs the same.
 */
final class ListingSql<F extends Enum<F> & Field> {
    private static final char ESCAPE = '!';

    private final ListedTable<F> table;
    private final Vendor vendor;
    private final long now;

    ListingSql(ListedTable<F> table, Vendor vendor, long now) {
        this.table = table;
        this.vendor = vendor;
        this.now = now;
    }

    static String keyName(int index) {
        return "sort_key_" + index;
    }

    /** What the list is sorted by, the identifier last. */
    List<SortKey> keys(ListQuery<F> query) {
        List<SortKey> keys = new ArrayList<>();
        for (Order<F> order : query.orders()) {
            SortKey key = key(order);
            // A second sort by the same changes nothing.
            if (keys.stream().noneMatch(known -> known.name().equals(key.name()))) {
                keys.add(key);
            }
            if (key.expression().equals(table.id())) {
                return keys;
            }
        }
        keys.add(new SortKey("id", table.id(), SortKey.Type.TEXT, false, true));
        return keys;
    }

    /** The page after the given values, or the first where there are none; without a limit. */
    Fragment page(
            TenantId tenant,
            ListQuery<F> query,
            List<SortKey> keys,
            List<? extends @Nullable Object> last,
            String selected) {
        Fragment sql = new Fragment().add("select ").add(selected);
        for (int i = 0; i < keys.size(); i++) {
            sql.add(", ").add(keys.get(i).expression()).add(" as ").add(keyName(i));
        }
        sql.add(rows(table.joins(), tenant, query));
        if (!last.isEmpty()) {
            sql.add(" and ").add(beyond(keys, last, 0));
        }
        sql.add(" order by ");
        for (int i = 0; i < keys.size(); i++) {
            sql.add(i == 0 ? "" : ", ").add(keys.get(i).orderBy());
        }
        return sql;
    }

    /** How many rows there are, up to {@code most}. */
    Fragment counting(TenantId tenant, ListQuery<F> query, int most) {
        return new Fragment()
                .add("select count(*) from (select 1 as one")
                .add(rows("", tenant, query))
                .add(" limit ")
                .value((long) most)
                .add(") as counted");
    }

    private Fragment rows(String joins, TenantId tenant, ListQuery<F> query) {
        Fragment sql = new Fragment()
                .add(" from ")
                .add(table.from())
                .add(joins.isEmpty() ? "" : " " + joins)
                .add(" where ")
                .add(table.tenant())
                .add(" = ")
                .value(tenant.value());
        if (!table.condition().isEmpty()) {
            sql.add(" and (").add(withNow(table.condition())).add(")");
        }
        for (Condition<F> condition : query.conditions()) {
            sql.add(" and (").add(condition(condition)).add(")");
        }
        return sql;
    }

    private String withNow(String expression) {
        return expression.replace("{now}", Long.toString(now));
    }

    // Sorting

    private SortKey key(Order<F> order) {
        F field = order.field();
        String name = field.wireName();
        return switch (table.column(field)) {
            case Column.Stored(String expression, boolean nullable) ->
                switch (field.kind()) {
                    case TEXT ->
                        new SortKey(name, vendor.plain(expression), SortKey.Type.TEXT, nullable, order.descending());
                    // These sort alike in every collation, and an index has that of the database.
                    case IDENTIFIER, CHOICE ->
                        new SortKey(name, expression, SortKey.Type.TEXT, nullable, order.descending());
                    case INSTANT, INTEGER ->
                        new SortKey(name, expression, SortKey.Type.LONG, nullable, order.descending());
                    case DECIMAL -> new SortKey(name, expression, SortKey.Type.DOUBLE, nullable, order.descending());
                    case FLAG ->
                        new SortKey(
                                name,
                                "case when " + expression + " then 1 else 0 end",
                                SortKey.Type.LONG,
                                false,
                                order.descending());
                };
            case Column.Ranked ranked ->
                new SortKey(name, ranked.expression(), SortKey.Type.LONG, false, order.descending());
            case Column.Labels labels -> throw new IllegalArgumentException("cannot sort by " + labels);
            case Column.Computed computed -> throw new IllegalArgumentException("cannot sort by " + computed);
        };
    }

    /** That a row comes after the values, from the key of this index on. */
    private Fragment beyond(List<SortKey> keys, List<? extends @Nullable Object> last, int index) {
        SortKey key = keys.get(index);
        Object value = last.get(index);
        Fragment strictly = strictlyBeyond(key, value);
        if (index == keys.size() - 1) {
            return strictly;
        }
        Fragment equal = value == null
                ? new Fragment().add(key.expression()).add(" is null")
                : new Fragment().add(key.expression()).add(" = ").value(value);
        Fragment either = new Fragment()
                .add("(")
                .add(strictly)
                .add(" or (")
                .add(equal)
                .add(" and ")
                .add(beyond(keys, last, index + 1))
                .add("))");
        if (value == null || key.nullable()) {
            return either;
        }
        // Says nothing new, but lets an index find the place.
        return new Fragment()
                .add("(")
                .add(key.expression())
                .add(key.descending() ? " <= " : " >= ")
                .value(value)
                .add(" and ")
                .add(either)
                .add(")");
    }

    private static Fragment strictlyBeyond(SortKey key, @Nullable Object value) {
        if (value == null) {
            return key.descending()
                    ? new Fragment().add("1 = 0")
                    : new Fragment().add(key.expression()).add(" is not null");
        }
        Fragment beyond = new Fragment()
                .add(key.expression())
                .add(key.descending() ? " < " : " > ")
                .value(value);
        return key.descending() && key.nullable()
                ? new Fragment()
                        .add("(")
                        .add(beyond)
                        .add(" or ")
                        .add(key.expression())
                        .add(" is null)")
                : beyond;
    }

    // Conditions

    private Fragment condition(Condition<F> condition) {
        F field = condition.field();
        return switch (table.column(field)) {
            case Column.Stored stored -> stored(condition, withNow(stored.expression()));
            case Column.Ranked ranked ->
                compared(
                        ranked.expression(),
                        condition.operator(),
                        condition.values().stream()
                                .<Object>map(value -> Objects.requireNonNull(
                                                ranked.numbers().get((String) value), () -> "unknown " + value)
                                        .longValue())
                                .toList());
            case Column.Labels labels -> labelled(condition, labels);
            case Column.Computed computed -> flag(condition, withNow(computed.condition()));
        };
    }

    private Fragment stored(Condition<F> condition, String expression) {
        Operator operator = condition.operator();
        return switch (condition.field().kind()) {
            case TEXT -> text(condition, expression);
            case FLAG -> flag(condition, expression);
            case INSTANT ->
                compared(
                        expression,
                        operator,
                        condition.values().stream()
                                .<Object>map(value -> millis((Instant) value, operator))
                                .toList());
            case IDENTIFIER ->
                compared(
                        expression,
                        operator,
                        condition.values().stream()
                                .<Object>map(value -> ((UUID) value).toString())
                                .toList());
            case INTEGER, DECIMAL, CHOICE -> compared(expression, operator, condition.values());
        };
    }

    private static Fragment flag(Condition<?> condition, String expression) {
        boolean wanted = condition.values().getFirst().equals(condition.operator() == Operator.EQ);
        return new Fragment().add(wanted ? "(" : "not (").add(expression).add(")");
    }

    /** A label fulfils the condition; for a negative one, none fulfils its opposite. */
    private Fragment labelled(Condition<F> condition, Column.Labels labels) {
        Condition<F> positive =
                switch (condition.operator()) {
                    case NE -> new Condition<>(condition.field(), Operator.EQ, condition.values());
                    case NOT_IN -> new Condition<>(condition.field(), Operator.IN, condition.values());
                    case EQ, IN, LIKE, CONTAINS, STARTS_WITH, ENDS_WITH, GT, GTE, LT, LTE -> condition;
                };
        return new Fragment()
                .add(positive.equals(condition) ? "exists" : "not exists")
                .add(" (select 1 from ")
                .add(vendor.texts(labels.expression()))
                .add(" where ")
                .add(text(positive, "value"))
                .add(")");
    }

    private Fragment text(Condition<F> condition, String expression) {
        List<Object> values = condition.values().stream()
                .<Object>map(value -> storable(condition.field(), (String) value))
                .toList();
        String first = folded((String) values.getFirst());
        return switch (condition.operator()) {
            case EQ, NE, IN, NOT_IN -> compared(expression, condition.operator(), values);
            case GT, GTE, LT, LTE -> compared(vendor.folded(expression), condition.operator(), List.of(first));
            case LIKE -> like(expression, first.replace("!", "!!"));
            case CONTAINS -> like(expression, "%" + literally(first) + "%");
            case STARTS_WITH -> like(expression, literally(first) + "%");
            case ENDS_WITH -> like(expression, "%" + literally(first));
        };
    }

    private Fragment like(String expression, String pattern) {
        return new Fragment()
                .add(vendor.folded(expression))
                .add(" like ")
                .value(pattern)
                .add(" escape '" + ESCAPE + "'");
    }

    private static String literally(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    private static Fragment compared(String expression, Operator operator, List<Object> values) {
        return switch (operator) {
            case EQ -> comparison(expression, " = ", values);
            case NE ->
                new Fragment()
                        .add(comparison(expression, " <> ", values))
                        .add(" or ")
                        .add(expression)
                        .add(" is null");
            case GT -> comparison(expression, " > ", values);
            case GTE -> comparison(expression, " >= ", values);
            case LT -> comparison(expression, " < ", values);
            case LTE -> comparison(expression, " <= ", values);
            case IN -> set(expression, " in (", values);
            case NOT_IN ->
                new Fragment()
                        .add(set(expression, " not in (", values))
                        .add(" or ")
                        .add(expression)
                        .add(" is null");
            case LIKE, CONTAINS, STARTS_WITH, ENDS_WITH ->
                throw new IllegalArgumentException(operator + " is for text");
        };
    }

    private static Fragment comparison(String expression, String operator, List<Object> values) {
        return new Fragment().add(expression).add(operator).value(values.getFirst());
    }

    private static Fragment set(String expression, String operator, List<Object> values) {
        Fragment sql = new Fragment().add(expression).add(operator);
        for (int i = 0; i < values.size(); i++) {
            sql.add(i == 0 ? "" : ", ").value(values.get(i));
        }
        return sql.add(")");
    }

    /** Times are stored to the millisecond, and what is asked for may lie between two of them. */
    private static long millis(Instant instant, Operator operator) {
        long floor = bounded(instant).toEpochMilli();
        if (instant.truncatedTo(ChronoUnit.MILLIS).equals(instant)) {
            return floor;
        }
        return switch (operator) {
            case GTE, LT -> floor + 1;
            case GT, LTE -> floor;
            // No stored time equals it, nor this.
            case EQ, NE, IN, NOT_IN -> Long.MIN_VALUE;
            case LIKE, CONTAINS, STARTS_WITH, ENDS_WITH ->
                throw new IllegalArgumentException(operator + " is for text");
        };
    }

    private static Instant bounded(Instant instant) {
        // Years 1 to 9999 and then some: beyond, nothing is stored, and the number has no overflow.
        long seconds = Math.clamp(instant.getEpochSecond(), -100_000_000_000L, 400_000_000_000L);
        return seconds == instant.getEpochSecond() ? instant : Instant.ofEpochSecond(seconds);
    }

    private static String storable(Field field, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "the query cannot be used",
                    List.of(Problem.of(field.wireName(), "must not have the character NUL")));
        }
        return value;
    }

    /** As the database folds it: A to Z only. */
    private static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        return folded.toString();
    }
}
