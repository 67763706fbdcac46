package dev.ratchet.cli;

import ch.qos.logback.classic.Level;
import dev.ratchet.core.execution.LogLine;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
                    + "${COMPLETION-CANDIDATES} (default: info; the server's is in its configuration).")
    private @Nullable LogLevel logLevel;

    /** Severities as the command line names them. */
    enum LogLevel {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR;

        /** The level of the program's own log; its lifecycle lines are detail to whoever runs a task. */
        Level program() {
            return this == INFO ? Level.WARN : Level.valueOf(name());
        }

        boolean shows(LogLine.Level level) {
            return level.compareTo(LogLine.Level.valueOf(name())) >= 0;
        }

        boolean showsDetails() {
            return this == TRACE || this == DEBUG;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    LogLevel logLevel() {
        return logLevel == null ? LogLevel.INFO : logLevel;
    }

    /** Whether somebody asked for a level. */
    boolean logLevelGiven() {
        return logLevel != null;
    }
}
