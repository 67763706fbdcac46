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

    /** A shape with further members; one whose name is there already takes that one's place. */
    public Shape with(String newName, Member<?>... more) {
        SequencedMap<String, Member<?>> all = new LinkedHashMap<>();
        members.forEach(member -> all.put(member.name(), member));
        List.of(more).forEach(member -> all.put(member.name(), member));
        return new Shape(newName, List.copyOf(all.values()));
    }

    /** A shape without some of the members. */
    public Shape without(String newName, Member<?>... fewer) {
        List<Member<?>> left = new ArrayList<>(members);
        for (Member<?> member : fewer) {
            if (!left.removeIf(each -> each.name().equals(member.name()))) {
                throw new IllegalArgumentException(name + " has no member " + member.name());
            }
        }
        return new Shape(newName, List.copyOf(left));
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
