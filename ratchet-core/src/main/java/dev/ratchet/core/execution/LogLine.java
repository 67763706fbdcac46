package dev.ratchet.core.execution;

/**
 * One line a task logged through {@code console} or {@code context.log}, secrets masked.
 *
 * @param level severity
 * @param epochMillis the task's own clock when it logged
 * @param message the formatted text; may span lines
 */
public record LogLine(Level level, long epochMillis, String message) {
    /** Severities in rising order. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }
}
