package dev.ratchet.cli.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The values that were given, by place, with where each came from; and for the others the defaults. */
final class Values {
    private static final int NO_ITEM = -1;

    private final Map<String, Object> given;
    private final Map<String, Origin> origins;
    private final Map<String, Integer> lengths;
    private final int item;

    Values() {
        this(new HashMap<>(), new HashMap<>(), new HashMap<>(), NO_ITEM);
    }

    private Values(Map<String, Object> given, Map<String, Origin> origins, Map<String, Integer> lengths, int item) {
        this.given = given;
        this.origins = origins;
        this.lengths = lengths;
        this.item = item;
    }

    void put(String place, Object value, Origin origin) {
        given.put(place, value);
        origins.put(place, origin);
    }

    void length(String list, int length) {
        lengths.put(list, length);
    }

    /** Where the value at a place was given; null when it was not. */
    @Nullable
    Origin originAt(String place) {
        return origins.get(place);
    }

    /** The value, or the default; for keys that have one. */
    <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(key.path() + " has neither value nor default"));
    }

    /** The value, the default, or nothing where there is none. */
    <T> Optional<T> find(Key<T> key) {
        Optional<T> value = ifGiven(key);
        return value.isPresent() ? value : Optional.ofNullable(key.initial());
    }

    /** The value if there is one. */
    <T> Optional<T> ifGiven(Key<T> key) {
        String place = place(key);
        return given.containsKey(place) ? Optional.of(at(key, place)) : Optional.empty();
    }

    /** The values of a key that stands for any name, by name. */
    <T> Map<String, T> named(Key<T> key) {
        String before = place(key).replace("*", "");
        Map<String, T> named = new LinkedHashMap<>();
        for (String place : new TreeSet<>(given.keySet())) {
            if (place.startsWith(before)) {
                named.put(place.substring(before.length()), at(key, place));
            }
        }
        return named;
    }

    /** The places at which values of a key were given: one at most, but for keys of list items and of any name. */
    List<String> places(Key<?> key) {
        if (!key.path().contains("[]") && !key.path().contains("*")) {
            return given.containsKey(key.path()) ? List.of(key.path()) : List.of();
        }
        Pattern form = Pattern.compile(
                Pattern.quote(key.path()).replace("[]", "\\E\\[\\d+]\\Q").replace("*", "\\E.+\\Q"));
        return given.keySet().stream().filter(form.asMatchPredicate()).sorted().toList();
    }

    /** The value of a key that was given at a place. */
    <T> T at(Key<T> key, String place) {
        @SuppressWarnings("unchecked") // put by the reader, which had it from this key's type
        T value = (T) Objects.requireNonNull(given.get(place), place);
        return value;
    }

    Origin origin(Key<?> key) {
        Origin origin = origins.get(place(key));
        return origin == null
                ? new Origin.Initial("/" + place(key).replaceAll("[.\\[]", "/").replace("]", ""))
                : origin;
    }

    /** The items of a list; empty when there is no such list. */
    Optional<List<Values>> items(String list) {
        return Optional.ofNullable(lengths.get(list)).map(length -> IntStream.range(0, length)
                .mapToObj(index -> new Values(given, origins, lengths, index))
                .toList());
    }

    String place(Key<?> key) {
        return item == NO_ITEM ? key.path() : key.path().replace("[]", "[" + item + "]");
    }
}
