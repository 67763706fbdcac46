package dev.ratchet.api.web;

import dev.ratchet.api.json.Schema;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.Field;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Order;
import dev.ratchet.core.listing.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The query parameters of a list: every filter its fields allow, {@code _sort} and {@code _order}, and a slice by {@code
 * page} and {@code limit}, by {@code _start} and {@code _end}, or by {@code cursor} and {@code limit}. Names are
 * understood in {@code snake_case} and in {@code camelCase}.
 */
public final class ListParameters<F extends Enum<F> & Field> {
    /** Items of a page where nobody asks for another number. */
    public static final int DEFAULT_LIMIT = 25;

    private static final Parameter<Long> PAGE =
            Parameter.integer("page", 1, 1_000_000_000, "Which page, from 1; with a total");
    private static final Parameter<Long> LIMIT = Parameter.integer("limit", 1, Slice.MAX_LIMIT, "Items of a page");
    private static final Parameter<Long> START =
            Parameter.integer("_start", 0, 100_000_000_000L, "Items to leave out; with _end");
    private static final Parameter<Long> END = Parameter.integer(
            "_end", 1, 100_000_000_100L, "Item to stop before; at most " + Slice.MAX_LIMIT + " after _start");
    private static final Parameter<String> CURSOR = Parameter.text(
            "cursor", 2_000, "Where the page before ended, or empty for the first; every page costs the same");
    private static final Parameter<String> SORT =
            Parameter.text("_sort", 500, "Properties to sort by, parted by commas");
    private static final Parameter<String> ORDER =
            Parameter.text("_order", 100, "ASC or DESC for each of _sort, or one for all");
    private static final List<Parameter<?>> GENERAL = List.of(PAGE, LIMIT, START, END, CURSOR, SORT, ORDER);

    /** Values parted by commas. */
    private static final Schema SET =
            Schema.type("string").with("maxLength", Condition.MAX_VALUES * (Condition.MAX_TEXT + 1));

    private record Filter<F>(F field, Operator operator) {}

    private final Map<String, Filter<F>> filters = new LinkedHashMap<>();
    private final Map<String, F> sortable = new LinkedHashMap<>();

    /** Every field under its own name with every operator that fits, and times also as {@code …_after} and {@code …_before}. */
    public ListParameters(Class<F> fields) {
        for (F field : fields.getEnumConstants()) {
            addFilters(field.wireName(), field);
            if (field.kind() == Field.Kind.INSTANT) {
                String stem = field.wireName().replaceAll("_(at|for)$", "");
                filters.put(stem + "_after", new Filter<>(field, Operator.GT));
                filters.put(stem + "_before", new Filter<>(field, Operator.LT));
            }
            if (field.sortable()) {
                sortable.put(field.wireName(), field);
            }
        }
    }

    private void addFilters(String name, F field) {
        filters.put(name, new Filter<>(field, Operator.EQ));
        for (Operator operator : Operator.values()) {
            if (fits(field, operator)) {
                filters.put(name + "_" + operator.wireName(), new Filter<>(field, operator));
            }
        }
    }

    private boolean fits(F field, Operator operator) {
        return switch (field.kind()) {
            case TEXT -> true;
            case IDENTIFIER, CHOICE -> !operator.isTextual() && !operator.isOrdering();
            case INSTANT, INTEGER, DECIMAL -> !operator.isTextual();
            case FLAG -> operator == Operator.EQ || operator == Operator.NE;
        };
    }

    /** One more name for a filter. */
    public ListParameters<F> alias(String name, F field, Operator operator) {
        filters.put(name, new Filter<>(field, operator));
        return this;
    }

    /** One more name for a field, with every operator, and for sorting where the field allows it. */
    public ListParameters<F> alias(String name, F field) {
        addFilters(name, field);
        if (field.sortable()) {
            sortable.put(name, field);
        }
        return this;
    }

    /** Lets a field with a closed set of values be compared by the order in which they are declared. */
    public ListParameters<F> ranked(F field) {
        for (Operator operator : Operator.values()) {
            if (operator.isOrdering()) {
                filters.put(field.wireName() + "_" + operator.wireName(), new Filter<>(field, operator));
            }
        }
        return this;
    }

