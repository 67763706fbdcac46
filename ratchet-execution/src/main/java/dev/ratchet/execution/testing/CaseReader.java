package dev.ratchet.execution.testing;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.execution.recording.Json;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object of a test file being read. Whatever is not as it should be is added to {@code problems} and reads as
 * absent, so that one reading finds every problem.
 */
record CaseReader(String path, String pointer, JsonNode node, List<Problem> problems) {
    void problem(String key, String message) {
        problems.add(new Problem(path, Json.pointer(pointer, key), message));
    }

    void problem(String message) {
        problems.add(new Problem(path, pointer, message));
    }

    void refuseKeysOutside(Set<String> known) {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                problem(key, KnownNames.unknown("key", key, known));
            }
        }
    }

    boolean has(String key) {
        return node.has(key);
    }

    @Nullable
    String text(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            problem(key, "must be a string");
            return null;
        }
        return value.stringValue();
    }

    /** A string that {@code parser} understands; its {@link IllegalArgumentException} says why it does not. */
    <T> @Nullable T parsed(String key, Function<String, @Nullable T> parser) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            problem(key, e.getMessage() == null ? "is not understood" : e.getMessage());
            return null;
        }
    }

    @Nullable
    Boolean flag(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            problem(key, "must be true or false");
            return null;
        }
        return value.asBoolean();
    }

    @Nullable
    Integer integer(String key, int least, int most) {
        JsonNode value = node.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            problem(key, "must be an integer from " + least + " to " + most);
            return null;
        }
        return value.intValue();
    }

    @Nullable
    JsonText json(String key) {
        JsonNode value = node.get(key);
        return value == null ? null : new JsonText(Json.write(value));
    }

    /** The object under {@code key}. */
    @Nullable
    CaseReader object(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            problem(key, "must be an object");
            return null;
        }
        return new CaseReader(path, Json.pointer(pointer, key), value, problems);
    }
}
