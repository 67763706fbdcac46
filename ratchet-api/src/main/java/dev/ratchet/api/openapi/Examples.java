package dev.ratchet.api.openapi;

import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.Schema.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes values that fit a schema, where the schema brings no example of its own. */
final class Examples {
    private static final String UUID = "0198c0de-0000-7000-8000-000000000000";

    private Examples() {}

    /** A value that fits. */
    static Object of(Schema schema) {
        Map<String, Object> keywords = schema.keywords();
        if (keywords.get("examples") instanceof List<?> examples) {
            return examples.getFirst();
        }
        if (keywords.containsKey("default")) {
            return keywords.get("default");
        }
        if (keywords.get("$ref") instanceof Reference(String _, var definition)) {
            return of(definition.get());
        }
        if (keywords.get("enum") instanceof List<?> choices) {
            return choices.getFirst();
        }
        if (keywords.get("anyOf") instanceof List<?> choices && choices.getFirst() instanceof Schema first) {
            return of(first);
        }
        return switch (type(keywords)) {
            case "boolean" -> true;
            case "integer", "number" -> Math.max(1, least(keywords));
            case "string" -> text(keywords);
            case "array" -> keywords.get("items") instanceof Schema items ? List.of(of(items)) : List.of();
            default -> object(keywords);
        };
    }

    private static String type(Map<String, Object> keywords) {
        Object type = keywords.get("type");
        return String.valueOf(type instanceof List<?> types ? types.getFirst() : type);
    }

    private static long least(Map<String, Object> keywords) {
        return keywords.get("minimum") instanceof Number least ? least.longValue() : 1;
    }

    private static String text(Map<String, Object> keywords) {
        return switch (String.valueOf(keywords.get("format"))) {
            case "uuid" -> UUID;
            case "date-time" -> "2026-01-31T12:00:00Z";
            case "uri" -> "https://example.com/";
            default -> "text";
        };
    }

    private static Object object(Map<String, Object> keywords) {
        Map<String, Object> example = new LinkedHashMap<>();
        if (keywords.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, schema) -> {
                if (schema instanceof Schema known) {
                    example.put(String.valueOf(name), of(known));
                }
            });
        }
        return example;
    }
}
