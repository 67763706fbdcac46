package dev.ratchet.core.listing;

import java.util.List;
import java.util.Locale;

/**
 * A property by which a resource's lists can be filtered and, where {@link #sortable()}, sorted. Each resource has an enum
 * of them; its constants are the only names that reach a query.
 */
public interface Field {
    /** What values look like. */
    enum Kind {
        /** Any text. */
        TEXT,
        /** A UUID. */
        IDENTIFIER,
        /** An instant, RFC 3339. */
        INSTANT,
        /** A whole number. */
        INTEGER,
        /** A number. */
        DECIMAL,
        /** {@code true} or {@code false}; often computed from other properties, such as "can be retried". */
        FLAG,
        /** One of {@link Field#choices()}. */
        CHOICE
    }

    /**
     * What can be done with a property.
     *
     * @param kind what values look like
     * @param sortable whether lists can be sorted by it
     * @param choices the values of a {@link Kind#CHOICE}, parted by spaces; empty otherwise
     */
    record Trait(Kind kind, boolean sortable, String choices) {
        /** A property for filters. */
        public static Trait of(Kind kind) {
            return new Trait(kind, false, "");
        }

        /** A property for filters and sorting. */
        public static Trait sortable(Kind kind) {
            return new Trait(kind, true, "");
        }

        /** A property with a closed set of values. */
        public static Trait choice(boolean sortable, String choices) {
            return new Trait(Kind.CHOICE, sortable, choices);
        }
    }

    /** What can be done with it. */
    Trait trait();

    /** The constant's name. */
    String name();

    /** The name as a user writes it, in {@code snake_case}. */
    default String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What values look like. */
    default Kind kind() {
        return trait().kind();
    }

    /** Whether lists can be sorted by it. */
    default boolean sortable() {
        return trait().sortable();
    }

    /** The values of a {@link Kind#CHOICE}, as a user writes them; empty otherwise. */
    default List<String> choices() {
        String choices = trait().choices();
        return choices.isEmpty() ? List.of() : List.of(choices.split(" "));
    }
}
