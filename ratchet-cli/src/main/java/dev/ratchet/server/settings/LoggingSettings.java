package dev.ratchet.server.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the server logs, how and where.
 *
 * @param level least severe line to log
 * @param format how a line looks
 * @param includeLocation whether lines name the method that logged them; costs time for each line
 * @param targets where lines go; at least one
 */
public record LoggingSettings(Level level, Format format, boolean includeLocation, List<Target> targets) {
    /** Informative lines as text on standard error. */
    public static final LoggingSettings DEFAULTS =
            new LoggingSettings(Level.INFO, Format.TEXT, false, List.of(new Target.Console(Optional.empty())));

    public LoggingSettings {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(format, "format");
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("logging.targets must name at least one target");
        }
    }

    /** The same settings from another level on. */
    public LoggingSettings withLevel(Level newLevel) {
        return new LoggingSettings(newLevel, format, includeLocation, targets);
    }

    /** Severities. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** How a line looks. */
    public enum Format {
        /** One line: time, level, logger, message, key-values. */
        TEXT,
        /** One JSON object a line: {@code timestamp, level, logger, thread, message, fields, error}. */
        JSON,
        /** One line without date, thread and package names. */
        COMPACT,
        /** For people at a terminal: the key-values each on a line of their own. */
        PRETTY
    }

    /** Where lines go. */
    public sealed interface Target {
        /**
         * Standard error; standard output belongs to results.
         *
         * @param level least severe line for this target; empty means the level of all
         */
        record Console(Optional<Level> level) implements Target {
            public Console {
                Objects.requireNonNull(level, "level");
            }
        }

        /**
         * A file, renamed to {@code name.1}, {@code name.2} … when it is full.
         *
         * @param path the file; its folder is made if it is missing
         * @param level least severe line for this target; empty means the level of all
         * @param maxSizeBytes size from which on it is renamed; 1,024 or more
         * @param maxFiles renamed files to keep; 1 to 100
         */
        record File(Path path, Optional<Level> level, long maxSizeBytes, int maxFiles) implements Target {
            public File {
                Objects.requireNonNull(path, "path");
                Objects.requireNonNull(level, "level");
                if (maxSizeBytes < 1024) {
                    throw new IllegalArgumentException(
                            "logging.targets[].max_size_bytes must be 1024 or more, was " + maxSizeBytes);
                }
                if (maxFiles < 1 || maxFiles > 100) {
                    throw new IllegalArgumentException(
                            "logging.targets[].max_files must be from 1 to 100, was " + maxFiles);
                }
            }
        }

        /** The system's log, which this server does not write to: it says so and leaves the target out. */
        record Syslog() implements Target {}
    }
}
