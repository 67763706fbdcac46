package dev.ratchet.cli;

import ch.qos.logback.classic.Level;
import dev.ratchet.core.execution.LogLine;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options every command takes, before or after its name. */
final class GlobalOptions {
    @Option(
            names = "--config",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "Configuration file (YAML or JSON).")
    private @Nullable Path config;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            scope = ScopeType.INHERIT,
            description = "Least severe line to show on standard error, of the task and of Ratchet: "
                    + "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "info")
    private LogLevel logLevel = LogLevel.INFO;

    /** Severities as the command line names them. */
    enum LogLevel {
        TRACE(Level.TRACE),
        DEBUG(Level.DEBUG),
        INFO(Level.WARN),
        WARN(Level.WARN),
        ERROR(Level.ERROR);

        private final Level program;

        LogLevel(Level program) {
            this.program = program;
        }

        /** The level of the program's own log; its lifecycle lines are detail to whoever runs a task. */
        Level program() {
            return program;
        }

        boolean shows(LogLine.Level level) {
            return level.ordinal() >= ordinal();
        }

        boolean showsDetails() {
            return this == TRACE || this == DEBUG;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The options as given on the line that {@code command} was parsed from. */
    static GlobalOptions of(CommandLine command) {
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root.getMixins().values().stream()
                .filter(GlobalOptions.class::isInstance)
                .map(GlobalOptions.class::cast)
                .findFirst()
                .orElseThrow();
    }

    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    LogLevel logLevel() {
        return logLevel;
    }
}
