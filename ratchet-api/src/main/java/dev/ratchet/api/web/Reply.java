package dev.ratchet.api.web;

import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.View;
import dev.ratchet.core.listing.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One of the answers a route may give, for the description and for the choice of {@code fields}.
 *
 * @param status HTTP status
 * @param description when it is given
 * @param mediaType of its content; empty for none
 * @param schema of its content
 * @param view of the objects under {@code data}, where there are such
 */
public record Reply(int status, String description, Optional<String> mediaType, Schema schema, Optional<View<?>> view) {
    /** The media type of most answers. */
    public static final String JSON = "application/json";

    /** The media type of streams. */
    public static final String EVENTS = "text/event-stream";

    /** One object under {@code data}. */
    public static Reply one(int status, View<?> view, String description) {
        return new Reply(status, description, Optional.of(JSON), object("data", view.reference()), Optional.of(view));
    }

    /** Objects under {@code data}, with a page. */
    public static Reply page(View<?> view) {
        Schema items = Schema.arrayOf(view.reference()).with("maxItems", Slice.MAX_LIMIT);
        Schema schema = Schema.type("object")
                .with("properties", properties("data", items, "meta", Envelopes.meta()))
                .with("required", List.of("data", "meta"));
        return new Reply(200, "A part of the list", Optional.of(JSON), schema, Optional.of(view));
    }

    /** Objects under {@code data}, all there are. */
    public static Reply all(View<?> view) {
        Schema items = Schema.arrayOf(view.reference()).with("maxItems", View.MAX_ITEMS);
        return new Reply(200, "All of them", Optional.of(JSON), object("data", items), Optional.of(view));
    }

    /** Numbers under {@code stats}. */
    public static Reply stats(View<?> view) {
        Schema schema = Schema.type("object")
                .with(
                        "properties",
                        properties(
                                "stats",
                                view.reference(),
                                "timestamp",
                                Schema.string("date-time"),
                                "period",
                                Schema.type("string").orNull()))
                .with("required", List.of("stats", "timestamp", "period"));
        return new Reply(200, "The numbers", Optional.of(JSON), schema, Optional.empty());
    }

    /** That something was done. */
    public static Reply action(String description) {
        return new Reply(200, description, Optional.of(JSON), Envelopes.action(), Optional.empty());
    }

    /** That something was done, with what there is now under {@code data}. */
    public static Reply action(View<?> view, String description) {
        Schema schema = Schema.type("object")
                .with(
                        "properties",
                        properties(
                                "success", Schema.type("boolean"),
                                "message", Schema.type("string"),
                                "data", view.reference()))
                .with("required", List.of("success", "message", "data"));
        return new Reply(200, description, Optional.of(JSON), schema, Optional.of(view));
    }

    /** No content. */
    public static Reply empty(int status, String description) {
        return new Reply(status, description, Optional.empty(), Schema.ANY, Optional.empty());
    }

    /** Content of another form. */
    public static Reply content(String mediaType, Schema schema, String description) {
        return new Reply(200, description, Optional.of(mediaType), schema, Optional.empty());
    }

    private static Schema object(String name, Schema schema) {
        return Schema.type("object")
                .with("properties", properties(name, schema))
                .with("required", List.of(name));
    }

    static SequencedMap<String, Object> properties(Object... namesAndSchemas) {
        SequencedMap<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            properties.put((String) namesAndSchemas[i], namesAndSchemas[i + 1]);
        }
        return properties;
    }
}
