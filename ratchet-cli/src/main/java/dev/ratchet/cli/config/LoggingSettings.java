package dev.ratchet.cli.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The log of a server.
 *
 * @param level {@code level}: least severe line; default info
 * @param format {@code format}: how lines look; default text
 * @param includeLocation {@code include_location}: whether lines say which class wrote them; default false
 * @param structured {@code structured}: whether lines carry their key-value pairs; default true
 * @param targets {@code targets}: where lines go; at least one, default the console
 */
public record LoggingSettings(
        Level level, Format format, boolean includeLocation, boolean structured, List<Target> targets) {
    public LoggingSettings {
        targets = List.copyOf(targets);
    }

    /** Severities. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** How lines look. */
    public enum Format {
        /** One line with time, level, logger and message. */
        TEXT,
        /** One JSON object per line. */
        JSON,
        /** One short line. */
        COMPACT,
        /** Several lines, for people. */
        PRETTY
    }

    /** Where lines go. */
    public sealed interface Target {
        /** Least severe line of this target. */
        Level level();
    }

    /** Standard error. */
    public record Console(Level level) implements Target {}

    /**
     * A file that is rotated.
     *
     * @param level least severe line
     * @param path the file
     * @param maxBytes {@code max_size_bytes}: size at which it is rotated; 64 KiB to 16 GiB, default 10 MiB
     * @param maxFiles {@code max_files}: files kept; 1 to 1000, default 5
     */
    public record LogFile(Level level, Path path, long maxBytes, int maxFiles) implements Target {}
}
