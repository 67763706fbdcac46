package dev.ratchet.api.json;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON object that has been found to fit its {@link Shape}. In the sense of RFC 7396 a member is absent, {@code null}
 * or given.
 */
public final class Body {
    /** A body without members. */
    public static final Body EMPTY = new Body(Map.of(), Set.of());

    private static final int MAX_PROBLEMS = 50;

    private final Map<String, Object> values;
    private final Set<String> nulls;

    private Body(Map<String, Object> values, Set<String> nulls) {
        this.values = values;
        this.nulls = nulls;
    }

    /**
     * Reads a whole body.
     *
     * @throws RatchetException BAD_REQUEST when it is not JSON, VALIDATION_ERROR with every problem when it does not fit
     */
    public static Body read(Shape shape, String text) {
        List<Problem> problems = new ArrayList<>();
        Optional<Body> body = read(shape, JsonReading.document(Member.SOURCE, text), problems);
        return body.orElseThrow(() -> new RatchetException(
                ErrorCode.VALIDATION_ERROR,
                "the body cannot be used",
                problems.subList(0, Math.min(problems.size(), MAX_PROBLEMS))));
    }

    /** Reads an object; empty when it does not fit, and then there are more problems than before. */
    static Optional<Body> read(Shape shape, JsonValue object, List<Problem> problems) {
        if (object.kind() != JsonValue.Kind.OBJECT) {
            problems.add(new Problem(
                    Member.SOURCE,
                    object.pointer(),
                    "must be an object, is " + object.kind().shown()));
            return Optional.empty();
        }
        int before = problems.size();
        Map<String, Object> values = new HashMap<>();
        Set<String> nulls = new HashSet<>();
        JsonReading.members(object).forEach((name, value) -> {
            Optional<Member<?>> known = shape.member(name);
            if (known.isEmpty() && problems.size() - before >= MAX_PROBLEMS) {
                return; // finding out what was meant costs time, and nobody is told of so many
            }
            if (known.isEmpty()) {
                String message = KnownNames.unknown("member", name, shape.memberNames());
                problems.add(new Problem(Member.SOURCE, value.pointer(), message));
                return;
            }
            Member<?> member = known.get();
            if (values.containsKey(member.name()) || nulls.contains(member.name())) {
                problems.add(
                        new Problem(Member.SOURCE, value.pointer(), "says once more what " + member.name() + " is"));
            } else if (value.isNull()) {
                nulls.add(member.name());
            } else {
                member.reader().read(value, problems).ifPresent(read -> values.put(member.name(), read));
            }
        });
        for (Member<?> member : shape.members()) {
            boolean given = values.containsKey(member.name());
            if (member.required() && !given && problems.size() == before) {
                problems.add(new Problem(
                        Member.SOURCE, object.pointer() + "/" + member.name(), "is missing; it must be given"));
            }
        }
        return problems.size() == before ? Optional.of(new Body(values, nulls)) : Optional.empty();
    }

    /** The member's value; empty when it is absent or {@code null}. */
    @SuppressWarnings("unchecked") // only the member's own reader put it there
    public <T> Optional<T> get(Member<T> member) {
        return Optional.ofNullable((T) values.get(member.name()));
    }

    /** The value of a mandatory member. */
    public <T> T require(Member<T> member) {
        return get(member).orElseThrow(() -> new NoSuchElementException(member.name()));
    }

    /** Whether the member is given as {@code null}. */
    public boolean isNull(Member<?> member) {
        return nulls.contains(member.name());
    }

    /** Whether the member is there, be it as {@code null}. */
    public boolean has(Member<?> member) {
        return values.containsKey(member.name()) || isNull(member);
    }

    /** Whether there is no member at all. */
    public boolean isEmpty() {
        return values.isEmpty() && nulls.isEmpty();
    }
}
