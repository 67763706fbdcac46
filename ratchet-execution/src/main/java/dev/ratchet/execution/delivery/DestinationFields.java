package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.execution.recording.Json;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object being read. Faults are collected, and a fallback lets the reading go on, so that all of them are found at
 * once. A name is asked for in camel case and found in snake case too. {@code null} is the same as absent.
 */
final class DestinationFields {
    private final String source;
    private final String pointer;
    private final JsonNode node;
    private final List<Problem> problems;
    private final Set<String> known = new HashSet<>();

    DestinationFields(String source, String pointer, JsonNode node, List<Problem> problems) {
        this.source = source;
        this.pointer = pointer;
        this.node = node;
        this.problems = problems;
    }

    void fault(String message) {
        problems.add(new Problem(source, pointer, message));
    }

    /** A fault of one field, in the spelling found. */
    void fault(String name, String message) {
        problems.add(new Problem(source, Json.pointer(pointer, spelling(name)), message));
    }

    boolean has(String name) {
        return find(name) != null;
    }

    @Nullable
    JsonNode find(String name) {
        known.add(name);
        JsonNode value = node.get(spelling(name));
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    String text(String name, int maxLength) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            fault(name, "must be a string");
            return null;
        }
        String text = value.stringValue();
        if (text.length() > maxLength) {
            fault(name, "has " + text.length() + " characters; accepted are at most " + maxLength);
        }
        return text;
    }

    /** A string that has to be there and hold something; {@code ""} after a fault. */
    String required(String name, int maxLength) {
        if (!has(name)) {
            fault(name, "is missing");
            return "";
        }
        String text = text(name, maxLength);
        if (text != null && text.isBlank()) {
            fault(name, "is empty");
        }
        return text == null ? "" : text;
    }

    boolean flag(String name, boolean absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isBoolean()) {
            fault(name, "must be true or false");
            return absent;
        }
        return value.asBoolean();
    }

    /** A whole number within bounds. */
    int integer(String name, int least, int most, int absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            fault(name, "must be a whole number from " + least + " to " + most);
            return absent;
        }
        return value.intValue();
    }

    double number(String name, double least, double most, double absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        double number = value.isNumber() ? value.numberValue().doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            fault(name, "must be a number from " + plain(least) + " to " + plain(most));
            return absent;
        }
        return number;
    }

    /** One of an enumeration's names, in either case, with {@code -} or {@code _}. */
    <E extends Enum<E>> E oneOf(String name, Class<E> type, E absent) {
        String text = text(name, 50);
        if (text == null) {
            return absent;
        }
        String folded = text.toUpperCase(Locale.ROOT).replace('-', '_');
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(folded)) {
                return constant;
            }
        }
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
        fault(name, KnownNames.unknown("value", text, names));
        return absent;
    }

    /** An object within; null when absent or after a fault. */
    @Nullable
    DestinationFields object(String name) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            fault(name, "must be an object");
            return null;
        }
        return new DestinationFields(source, Json.pointer(pointer, spelling(name)), value, problems);
    }

    /** The fields of an object of strings, in order. */
    Map<String, String> strings() {
        Map<String, String> strings = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            known.add(entry.getKey());
            if (entry.getValue().isString()) {
                strings.put(entry.getKey(), entry.getValue().stringValue());
            } else {
                fault(entry.getKey(), "must be a string");
            }
        });
        return strings;
    }

    /** Names nobody asked for are faults. To be called when everything has been asked for. */
    void refuseOthers() {
        Set<String> spellings = new HashSet<>();
        known.forEach(name -> spellings.add(spelling(name)));
        for (String name : node.propertyNames()) {
            if (!spellings.contains(name)) {
                problems.add(new Problem(
                        source, Json.pointer(pointer, name), KnownNames.unknown("option", name, spellings)));
            }
        }
    }

    private String spelling(String name) {
        String snake = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return !node.has(name) && node.has(snake) ? snake : name;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
