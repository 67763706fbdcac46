package dev.ratchet.core.delivery;

import java.util.Objects;

/**
 * Text that no log, message or listing may show.
 *
 * @param value the text itself
 */
public record SecretText(String value) {
    /** What is shown instead. Never a secret itself: a reader refuses it, so that a masked listing cannot be stored. */
    public static final String MASK = "********";

    public SecretText {
        Objects.requireNonNull(value, "value");
    }

    /** The mask. */
    @Override
    public String toString() {
        return MASK;
    }
}
