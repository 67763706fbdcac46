package dev.ratchet.api.json;

import dev.ratchet.api.json.JsonValue.Kind;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A member of a body: its names, what it may be, and how it is read. What is published about it and what is checked are
 * the same declaration.
 *
 * @param name the name it is published under
 * @param aliases other names that are understood
 * @param required whether a body must have it
 * @param schema what it may be
 * @param reader makes a value of it
 */
public record Member<T>(String name, List<String> aliases, boolean required, Schema schema, Reader<T> reader) {
    /** Makes a value of JSON, which is not {@code null}. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Empty when it does not fit; then there is at least one more problem. */
        Optional<T> read(JsonValue value, List<Problem> problems);
    }

    /** What problems of a body have as their source. */
    public static final String SOURCE = "body";

    public Member {
        aliases = List.copyOf(aliases);
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(reader, "reader");
    }

    /** The same, without which a body is refused. */
    public Member<T> mandatory() {
        return new Member<>(name, aliases, true, schema, reader);
    }

    /** The same, understood under other names too. */
    public Member<T> orNamed(String... others) {
        return new Member<>(name, Arrays.asList(others), required, schema, reader);
    }

    /** The same with something said about it. */
    public Member<T> described(String description) {
        return new Member<>(name, aliases, required, schema.described(description), reader);
    }

    /** The same with the value that holds where it is absent; for the description only. */
    public Member<T> defaultsTo(Object value) {
        return new Member<>(name, aliases, required, schema.with("default", value), reader);
    }

    /** The same with an example. */
    public Member<T> example(Object value) {
        return new Member<>(name, aliases, required, schema.with("examples", List.of(value)), reader);
    }

    /** The same, made into something else; a refusal by {@code mapper} is a problem with its message. */
    public <R> Member<R> as(Function<T, R> mapper) {
        return new Member<>(name, aliases, required, schema, (value, problems) -> reader.read(value, problems)
                .flatMap(read -> {
                    try {
                        return Optional.of(mapper.apply(read));
                    } catch (IllegalArgumentException | RatchetException e) {
                        problems.add(new Problem(SOURCE, value.pointer(), String.valueOf(e.getMessage())));
                        return Optional.empty();
                    }
                }));
    }

    /** A string. */
    public static Member<String> text(String name, int minLength, int maxLength) {
        Schema schema = Schema.type("string").with("minLength", minLength).with("maxLength", maxLength);
        return optional(name, schema, (value, problems) -> {
            if (value.kind() != Kind.STRING) {
                return unfit(value, problems, "must be a string");
            }
            int length = value.string().length();
            if (length < minLength || length > maxLength) {
                return unfit(
                        value, problems, "must have " + minLength + " to " + maxLength + " characters, has " + length);
            }
            if (value.string().indexOf('\0') >= 0) {
                return unfit(value, problems, "must not hold the character U+0000");
            }
            return Optional.of(value.string());
        });
    }

    /** {@code true} or {@code false}. */
    public static Member<Boolean> flag(String name) {
        return optional(name, Schema.type("boolean"), (value, problems) -> switch (value.kind()) {
            case TRUE -> Optional.of(true);
            case FALSE -> Optional.of(false);
            case OBJECT, ARRAY, STRING, INTEGER, DECIMAL, NULL -> unfit(value, problems, "must be true or false");
        });
    }

    /** A whole number within bounds. */
    public static Member<Long> integer(String name, long min, long max) {
        Schema schema = Schema.integer(min, max);
        return optional(name, schema, (value, problems) -> {
            Optional<Long> number = wholeNumber(value).filter(n -> n >= min && n <= max);
            return number.isPresent()
                    ? number
                    : unfit(value, problems, "must be a whole number from " + min + " to " + max);
        });
    }

    private static Optional<Long> wholeNumber(JsonValue value) {
        if (value.kind() != Kind.INTEGER || value.raw().length() > 20) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(value.raw()));
        } catch (NumberFormatException e) {
            return Optional.empty(); // larger than a long
        }
    }

    /** A time span given in seconds, with fractions. */
    public static Member<Duration> seconds(String name, long minMillis, long maxMillis) {
        BigDecimal min = BigDecimal.valueOf(minMillis, 3).stripTrailingZeros();
        BigDecimal max = BigDecimal.valueOf(maxMillis, 3).stripTrailingZeros();
        Schema schema = Schema.type("number").with("minimum", min).with("maximum", max);
        return optional(name, schema, (value, problems) -> {
            if ((value.kind() == Kind.INTEGER || value.kind() == Kind.DECIMAL)
                    && value.raw().length() <= 20) {
                // A short text can still name a huge number; the bounds come before any conversion.
                BigDecimal seconds = new BigDecimal(value.raw());
                if (seconds.compareTo(min) >= 0 && seconds.compareTo(max) <= 0) {
                    return Optional.of(
                            Duration.ofMillis(seconds.movePointRight(3).longValue()));
                }
            }
            return unfit(
                    value,
                    problems,
                    "must be a number of seconds from " + min.toPlainString() + " to " + max.toPlainString());
        });
    }

    /** An instant, RFC 3339. */
    public static Member<Instant> instant(String name) {
        return optional(name, Schema.string("date-time"), (value, problems) -> {
            if (value.kind() == Kind.STRING) {
                try {
                    Instant instant = OffsetDateTime.parse(value.string()).toInstant();
                    if (instant.getEpochSecond() > 0 && instant.getEpochSecond() < 253_402_300_800L) {
                        return Optional.of(instant);
                    }
                } catch (DateTimeException e) {
                    return unfit(value, problems, "must be a time such as 2026-01-31T12:00:00Z");
                }
            }
            return unfit(value, problems, "must be a time such as 2026-01-31T12:00:00Z, in the years 1970 to 9999");
        });
    }

    /** One of an enum's constants, without regard to case. */
    public static <E extends Enum<E>> Member<E> choice(String name, Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        List<String> names = constants.stream().map(Enum::name).toList();
        return optional(name, Schema.choice(names), (value, problems) -> {
            if (value.kind() != Kind.STRING) {
                return unfit(value, problems, "must be one of " + String.join(", ", names));
            }
            Optional<E> found = constants.stream()
                    .filter(constant -> constant.name().equalsIgnoreCase(value.string()))
                    .findFirst();
            return found.isPresent()
                    ? found
                    : unfit(value, problems, KnownNames.unknown("value", value.string(), names));
        });
    }

    /** One of some words, without regard to case; read as it is declared. */
    public static Member<String> word(String name, List<String> words) {
        return optional(name, Schema.choice(words), (value, problems) -> {
            Optional<String> found =
                    words.stream().filter(value.string()::equalsIgnoreCase).findFirst();
            return found.isPresent()
                    ? found
                    : unfit(value, problems, KnownNames.unknown("value", value.string(), words));
        });
    }

    /** Any JSON value, kept as it was written. */
    public static Member<JsonText> json(String name) {
        return optional(name, Schema.ANY, (value, _) -> Optional.of(value.document()));
    }

    /** An object of any content, kept as it was written. */
    public static Member<JsonText> jsonObject(String name) {
        return optional(
                name,
                Schema.type("object"),
                (value, problems) -> value.kind() == Kind.OBJECT
                        ? Optional.of(value.document())
                        : unfit(value, problems, "must be an object"));
    }

    /** Several values of one kind. */
    public static <T> Member<List<T>> list(String name, int maxItems, Member<T> item) {
        Schema schema = Schema.arrayOf(item.schema()).with("maxItems", maxItems);
        return optional(name, schema, (value, problems) -> {
            if (value.kind() != Kind.ARRAY) {
                return unfit(value, problems, "must be an array");
            }
            List<JsonValue> elements = JsonReading.elements(value);
            if (elements.size() > maxItems) {
                return unfit(value, problems, "must have at most " + maxItems + " items, has " + elements.size());
            }
            List<T> items = new ArrayList<>();
            for (JsonValue element : elements) {
                if (element.isNull()) {
                    unfit(element, problems, "must not be null");
                } else {
                    item.reader().read(element, problems).ifPresent(items::add);
                }
            }
            return items.size() == elements.size() ? Optional.of(List.copyOf(items)) : Optional.empty();
        });
    }

    /** An object whose members are known. */
    public static Member<Body> object(String name, Shape shape) {
        return optional(name, shape.reference(), (value, problems) -> Body.read(shape, value, problems));
    }

    private static <T> Member<T> optional(String name, Schema schema, Reader<T> reader) {
        return new Member<>(name, List.of(), false, schema, reader);
    }

    private static <T> Optional<T> unfit(JsonValue value, List<Problem> problems, String accepted) {
        problems.add(new Problem(SOURCE, value.pointer(), accepted + shown(value)));
        return Optional.empty();
    }

    private static String shown(JsonValue value) {
        return switch (value.kind()) {
            case OBJECT, ARRAY, NULL, TRUE, FALSE -> ", is " + value.kind().shown();
            case STRING, INTEGER, DECIMAL -> "";
        };
    }
}
