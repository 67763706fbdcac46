package dev.ratchet.core.listing;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One thing that must hold of a listed object.
 *
 * @param field which property
 * @param operator how it is compared
 * @param values with what, in the Java type of the field's kind: {@link String}, {@link UUID}, {@link Instant},
 *     {@link Long}, {@link Double}, {@link Boolean}; exactly one unless the operator {@link Operator#isSet()}
 */
public record Condition<F extends Enum<F> & Field>(F field, Operator operator, List<Object> values) {
    /** Most values of a set. */
    public static final int MAX_VALUES = 100;

    /** Longest text compared with. */
    public static final int MAX_TEXT = 1_000;

    public Condition {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(operator, "operator");
        values = List.copyOf(values);
        if (values.isEmpty() || (values.size() > 1 && !operator.isSet())) {
            throw new IllegalArgumentException(operator + " with " + values.size() + " values");
        }
    }

    /** The property equals the value. */
    public static <F extends Enum<F> & Field> Condition<F> equal(F field, Object value) {
        return new Condition<>(field, Operator.EQ, List.of(value));
    }

    /**
     * Understands what a user wrote.
     *
     * @param source what to call the condition in a problem: the parameter's name
     * @param given the values as text
     * @throws RatchetException VALIDATION_ERROR when the operator does not fit the field or a value is not of its kind
     */
    public static <F extends Enum<F> & Field> Condition<F> parse(
            String source, F field, Operator operator, List<String> given) {
        refusal(field, operator).ifPresent(message -> {
            throw invalid(source, message);
        });
        if (given.isEmpty() || given.size() > MAX_VALUES) {
            throw invalid(source, "needs 1 to " + MAX_VALUES + " values, has " + given.size());
        }
        List<Object> values =
                given.stream().map(text -> value(source, field, text)).toList();
        return new Condition<>(field, operator, values);
    }

    private static <F extends Enum<F> & Field> Optional<String> refusal(F field, Operator operator) {
        boolean fits =
                switch (field.kind()) {
                    case TEXT -> true;
                    case IDENTIFIER, CHOICE -> !operator.isTextual() && !operator.isOrdering();
                    case INSTANT, INTEGER, DECIMAL -> !operator.isTextual();
                    case FLAG -> operator == Operator.EQ || operator == Operator.NE;
                };
        return fits
                ? Optional.empty()
                : Optional.of(field.wireName() + " cannot be compared with '" + operator.wireName() + "'");
    }

    private static <F extends Enum<F> & Field> Object value(String source, F field, String text) {
        if (text.length() > MAX_TEXT) {
            throw invalid(source, "is longer than " + MAX_TEXT + " characters");
        }
        try {
            return switch (field.kind()) {
                case TEXT -> text;
                case IDENTIFIER -> UUID.fromString(text);
                case INSTANT -> OffsetDateTime.parse(text).toInstant();
                case INTEGER -> Long.parseLong(text);
                case DECIMAL -> finite(Double.parseDouble(text));
                case FLAG -> flag(text);
                case CHOICE -> choice(source, field, text);
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid(source, "'" + text + "' is not " + expected(field.kind()));
        }
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not finite");
        }
        return value;
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return text.equals("true");
    }

    private static <F extends Enum<F> & Field> String choice(String source, F field, String text) {
        return field.choices().stream()
                .filter(text::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> invalid(source, KnownNames.unknown("value", text, field.choices())));
    }

    private static String expected(Field.Kind kind) {
        return switch (kind) {
            case TEXT -> "a text";
            case IDENTIFIER -> "a UUID";
            case INSTANT -> "a time such as 2026-01-31T12:00:00Z";
            case INTEGER -> "a whole number";
            case DECIMAL -> "a number";
            case FLAG -> "true or false";
            case CHOICE -> "one of the known values";
        };
    }

    private static RatchetException invalid(String source, String message) {
        return new RatchetException(
                ErrorCode.VALIDATION_ERROR, "the query cannot be used", List.of(Problem.of(source, message)));
    }
}
