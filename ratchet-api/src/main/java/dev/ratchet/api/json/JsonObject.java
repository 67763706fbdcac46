package dev.ratchet.api.json;

import dev.ratchet.core.common.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;

/** A JSON object whose members are exchanged while their texts stay as they were written. Not for several threads. */
public final class JsonObject {
    private final SequencedMap<String, String> members = new LinkedHashMap<>();

    /** An object without members. */
    public JsonObject() {}

    /** The members of an object that was checked before. */
    public static JsonObject of(JsonText object) {
        JsonObject result = new JsonObject();
        JsonReading.members(JsonReading.own(object.value()))
                .forEach((name, value) -> result.members.put(name, value.raw()));
        return result;
    }

    /** Sets or replaces a member. */
    public JsonObject put(String name, JsonText value) {
        members.put(name, value.value());
        return this;
    }

    /** Sets or replaces a member with a string. */
    public JsonObject put(String name, String text) {
        members.put(name, JsonWriting.quoted(text));
        return this;
    }

    /** Sets a member that is not there yet. */
    public JsonObject putIfAbsent(String name, JsonText value) {
        members.putIfAbsent(name, value.value());
        return this;
    }

    /** Takes a member away. */
    public JsonObject remove(String name) {
        members.remove(name);
        return this;
    }

    /** A member. */
    public Optional<JsonText> get(String name) {
        return Optional.ofNullable(members.get(name)).map(JsonText::new);
    }

    /** The object as text. */
    public JsonText text() {
        StringJoiner text = new StringJoiner(",", "{", "}");
        members.forEach((name, value) -> text.add(JsonWriting.quoted(name) + ":" + value));
        return new JsonText(text.toString());
    }

    /**
     * Applies a merge patch (RFC 7396).
     *
     * @param target what is changed; empty where there is nothing yet
     */
    public static JsonText merged(Optional<JsonText> target, JsonText patch) {
        JsonValue change = JsonReading.own(patch.value());
        if (change.kind() != JsonValue.Kind.OBJECT) {
            return patch;
        }
        JsonObject result = target.filter(
                        before -> JsonReading.own(before.value()).kind() == JsonValue.Kind.OBJECT)
                .map(JsonObject::of)
                .orElseGet(JsonObject::new);
        for (Map.Entry<String, JsonValue> member : JsonReading.members(change).entrySet()) {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else {
                result.put(
                        member.getKey(),
                        merged(result.get(member.getKey()), member.getValue().document()));
            }
        }
        return result.text();
    }
}
