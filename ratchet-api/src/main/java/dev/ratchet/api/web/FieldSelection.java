package dev.ratchet.api.web;

import dev.ratchet.api.json.JsonReading;
import dev.ratchet.api.json.JsonValue;
import dev.ratchet.api.json.JsonValue.Kind;
import dev.ratchet.api.json.JsonWriting;
import dev.ratchet.core.common.KnownNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trims the objects of an answer to chosen properties; what stays, stays as it was written. */
final class FieldSelection {
    private static final int MAX_FIELDS = 100;
    private static final int MAX_DEPTH = 20;

    /** Chosen names with what is chosen within them, where that is not the whole. */
    private final Map<String, FieldSelection> chosen = new LinkedHashMap<>();

    private boolean whole;

    private FieldSelection() {}

    /**
     * Understands {@code a,b.c}.
     *
     * @param known names of the outermost properties
     */
    static FieldSelection parse(String text, List<String> known) {
        FieldSelection all = new FieldSelection();
        String[] fields = text.split(",", -1);
        if (fields.length > MAX_FIELDS) {
            throw Query.invalid("fields", "has more than " + MAX_FIELDS + " names");
        }
        for (String field : fields) {
            String[] path = field.strip().split("\\.", -1);
            if (!known.contains(path[0])) {
                throw Query.invalid("fields", KnownNames.unknown("property", path[0], known));
            }
            if (path.length > MAX_DEPTH) {
                throw Query.invalid("fields", "goes deeper than " + MAX_DEPTH + " levels");
            }
            FieldSelection at = all;
            for (String name : path) {
                at = at.chosen.computeIfAbsent(name, _ -> new FieldSelection());
            }
            at.whole = true; // which wins over a part of it, whatever comes first
        }
        return all;
    }

    /** The answer with the objects under {@code data} trimmed. */
    String trim(String answer) {
        JsonValue document = JsonReading.own(answer);
        StringBuilder target = new StringBuilder();
        append(target, document, Optional.of("data"));
        return target.toString();
    }

    /** @param only the member that is trimmed while the others stay; empty within what is trimmed */
    private void append(StringBuilder target, JsonValue value, Optional<String> only) {
        if (value.kind() == Kind.ARRAY) {
            String separator = "[";
            for (JsonValue element : JsonReading.elements(value)) {
                target.append(separator);
                append(target, element, only);
                separator = ",";
            }
            target.append(separator.equals("[") ? "[]" : "]");
            return;
        }
        if (value.kind() != Kind.OBJECT) {
            target.append(value.raw());
            return;
        }
        target.append('{');
        String separator = "";
        for (Map.Entry<String, JsonValue> member : JsonReading.members(value).entrySet()) {
            FieldSelection within = only.isEmpty() ? chosen.get(member.getKey()) : this;
            if (within == null) {
                continue;
            }
            target.append(separator).append(JsonWriting.quoted(member.getKey())).append(':');
            boolean asItIs = only.isEmpty() ? within.whole : !only.get().equals(member.getKey());
            if (asItIs) {
                target.append(member.getValue().raw());
            } else {
                within.append(target, member.getValue(), Optional.empty());
            }
            separator = ",";
        }
        target.append('}');
    }
}
