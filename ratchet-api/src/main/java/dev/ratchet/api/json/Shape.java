package dev.ratchet.api.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** What a JSON object in a body may contain: these members and no others. */
public final class Shape {
    private final String name;
    private final List<Member<?>> members;
    private final Map<String, Member<?>> byName = new LinkedHashMap<>();

    private Shape(String name, List<Member<?>> members) {
        this.name = name;
        this.members = members;
        for (Member<?> member : members) {
            byName.put(member.name(), member);
            member.aliases().forEach(alias -> byName.put(alias, member));
        }
    }

    /**
     * A shape.
     *
     * @param name what it is called in the published description
     * @param members in the order they are shown
     */
    public static Shape of(String name, Member<?>... members) {
        return new Shape(name, List.of(members));
    }

    /** What it is called in the published description. */
    public String name() {
        return name;
    }

    /** The members in the order they are shown. */
    public List<Member<?>> members() {
        return members;
    }

    /** The member of this name or alias. */
    Optional<Member<?>> member(String given) {
        return Optional.ofNullable(byName.get(given));
    }

    /** The published names. */
    List<String> memberNames() {
        return members.stream().<String>map(Member::name).toList();
    }

    /** Refers to the description. */
    public Schema reference() {
        return Schema.reference(name, this::schema);
    }

    /** The description. */
    public Schema schema() {
        SequencedMap<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Member<?> member : members) {
            properties.put(
                    member.name(),
                    member.required() ? member.schema() : member.schema().orNull());
            if (member.required()) {
                required.add(member.name());
            }
        }
        Schema schema = Schema.type("object").with("properties", properties);
        return (required.isEmpty() ? schema : schema.with("required", required)).with("additionalProperties", false);
    }
}
