package dev.ratchet.storage.listing;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Labels as they are stored: a JSON array of texts, which {@link Column.Labels} can look into. */
public final class LabelText {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LabelText() {}

    /** The stored form. */
    public static String write(List<String> labels) {
        return labels.isEmpty() ? "[]" : JSON.writeValueAsString(labels);
    }

    /** The labels of a stored form. */
    public static List<String> read(String stored) {
        try {
            return stored.equals("[]") ? List.of() : List.of(JSON.readValue(stored, String[].class));
        } catch (JacksonException e) {
            throw new IllegalStateException("stored labels are no JSON array of texts: " + stored, e);
        }
    }
}
