package dev.ratchet.api.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * A JSON Schema (2020-12, the dialect of OpenAPI 3.1) of a value in a body or an answer, for the published description.
 *
 * @param keywords in the order they are shown; values are strings, numbers, booleans, schemas, lists and maps of these
 */
public record Schema(SequencedMap<String, Object> keywords) {
    /** Any JSON value. */
    public static final Schema ANY = of(Map.of());

    public Schema {
        keywords = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(keywords));
    }

    private static Schema of(Map<String, ?> keywords) {
        return new Schema(new LinkedHashMap<>(keywords));
    }

    /** A value of one type. */
    public static Schema type(String type) {
        return of(Map.of("type", type));
    }

    /** A string of a well-known form, such as {@code uuid}. */
    public static Schema string(String format) {
        Schema schema = type("string").with("format", format);
        return switch (format) {
            case "uuid" -> schema.with("maxLength", 36);
            case "date-time" -> schema.with("maxLength", 40);
            default -> schema;
        };
    }

    /** A whole number within bounds. */
    public static Schema integer(long min, long max) {
        return type("integer").with("format", "int64").with("minimum", min).with("maximum", max);
    }

    /** A whole number, 0 or more, that every JSON reader can hold. */
    public static Schema count() {
        return integer(0, 9_007_199_254_740_991L);
    }

    /** One of some strings. */
    public static Schema choice(List<String> values) {
        return type("string").with("enum", values);
    }

    /** An array. */
    public static Schema arrayOf(Schema items) {
        return type("array").with("items", items);
    }

    /**
     * Something that is described once, under its name; the value of the keyword {@code $ref}.
     *
     * @param name unique among everything described
     * @param definition what it is
     */
    public record Reference(String name, Supplier<Schema> definition) {}

    /** Refers to something that is described once. */
    public static Schema reference(String name, Supplier<Schema> definition) {
        return of(Map.of("$ref", new Reference(name, definition)));
    }

    /** The same with one more keyword. */
    public Schema with(String keyword, Object value) {
        SequencedMap<String, Object> all = new LinkedHashMap<>(keywords);
        all.put(keyword, value);
        return new Schema(all);
    }

    /** The same with something said about it. */
    public Schema described(String description) {
        return with("description", description);
    }

    /** The same, or {@code null}. */
    public Schema orNull() {
        if (keywords.isEmpty()) {
            return this;
        }
        if (keywords.get("type") instanceof String type && !keywords.containsKey("enum")) {
            return with("type", List.of(type, "null"));
        }
        return of(Map.of("anyOf", List.of(this, type("null"))));
    }
}
