package dev.ratchet.api.web;

import dev.ratchet.api.json.Schema;
import dev.ratchet.core.common.KnownNames;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A query parameter of a route.
 *
 * @param name as it is written
 * @param description what it is for
 * @param schema what it may be
 * @param reader makes a value of the text; an {@link IllegalArgumentException} says what would be accepted
 */
public record Parameter<T>(String name, String description, Schema schema, Function<String, T> reader) {
    /** The value given, if one is. */
    public Optional<T> in(Query query) {
        return query.one(name).map(text -> {
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                throw Query.invalid(name, String.valueOf(e.getMessage()));
            }
        });
    }

    /** Any text up to a length. */
    public static Parameter<String> text(String name, int maxLength, String description) {
        return new Parameter<>(name, description, Schema.type("string").with("maxLength", maxLength), text -> {
            if (text.length() > maxLength) {
                throw new IllegalArgumentException("is longer than " + maxLength + " characters");
            }
            return text;
        });
    }

    /** A whole number within bounds. */
    public static Parameter<Long> integer(String name, long min, long max, String description) {
        Schema schema = Schema.integer(min, max);
        return new Parameter<>(name, description, schema, text -> {
            String accepted = "must be a whole number from " + min + " to " + max + ", was '" + shortened(text) + "'";
            try {
                long number = Long.parseLong(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(accepted, e);
            }
            throw new IllegalArgumentException(accepted);
        });
    }

    /** A number within bounds. */
    public static Parameter<Double> number(String name, double min, double max, String description) {
        Schema schema = Schema.type("number").with("minimum", min).with("maximum", max);
        return new Parameter<>(name, description, schema, text -> {
            String accepted = "must be a number from " + min + " to " + max + ", was '" + shortened(text) + "'";
            try {
                double number = Double.parseDouble(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(accepted, e);
            }
            throw new IllegalArgumentException(accepted);
        });
    }

    /** {@code true} or {@code false}; a name alone means {@code true}. */
    public static Parameter<Boolean> flag(String name, String description) {
        return new Parameter<>(name, description, Schema.type("boolean"), text -> switch (text) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException("must be true or false, was '" + shortened(text) + "'");
        });
    }

    /** One of an enum's constants, without regard to case. */
    public static <E extends Enum<E>> Parameter<E> choice(String name, Class<E> type, String description) {
        List<E> constants = List.of(type.getEnumConstants());
        List<String> names = constants.stream().map(Enum::name).toList();
        return new Parameter<>(name, description, Schema.choice(names), text -> constants.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(KnownNames.unknown("value", text, names))));
    }

    /** An instant, RFC 3339. */
    public static Parameter<Instant> instant(String name, String description) {
        return new Parameter<>(name, description, Schema.string("date-time"), text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "must be a time such as 2026-01-31T12:00:00Z, was '" + shortened(text) + "'", e);
            }
        });
    }

    /** A UUID. */
    public static Parameter<UUID> uuid(String name, String description) {
        return new Parameter<>(name, description, Schema.string("uuid"), text -> {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("must be a UUID, was '" + shortened(text) + "'", e);
            }
        });
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