    /** Whether the parameter is one of the list's. */
    boolean knows(String parameter) {
        return GENERAL.stream().anyMatch(general -> general.name().equals(parameter))
                || filters.containsKey(snake(parameter));
    }

    /** Every name that is understood, in {@code snake_case}. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        GENERAL.forEach(general -> names.add(general.name()));
        names.addAll(filters.keySet());
        return names;
    }

    /** The parameters with what they may be, for the description. */
    public List<Parameter<?>> described() {
        List<Parameter<?>> all = new ArrayList<>(GENERAL);
        filters.forEach((name, filter) -> all.add(new Parameter<>(
                name,
                "Only those whose " + filter.field().wireName() + " " + phrase(filter.operator()),
                filter.operator().isSet() ? SET : schema(filter.field()),
                text -> text)));
        return all;
    }

    /** The properties a list can be sorted by, in {@code snake_case}. */
    public List<String> sortNames() {
        return List.copyOf(sortable.keySet());
    }

    /**
     * What the request asks for.
     *
     * @throws RatchetException VALIDATION_ERROR naming the parameter and what would be accepted
     */
    public ListQuery<F> read(Query query) {
        List<Condition<F>> conditions = new ArrayList<>();
        query.asMap().forEach((name, values) -> {
            Filter<F> filter = filters.get(snake(name));
            if (filter != null) {
                conditions.add(condition(name, filter, values));
            }
        });
        return new ListQuery<>(conditions, orders(query), slice(query));
    }

    private Condition<F> condition(String name, Filter<F> filter, List<String> values) {
        List<String> given = filter.operator().isSet()
                ? values.stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .map(String::strip)
                        .toList()
                : values;
        if (given.size() > 1 && !filter.operator().isSet()) {
            throw Query.invalid(
                    name,
                    "is given " + given.size() + " times; for one of several values use "
                            + filter.field().wireName() + "_in");
        }
        try {
            if (filter.field().kind() == Field.Kind.CHOICE && filter.operator().isOrdering()) {
                return ranked(name, filter, given.getFirst());
            }
            return Condition.parse(name, filter.field(), filter.operator(), given);
        } catch (RatchetException e) {
            throw Query.invalid(
                    name,
                    e.problems().isEmpty()
                            ? "cannot be used"
                            : e.problems().getFirst().message());
        }
    }

