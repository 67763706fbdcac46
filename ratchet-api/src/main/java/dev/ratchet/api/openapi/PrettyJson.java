package dev.ratchet.api.openapi;

import dev.ratchet.api.json.JsonWriting;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and flags as indented JSON, so that documents can be compared line by line. */
final class PrettyJson {
    private final StringBuilder target = new StringBuilder();

    private PrettyJson() {}

    static String write(Object value) {
        PrettyJson json = new PrettyJson();
        json.append(value, "\n");
        return json.target.toString();
    }

    private void append(Object value, String lineBreak) {
        switch (value) {
            case Map<?, ?> map -> appendObject(map, lineBreak);
            case List<?> list -> appendArray(list, lineBreak);
            case String text -> target.append(JsonWriting.quoted(text));
            case Number number -> target.append(number);
            case Boolean flag -> target.append(flag);
            default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    private void appendObject(Map<?, ?> map, String lineBreak) {
        if (map.isEmpty()) {
            target.append("{}");
            return;
        }
        String within = lineBreak + "  ";
        Iterator<? extends Map.Entry<?, ?>> members = map.entrySet().iterator();
        target.append('{');
        while (members.hasNext()) {
            Map.Entry<?, ?> member = members.next();
            target.append(within)
                    .append(JsonWriting.quoted(String.valueOf(member.getKey())))
                    .append(": ");
            append(member.getValue(), within);
            target.append(members.hasNext() ? "," : "");
        }
        target.append(lineBreak).append('}');
    }

    private void appendArray(List<?> list, String lineBreak) {
        boolean plain = list.stream().noneMatch(item -> item instanceof Map || item instanceof List);
        String within = plain ? "" : lineBreak + "  ";
        Iterator<?> items = list.iterator();
        target.append('[');
        while (items.hasNext()) {
            target.append(within);
            append(items.next(), within);
            target.append(items.hasNext() ? (plain ? ", " : ",") : "");
        }
        target.append(plain ? "" : lineBreak).append(']');
    }
}
