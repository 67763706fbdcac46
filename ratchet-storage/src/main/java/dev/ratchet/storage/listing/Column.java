package dev.ratchet.storage.listing;

import java.util.Map;
import java.util.Objects;

/**
 * Where a property of a resource is found. Expressions are constants of the program; nothing of a request gets into them.
 * {@code {now}} in one stands for the present as epoch milliseconds.
 */
public sealed interface Column {
    /**
     * A value as it is stored: text, a number, or a boolean for a FLAG.
     *
     * @param expression SQL for it
     * @param nullable whether it can be absent; an absent value sorts before every other
     */
    record Stored(String expression, boolean nullable) implements Column {
        public Stored {
            Objects.requireNonNull(expression, "expression");
        }
    }

    /**
     * A choice that is stored as a number and sorts by it.
     *
     * @param expression SQL for the number
     * @param numbers the number of each choice
     */
    record Ranked(String expression, Map<String, Integer> numbers) implements Column {
        public Ranked {
            numbers = Map.copyOf(numbers);
        }
    }

    /**
     * A property of which there are several: a condition holds when it does of one of them, and a negative one when it
     * does of all.
     *
     * @param expression SQL for a JSON array of texts, never null
     */
    record Labels(String expression) implements Column {
        public Labels {
            Objects.requireNonNull(expression, "expression");
        }
    }

    /**
     * Something that is so or not, and is computed. Never sorted by.
     *
     * @param condition SQL that is true or false, and never null
     */
    record Computed(String condition) implements Column {
        public Computed {
            Objects.requireNonNull(condition, "condition");
        }
    }

    /** A value that is always there. */
    static Column of(String expression) {
        return new Stored(expression, false);
    }

    /** A value that can be absent. */
    static Column nullable(String expression) {
        return new Stored(expression, true);
    }
}
