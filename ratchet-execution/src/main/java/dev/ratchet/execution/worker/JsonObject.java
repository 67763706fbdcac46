package dev.ratchet.execution.worker;

import java.util.Map;

/** Writes the one kind of JSON this side of the border has to: an object of strings. */
final class JsonObject {
    private JsonObject() {}

    static String of(Map<String, String> members) {
        StringBuilder json = new StringBuilder("{");
        members.forEach((name, value) -> {
            if (json.length() > 1) {
                json.append(',');
            }
            quote(name, json);
            json.append(':');
            quote(value, json);
        });
        return json.append('}').toString();
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
