package dev.ratchet.api.web;

import dev.ratchet.api.json.JsonWriting;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.View;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Slice;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** What answers are wrapped in: {@code data}, {@code data} with {@code meta}, {@code stats}, or the word on an action. */
public final class Envelopes {
    /** Pages beyond this are refused, since they are whole in memory. */
    private static final int MAX_PAGE_BYTES = 32 * 1024 * 1024;

    private Envelopes() {}

    /** One object. */
    public static <T> Answer.Content one(int status, View<T> view, T value) {
        return json(status, target -> {
            target.writeStartObject();
            target.writeName("data");
            view.write(target, value);
            target.writeEndObject();
        });
    }

    /** One object with the revision that an ETag names. */
    public static <T> Answer.Content one(int status, View<T> view, T value, long revision) {
        return one(status, view, value).with("ETag", "\"" + revision + "\"");
    }

    /** A new object. */
    public static <T> Answer.Content created(Call call, String path, View<T> view, T value) {
        return one(201, view, value).with("Location", call.prefix() + path);
    }

    /** All objects there are. */
    public static <T> Answer.Content all(View<T> view, List<T> values) {
        return json(200, target -> {
            target.writeStartObject();
            target.writeName("data");
            array(target, view, values);
            target.writeEndObject();
        });
    }

    /** A part of a list. */
    public static <T> Answer.Content page(Call call, View<T> view, ListQuery<?> query, Listing<T> listing) {
        return page(call, view, query, listing, Function.identity());
    }

    /**
     * A part of a list of what is shown with more than it has itself.
     *
     * @param shown is asked for one after the other, as each is written: together they may be large
     */
    public static <T, S> Answer.Content page(
            Call call, View<S> view, ListQuery<?> query, Listing<T> listing, Function<? super T, ? extends S> shown) {
        Page page = new Page(query.slice(), listing);
        Answer.Content answer = json(200, target -> {
            target.writeStartObject();
            target.writeName("data");
            target.writeStartArray();
            for (T item : listing.items()) {
                view.write(target, shown.apply(item));
                if (target.streamWriteOutputTarget() instanceof ByteArrayOutputStream bytes
                        && bytes.size() > MAX_PAGE_BYTES) {
                    throw Query.invalid(
                            "limit",
                            "gives a page of more than " + MAX_PAGE_BYTES
                                    + " bytes; accepted: fewer objects at a time, or fewer fields");
                }
            }
            target.writeEndArray();
            target.writeName("meta");
            target.writeStartObject();
            target.writeName("pagination");
            page.write(target);
            target.writeName("timestamp");
            View.writeTime(target, call.receivedAt());
            target.writeEndObject();
            target.writeEndObject();
        });
        return page.withHeaders(call, answer);
    }

    /** Numbers. */
    public static <T> Answer.Content stats(Call call, View<T> view, T value, Optional<String> period) {
        return json(200, target -> {
            target.writeStartObject();
            target.writeName("stats");
            view.write(target, value);
            target.writeName("timestamp");
            View.writeTime(target, call.receivedAt());
            target.writeName("period");
            period.ifPresentOrElse(target::writeString, target::writeNull);
            target.writeEndObject();
        });
    }

    /** That something was done. */
    public static Answer.Content action(String message) {
        return action(message, _ -> {});
    }

    /** That something was done, and what there is now. */
    public static <T> Answer.Content action(String message, View<T> view, T value) {
        return action(message, target -> {
            target.writeName("data");
            view.write(target, value);
        });
    }

    /** That something was done, with what else is to be said. */
    public static Answer.Content action(String message, Consumer<JsonGenerator> more) {
        return json(200, target -> {
            target.writeStartObject();
            target.writeBooleanProperty("success", true);
            target.writeStringProperty("message", message);
            more.accept(target);
            target.writeEndObject();
        });
    }