    /** "At least HIGH" as "one of HIGH, CRITICAL". */
    private Condition<F> ranked(String name, Filter<F> filter, String given) {
        List<String> choices = filter.field().choices();
        Object bound = Condition.parse(name, filter.field(), Operator.EQ, List.of(given))
                .values()
                .getFirst();
        int rank = choices.indexOf((String) bound);
        List<Object> fitting = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            boolean fits =
                    switch (filter.operator()) {
                        case GT -> i > rank;
                        case GTE -> i >= rank;
                        case LT -> i < rank;
                        case LTE -> i <= rank;
                        case EQ, NE, IN, NOT_IN, LIKE, CONTAINS, STARTS_WITH, ENDS_WITH ->
                            throw new IllegalStateException(filter.operator() + " does not rank");
                    };
            if (fits) {
                fitting.add(choices.get(i));
            }
        }
        // Nothing is above the highest; "none of all" finds nothing and stays one plain condition.
        return fitting.isEmpty()
                ? new Condition<>(filter.field(), Operator.NOT_IN, List.copyOf(choices))
                : new Condition<>(filter.field(), Operator.IN, fitting);
    }

    private List<Order<F>> orders(Query query) {
        Optional<String> sort = SORT.in(query).filter(text -> !text.isBlank());
        List<Boolean> descending = ORDER.in(query).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(ListParameters::descending)
                .toList();
        if (sort.isEmpty()) {
            if (!descending.isEmpty()) {
                throw Query.invalid("_order", "needs _sort; accepted: " + String.join(", ", sortable.keySet()));
            }
            return List.of();
        }
        String[] names = sort.get().split(",", -1);
        if (descending.size() > 1 && descending.size() != names.length) {
            throw Query.invalid(
                    "_order",
                    "has " + descending.size() + " directions for " + names.length
                            + " properties; give one for all or one for each");
        }
        List<Order<F>> orders = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            String name = names[i].strip();
            F field = sortable.get(snake(name));
            if (field == null) {
                throw Query.invalid("_sort", KnownNames.unknown("property", name, sortable.keySet()));
            }
            orders.add(new Order<>(field, !descending.isEmpty() && descending.get(descending.size() == 1 ? 0 : i)));
        }
        return orders;
    }

    private static boolean descending(String direction) {
        return switch (direction.strip().toUpperCase(Locale.ROOT)) {
            case "ASC" -> false;
            case "DESC" -> true;
            default -> throw Query.invalid("_order", "must be ASC or DESC, was '" + direction + "'");
        };
    }

    private static Slice slice(Query query) {
        Optional<Long> start = START.in(query);
        Optional<Long> end = END.in(query);
        Optional<Long> page = PAGE.in(query);
        Optional<Long> limit = LIMIT.in(query);
        Optional<String> cursor = CURSOR.in(query);
        if (start.isPresent() || end.isPresent()) {
            if (page.isPresent() || limit.isPresent() || cursor.isPresent()) {
                throw Query.invalid("_start", "and _end go with no page, limit or cursor");
            }
            long from = start.orElse(0L);
            long to = end.orElse(from + DEFAULT_LIMIT);
            if (to <= from || to - from > Slice.MAX_LIMIT) {
                throw Query.invalid("_end", "must be 1 to " + Slice.MAX_LIMIT + " more than _start, which is " + from);
            }
            return new Slice.Numbered(from, (int) (to - from));
        }
        int size = limit.orElse((long) DEFAULT_LIMIT).intValue();
        if (cursor.isPresent()) {
            if (page.isPresent()) {
                throw Query.invalid("cursor", "and page exclude each other");
            }
            return new Slice.After(cursor.filter(text -> !text.isEmpty()), size);
        }
        return new Slice.Numbered((page.orElse(1L) - 1) * size, size);
    }

    /**
     * The conditions of a JSON object of filters, for bulk actions: the same names as in a query, with strings, numbers,
     * booleans, or arrays of these as values.
     */
    public List<Condition<F>> conditions(SequencedMap<String, List<String>> given) {
        List<Condition<F>> conditions = new ArrayList<>();
        given.forEach((name, values) -> {
            Filter<F> filter = filters.get(snake(name));
            if (filter == null) {
                throw new RatchetException(
                        ErrorCode.VALIDATION_ERROR,
                        "the filter cannot be used: " + KnownNames.unknown("filter", name, filters.keySet()));
            }
            conditions.add(condition(name, filter, values));
        });
        return conditions;
    }

    /** {@code createdAtGte} as {@code created_at_gte}; what has no capitals stays as it is. */
    static String snake(String name) {
        StringBuilder snake = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c + ('a' - 'A')));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    private Schema schema(F field) {
        return switch (field.kind()) {
            case TEXT -> Schema.type("string").with("maxLength", Condition.MAX_TEXT);
            case IDENTIFIER -> Schema.string("uuid");
            case INSTANT -> Schema.string("date-time");
            case INTEGER -> Schema.integer(-9_007_199_254_740_991L, 9_007_199_254_740_991L);
            case DECIMAL -> Schema.type("number");
            case FLAG -> Schema.type("boolean");
            case CHOICE -> Schema.choice(field.choices());
        };
    }

    private static String phrase(Operator operator) {
        return switch (operator) {
            case EQ -> "is this";
            case NE -> "is not this, or is absent";
            case IN -> "is one of these, parted by commas";
            case NOT_IN -> "is none of these, parted by commas";
            case LIKE -> "matches this pattern of % and _";
            case CONTAINS -> "contains this";
            case STARTS_WITH -> "begins with this";
            case ENDS_WITH -> "ends with this";
            case GT -> "is greater or later than this";
            case GTE -> "is this, or greater or later";
            case LT -> "is less or earlier than this";
            case LTE -> "is this, or less or earlier";
        };
    }

    @Override
    public String toString() {
        return "filters " + Objects.toString(filters.keySet());
    }
}
