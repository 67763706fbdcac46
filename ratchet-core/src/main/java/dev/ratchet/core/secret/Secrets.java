package dev.ratchet.core.secret;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The secret values of one execution by name. Deliberately not a record: it must never print its values.
 */
public final class Secrets {
    /** Shorter values cannot be masked without mangling unrelated text. */
    public static final int MIN_LENGTH = 4;

    /** What a secret may be called: an identifier, so that {@code secrets.NAME} works. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** No secrets. */
    public static final Secrets NONE = new Secrets(Map.of());

    private final Map<String, String> values;

    /**
     * Copies {@code values}.
     *
     * @throws IllegalArgumentException when a name is no identifier or a value is shorter than {@link #MIN_LENGTH}; the
     *     message names the secret, never its value
     */
    public Secrets(Map<String, String> values) {
        values.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "'" + name + "' is not a secret name; accepted: letters, digits and _");
            }
            if (Objects.requireNonNull(value, name).length() < MIN_LENGTH) {
                throw new IllegalArgumentException("secret " + name + " is shorter than " + MIN_LENGTH
                        + " characters and could not be masked in logs and recordings");
            }
        });
        this.values = Map.copyOf(values);
    }

    /**
     * Stand-ins for the named secrets, equal to what {@link SecretMask} writes in place of their values. A replay is
     * given these, so that the requests it makes are equal to the masked ones of the recording.
     */
    public static Secrets placeholders(Set<String> names) {
        Map<String, String> values = new TreeMap<>();
        names.forEach(name -> values.put(name, SecretMask.placeholder(name)));
        return new Secrets(values);
    }

    /** The names, in no particular order. */
    public Set<String> names() {
        return values.keySet();
    }

    /** Values by name, for the one consumer that hands them to the task. */
    public Map<String, String> reveal() {
        return values;
    }

    /** A mask for exactly these secrets. */
    public SecretMask mask() {
        return new SecretMask(values);
    }

    /** Names only. */
    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }
}
