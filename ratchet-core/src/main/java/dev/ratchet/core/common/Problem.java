package dev.ratchet.core.common;

import java.util.Objects;

/**
 * One thing wrong with something that came from outside, said so that its author can mend it.
 *
 * @param source what it is in: a file path relative to its package, or a name such as {@code input}
 * @param position where in it: a JSON pointer (RFC 6901, {@code ""} for the whole document) or {@code line:column},
 *     both counted from one for text
 * @param message what is wrong and what would be accepted; one sentence, no trailing full stop needed
 */
public record Problem(String source, String position, String message) implements Comparable<Problem> {
    public Problem {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(message, "message");
    }

    /** A problem with the whole of {@code source}. */
    public static Problem of(String source, String message) {
        return new Problem(source, "", message);
    }

    /** {@code source position: message}, the form shown on a terminal. */
    @Override
    public String toString() {
        if (position.isEmpty()) {
            return source + ": " + message;
        }
        return source + (position.startsWith("/") ? "#" : ":") + position + ": " + message;
    }

    @Override
    public int compareTo(Problem other) {
        int bySource = source.compareTo(other.source);
        if (bySource != 0) {
            return bySource;
        }
        int byPosition = position.compareTo(other.position);
        return byPosition != 0 ? byPosition : message.compareTo(other.message);
    }
}