    /** Any JSON. */
    public static Answer.Content json(int status, Consumer<JsonGenerator> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator target = JsonWriting.generator(bytes)) {
            writer.accept(target);
        }
        return new Answer.Content(status, Reply.JSON, bytes.toByteArray(), Map.of());
    }

    /** One object as a text of one line, for events. */
    public static String line(Consumer<JsonGenerator> writer) {
        return new String(json(200, writer).bytes(), StandardCharsets.UTF_8);
    }

    private static <T> void array(JsonGenerator target, View<T> view, List<T> values) {
        target.writeStartArray();
        values.forEach(value -> view.write(target, value));
        target.writeEndArray();
    }

    /** Describes {@code meta}. */
    static Schema meta() {
        Schema integer = Schema.count();
        Schema pagination = Schema.type("object")
                .with(
                        "properties",
                        Reply.properties(
                                "page", integer.orNull(),
                                "limit", integer,
                                "total", integer.orNull(),
                                "totalPages", integer.orNull(),
                                "hasNext", Schema.type("boolean"),
                                "hasPrevious", Schema.type("boolean"),
                                "offset", integer.orNull(),
                                "totalIsExact", Schema.type("boolean").orNull(),
                                "nextCursor", Schema.type("string").orNull()))
                .with("required", List.of("page", "limit", "total", "totalPages", "hasNext", "hasPrevious", "offset"));
        Schema meta = Schema.type("object")
                .with(
                        "properties",
                        Reply.properties(
                                "pagination",
                                Schema.reference("Pagination", () -> pagination),
                                "timestamp",
                                Schema.string("date-time")))
                .with("required", List.of("pagination", "timestamp"));
        return Schema.reference("ListMeta", () -> meta);
    }

    /** Describes the word on an action. */
    static Schema action() {
        Schema action = Schema.type("object")
                .with(
                        "properties",
                        Reply.properties("success", Schema.type("boolean"), "message", Schema.type("string")))
                .with("required", List.of("success", "message"));
        return Schema.reference("ActionResult", () -> action);
    }

    private record Page(Slice slice, Listing<?> listing) {
        void write(JsonGenerator target) {
            target.writeStartObject();
            target.writeName("page");
            number(target, offset().map(offset -> offset / slice.limit() + 1));
            target.writeNumberProperty("limit", slice.limit());
            target.writeName("total");
            number(target, total());
            target.writeName("totalPages");
            number(target, total().map(total -> (total + slice.limit() - 1) / slice.limit()));
            target.writeBooleanProperty("hasNext", hasNext());
            target.writeBooleanProperty("hasPrevious", hasPrevious());
            target.writeName("offset");
            number(target, offset());
            target.writeName("totalIsExact");
            listing.total().ifPresentOrElse(total -> target.writeBoolean(total.exact()), target::writeNull);
            target.writeName("nextCursor");
            listing.nextCursor().ifPresentOrElse(target::writeString, target::writeNull);
            target.writeEndObject();
        }

        private static void number(JsonGenerator target, Optional<Long> number) {
            number.ifPresentOrElse(known -> target.writeNumber(known.longValue()), target::writeNull);
        }

        private Optional<Long> total() {
            return listing.total().map(Listing.Total::count);
        }

        private Optional<Long> offset() {
            return switch (slice) {
                case Slice.Numbered numbered -> Optional.of(numbered.offset());
                case Slice.After _ -> Optional.empty();
            };
        }

        private boolean hasNext() {
            if (listing.nextCursor().isPresent()) {
                return true;
            }
            long end = offset().orElse(0L) + listing.items().size();
            return listing.total()
                    .filter(total -> end < total.count()
                            || (!total.exact() && listing.items().size() == slice.limit()))
                    .isPresent();
        }

        private boolean hasPrevious() {
            return switch (slice) {
                case Slice.Numbered numbered -> numbered.offset() > 0;
                case Slice.After after -> after.cursor().isPresent();
            };
        }

        Answer.Content withHeaders(Call call, Answer.Content answer) {
            Answer.Content with = answer;
            if (total().isPresent()) {
                long offset = offset().orElse(0L);
                int size = listing.items().size();
                String range = size == 0 ? "*" : offset + "-" + (offset + size - 1);
                with = with.with("X-Total-Count", String.valueOf(total().get()))
                        .with("Content-Range", "items " + range + "/" + total().get());
            }
            StringJoiner links = new StringJoiner(", ");
            next().ifPresent(change -> links.add("<" + address(call, change) + ">; rel=\"next\""));
            previous().ifPresent(change -> links.add("<" + address(call, change) + ">; rel=\"prev\""));
            return links.length() == 0 ? with : with.with("Link", links.toString());
        }

        private Optional<Map<String, String>> next() {
            if (listing.nextCursor().isPresent()) {
                return listing.nextCursor().map(cursor -> Map.of("cursor", cursor));
            }
            return hasNext() ? offset().map(offset -> slice(offset + slice.limit())) : Optional.empty();
        }

        private Optional<Map<String, String>> previous() {
            return offset().filter(offset -> offset > 0).map(offset -> slice(Math.max(0, offset - slice.limit())));
        }

        private Map<String, String> slice(long from) {
            return Map.of("_start", String.valueOf(from), "_end", String.valueOf(from + slice.limit()));
        }

        /** The request's own address with another slice. */
        private String address(Call call, Map<String, String> change) {
            StringJoiner query = new StringJoiner("&", call.path() + "?", "");
            boolean byCursor = change.containsKey("cursor");
            call.query().asMap().forEach((name, values) -> {
                boolean replaced = List.of("page", "_start", "_end", "cursor").contains(name)
                        || (name.equals("limit") && !byCursor);
                if (!replaced) {
                    values.forEach(value -> query.add(encoded(name) + "=" + encoded(value)));
                }
            });
            change.forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value)));
            return query.toString();
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}
