package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How two JSON values differ, place by place.
 *
 * <p>Values are compared as a task sees them: numbers as IEEE 754 doubles ({@code 1} equals {@code 1.0}, and integers
 * beyond 2<sup>53</sup> that round to the same double are equal), objects without regard to key order, strings by UTF-16
 * code unit. Arrays are compared index by index.
 *
 * @param differences in the order of the expected document, at most {@link #MAX_DIFFERENCES}
 * @param more whether there are differences beyond those
 */
public record JsonDiff(List<Difference> differences, boolean more) {
    /** Differences kept. */
    public static final int MAX_DIFFERENCES = 100;

    private static final int MAX_VALUE_CHARS = 200;
    private static final int WINDOW_CHARS = 40;

    /** What counts as equal. */
    public enum Mode {
        /** The same value. */
        EXACT,
        /** Objects of the actual value may have further keys, at any depth; arrays have the same length. */
        SUBSET
    }

    /** One place where the values differ; {@code pointer} is an RFC 6901 pointer, values are JSON in one line. */
    public sealed interface Difference {
        /** Where. */
        String pointer();

        /** Expected there, but absent. */
        record Missing(String pointer, String expected) implements Difference {}

        /** There, but not expected. */
        record Unexpected(String pointer, String actual) implements Difference {}

        /** Another value there. */
        record Changed(String pointer, String expected, String actual) implements Difference {}

        /** One line for people. */
        default String describe() {
            String place = pointer().isEmpty() ? "the whole value" : pointer();
            return place + ": "
                    + switch (this) {
                        case Missing missing -> "expected " + shorten(missing.expected()) + ", is missing";
                        case Unexpected unexpected -> "not expected, is " + shorten(unexpected.actual());
                        case Changed changed -> describeChange(changed.expected(), changed.actual());
                    };
        }
    }

    public JsonDiff {
        differences = List.copyOf(differences);
    }

    /**
     * Compares two documents.
     *
     * @throws dev.ratchet.core.common.RatchetException when one of them is nested deeper than {@link Json#MAX_DEPTH}
     */
    public static JsonDiff between(JsonText expected, JsonText actual, Mode mode) {
        return between(Json.parse("the expected value", expected), Json.parse("the actual value", actual), mode);
    }

    /** Compares two trees. */
    public static JsonDiff between(JsonNode expected, JsonNode actual, Mode mode) {
        Comparison comparison = new Comparison(mode);
        comparison.compare("", expected, actual);
        return new JsonDiff(comparison.found, comparison.more);
    }

    /** Whether the values are equal. */
    public boolean isEmpty() {
        return differences.isEmpty();
    }

    /** One line for each difference. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        differences.forEach(difference -> lines.add(difference.describe()));
        if (more) {
            lines.add("… and more differences");
        }
        return lines;
    }

    private static String shorten(String json) {
        return json.length() <= MAX_VALUE_CHARS
                ? json
                : json.substring(0, MAX_VALUE_CHARS) + "… (" + json.length() + " characters)";
    }

    private static String describeChange(String expected, String actual) {
        boolean longStrings = expected.startsWith("\"")
                && actual.startsWith("\"")
                && Math.max(expected.length(), actual.length()) > MAX_VALUE_CHARS;
        if (!longStrings) {
            return "expected " + shorten(expected) + ", is " + shorten(actual);
        }
        int at = 0;
        while (at < Math.min(expected.length(), actual.length()) && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        return "strings of " + (expected.length() - 2) + " and " + (actual.length() - 2)
                + " characters differ from character " + at + ": expected " + window(expected, at) + ", is "
                + window(actual, at);
    }

    private static String window(String json, int at) {
        int from = Math.max(0, at - WINDOW_CHARS);
        int to = Math.min(json.length(), at + WINDOW_CHARS);
        return (from > 0 ? "…" : "") + json.substring(from, to) + (to < json.length() ? "…" : "");
    }

    private static final class Comparison {
        private final Mode mode;
        private final List<Difference> found = new ArrayList<>();
        private boolean more;

        Comparison(Mode mode) {
            this.mode = mode;
        }

        void compare(String pointer, JsonNode expected, JsonNode actual) {
            if (more) {
                return;
            }
            if (expected.isObject() && actual.isObject()) {
                compareObjects(pointer, expected, actual);
            } else if (expected.isArray() && actual.isArray()) {
                compareArrays(pointer, expected, actual);
            } else if (!sameScalar(expected, actual)) {
                add(new Difference.Changed(pointer, Json.write(expected), Json.write(actual)));
            }
        }

        private void compareObjects(String pointer, JsonNode expected, JsonNode actual) {
            for (Map.Entry<String, JsonNode> property : expected.properties()) {
                String place = Json.pointer(pointer, property.getKey());
                JsonNode counterpart = actual.get(property.getKey());
                if (counterpart == null) {
                    add(new Difference.Missing(place, Json.write(property.getValue())));
                } else {
                    compare(place, property.getValue(), counterpart);
                }
            }
            if (mode == Mode.SUBSET) {
                return;
            }
            for (Map.Entry<String, JsonNode> property : actual.properties()) {
                if (expected.get(property.getKey()) == null) {
                    add(new Difference.Unexpected(
                            Json.pointer(pointer, property.getKey()), Json.write(property.getValue())));
                }
            }
        }

        private void compareArrays(String pointer, JsonNode expected, JsonNode actual) {
            int common = Math.min(expected.size(), actual.size());
            for (int i = 0; i < common; i++) {
                compare(Json.pointer(pointer, i), expected.get(i), actual.get(i));
            }
            for (int i = common; i < expected.size() && !more; i++) {
                add(new Difference.Missing(Json.pointer(pointer, i), Json.write(expected.get(i))));
            }
            for (int i = common; i < actual.size() && !more; i++) {
                add(new Difference.Unexpected(Json.pointer(pointer, i), Json.write(actual.get(i))));
            }
        }

        private void add(Difference difference) {
            if (found.size() == MAX_DIFFERENCES) {
                more = true;
            } else {
                found.add(difference);
            }
        }

        private static boolean sameScalar(JsonNode expected, JsonNode actual) {
            if (expected.isNumber() && actual.isNumber()) {
                return expected.numberValue().doubleValue()
                        == actual.numberValue().doubleValue();
            }
            return expected.equals(actual);
        }
    }
}
