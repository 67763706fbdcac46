package dev.ratchet.execution.recording;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object or array of a document being read. Whatever is not as it should be becomes a {@link RatchetException} that
 * names the place by its pointer.
 */
record Fields(String source, String pointer, JsonNode node) {
    RatchetException fault(String key, String message) {
        return fault(new Problem(source, Json.pointer(pointer, key), message));
    }

    RatchetException fault(String message) {
        return fault(new Problem(source, pointer, message));
    }

    private static RatchetException fault(Problem problem) {
        return new RatchetException(ErrorCode.VALIDATION_ERROR, problem.toString(), List.of(problem));
    }

    boolean has(String key) {
        JsonNode value = node.get(key);
        return value != null && !value.isNull();
    }

    JsonNode json(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            throw fault(key, "is missing");
        }
        return value;
    }

    String text(String key) {
        JsonNode value = json(key);
        if (!value.isString()) {
            throw fault(key, "must be a string");
        }
        return value.stringValue();
    }

    @Nullable
    String textOrNull(String key) {
        return has(key) ? text(key) : null;
    }

    /** A string in a form that {@code parser} understands, which says no with an {@link IllegalArgumentException}. */
    <T> T parsed(String key, String accepted, Function<String, T> parser) {
        String text = text(key);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException _) {
            throw fault(key, "'" + text + "' is not " + accepted);
        }
    }

    <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        String text = text(key);
        for (E constant : type.getEnumConstants()) {
            if (wireName(constant).equals(text)) {
                return constant;
            }
        }
        List<String> accepted =
                Arrays.stream(type.getEnumConstants()).map(Fields::wireName).toList();
        throw fault(key, "'" + text + "' is unknown; accepted: " + String.join(", ", accepted));
    }

    static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    boolean flag(String key) {
        JsonNode value = json(key);
        if (!value.isBoolean()) {
            throw fault(key, "must be true or false");
        }
        return value.asBoolean();
    }

    long integer(String key, long least) {
        JsonNode value = json(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
            throw fault(key, "must be an integer of at least " + least);
        }
        return value.longValue();
    }

    int smallInteger(String key, int least) {
        long value = integer(key, least);
        if (value > Integer.MAX_VALUE) {
            throw fault(key, "must be at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    double number(String key) {
        JsonNode value = json(key);
        if (!value.isNumber()) {
            throw fault(key, "must be a number");
        }
        return value.numberValue().doubleValue();
    }

    Fields object(String key) {
        JsonNode value = json(key);
        if (!value.isObject()) {
            throw fault(key, "must be an object");
        }
        return new Fields(source, Json.pointer(pointer, key), value);
    }

    /** Reads every element of an array, whatever its type. */
    <T> List<T> elements(String key, Function<Fields, T> reader) {
        JsonNode value = json(key);
        if (!value.isArray()) {
            throw fault(key, "must be an array");
        }
        String place = Json.pointer(pointer, key);
        List<T> read = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            read.add(reader.apply(new Fields(source, Json.pointer(place, i), value.get(i))));
        }
        return read;
    }

    /** Reads every element of an array of objects. */
    <T> List<T> objects(String key, Function<Fields, T> reader) {
        return elements(key, element -> {
            if (!element.node().isObject()) {
                throw element.fault("must be an object");
            }
            return reader.apply(element);
        });
    }

    String asText() {
        if (!node.isString()) {
            throw fault("must be a string");
        }
        return node.stringValue();
    }

    /** Reads an array of exactly two elements. */
    <T> T asPair(String accepted, BiFunction<JsonNode, JsonNode, @Nullable T> reader) {
        T read = node.isArray() && node.size() == 2 ? reader.apply(node.get(0), node.get(1)) : null;
        if (read == null) {
            throw fault("must be " + accepted);
        }
        return read;
    }
}
