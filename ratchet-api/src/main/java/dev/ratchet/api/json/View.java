package dev.ratchet.api.json;

import dev.ratchet.core.common.JsonText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonGenerator;

/**
 * How something is shown as a JSON object: every property is always there, {@code null} where there is no value. What is
 * published about the object and what is written are the same declaration.
 */
public final class View<T> {
    /** More items than any list within an answer has, for the description. */
    public static final int MAX_ITEMS = 10_000;

    /** Writes one value. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(JsonGenerator target, T value);
    }

    private record Property<T>(String name, Schema schema, Writer<T> writer) {}

    private final String name;
    private final List<Property<T>> properties;

    private View(String name, List<Property<T>> properties) {
        this.name = name;
        this.properties = List.copyOf(properties);
    }

    /** Begins a view. */
    public static <T> Builder<T> named(String name) {
        return new Builder<>(name);
    }

    /** What it is called in the published description. */
    public String name() {
        return name;
    }

    /** Names of the properties in order. */
    public List<String> properties() {
        return properties.stream().map(Property::name).toList();
    }

    /** Views within this one are described by their own. */
    public Schema reference() {
        return Schema.reference(name, this::schema);
    }

    /** The description. */
    public Schema schema() {
        SequencedMap<String, Object> shown = new LinkedHashMap<>();
        properties.forEach(property -> shown.put(property.name(), property.schema()));
        return Schema.type("object").with("properties", shown).with("required", properties());
    }

    /** Writes the object. */
    public void write(JsonGenerator target, T value) {
        target.writeStartObject();
        for (Property<T> property : properties) {
            target.writeName(property.name());
            property.writer().write(target, value);
        }
        target.writeEndObject();
    }

    /** Collects the properties of a view. */
    public static final class Builder<T> {
        private final String name;
        private final List<Property<T>> properties = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        /** Any property. */
        public Builder<T> add(String property, Schema schema, Writer<T> writer) {
            properties.add(new Property<>(property, schema, writer));
            return this;
        }

        /** A string. */
        public Builder<T> text(String property, Function<T, String> value) {
            return add(property, Schema.type("string"), (target, from) -> target.writeString(value.apply(from)));
        }

        /** A string or {@code null}. */
        public Builder<T> optionalText(String property, Function<T, Optional<String>> value) {
            return add(property, Schema.type("string").orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(target::writeString, target::writeNull));
        }

        /** An identifier: anything whose text is a UUID. */
        public Builder<T> id(String property, Function<T, ?> value) {
            return add(
                    property,
                    Schema.string("uuid"),
                    (target, from) -> target.writeString(value.apply(from).toString()));
        }

        /** An identifier or {@code null}. */
        public Builder<T> optionalId(String property, Function<T, ? extends Optional<?>> value) {
            return add(property, Schema.string("uuid").orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(id -> target.writeString(id.toString()), target::writeNull));
        }

        /** One of an enum's constants. */
        public <E extends Enum<E>> Builder<T> choice(String property, Class<E> type, Function<T, E> value) {
            return add(
                    property,
                    choices(type),
                    (target, from) -> target.writeString(value.apply(from).name()));
        }

        /** One of an enum's constants, or {@code null}. */
        public <E extends Enum<E>> Builder<T> optionalChoice(
                String property, Class<E> type, Function<T, Optional<E>> value) {
            return add(property, choices(type).orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(constant -> target.writeString(constant.name()), target::writeNull));
        }

        /** A whole number. */
        public Builder<T> integer(String property, ToLongFunction<T> value) {
            return add(property, Schema.count(), (target, from) -> target.writeNumber(value.applyAsLong(from)));
        }

        /** A whole number or {@code null}. */
        public Builder<T> optionalInteger(String property, Function<T, Optional<Long>> value) {
            return add(property, Schema.count().orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(number -> target.writeNumber(number.longValue()), target::writeNull));
        }

        /** A number; finite. */
        public Builder<T> number(String property, ToDoubleFunction<T> value) {
            return add(
                    property, Schema.type("number"), (target, from) -> target.writeNumber(value.applyAsDouble(from)));
        }

        /** A number or {@code null}. */
        public Builder<T> optionalNumber(String property, Function<T, Optional<Double>> value) {
            return add(property, Schema.type("number").orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(number -> target.writeNumber(number.doubleValue()), target::writeNull));
        }

        /** {@code true} or {@code false}. */
        public Builder<T> flag(String property, Predicate<T> value) {
            return add(property, Schema.type("boolean"), (target, from) -> target.writeBoolean(value.test(from)));
        }

        /** An instant in UTC, to the millisecond. */
        public Builder<T> time(String property, Function<T, Instant> value) {
            return add(property, Schema.string("date-time"), (target, from) -> writeTime(target, value.apply(from)));
        }

        /** An instant or {@code null}. */
        public Builder<T> optionalTime(String property, Function<T, Optional<Instant>> value) {
            return add(property, Schema.string("date-time").orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(instant -> writeTime(target, instant), target::writeNull));
        }

        /** Any JSON value, as it was written once; {@code null} where there is none. */
        public Builder<T> json(String property, Function<T, Optional<JsonText>> value) {
            return add(property, Schema.ANY, (target, from) -> value.apply(from)
                    .ifPresentOrElse(json -> target.writeRawValue(json.value()), target::writeNull));
        }

        /** Some strings. */
        public Builder<T> texts(String property, Function<T, List<String>> value) {
            return add(property, Schema.arrayOf(Schema.type("string")).with("maxItems", MAX_ITEMS), (target, from) -> {
                target.writeStartArray();
                value.apply(from).forEach(target::writeString);
                target.writeEndArray();
            });
        }

        /** An object that is shown by another view. */
        public <R> Builder<T> object(String property, View<R> view, Function<T, R> value) {
            return add(property, view.reference(), (target, from) -> view.write(target, value.apply(from)));
        }

        /** An object that is shown by another view, or {@code null}. */
        public <R> Builder<T> optionalObject(String property, View<R> view, Function<T, Optional<R>> value) {
            return add(property, view.reference().orNull(), (target, from) -> value.apply(from)
                    .ifPresentOrElse(inner -> view.write(target, inner), target::writeNull));
        }

        /** Objects that are shown by another view. */
        public <R> Builder<T> objects(String property, View<R> view, Function<T, List<R>> value) {
            return add(property, Schema.arrayOf(view.reference()).with("maxItems", MAX_ITEMS), (target, from) -> {
                target.writeStartArray();
                value.apply(from).forEach(inner -> view.write(target, inner));
                target.writeEndArray();
            });
        }

        /** The view. */
        public View<T> build() {
            return new View<>(name, properties);
        }

        private static <E extends Enum<E>> Schema choices(Class<E> type) {
            return Schema.choice(
                    List.of(type.getEnumConstants()).stream().map(Enum::name).toList());
        }
    }

    /** Writes an instant as every answer does: RFC 3339 in UTC. */
    public static void writeTime(JsonGenerator target, Instant instant) {
        target.writeString(instant.truncatedTo(ChronoUnit.MILLIS).toString());
    }
}
