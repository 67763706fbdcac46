package dev.ratchet.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log of the commands: warnings and errors on standard error, one line each with its key-values. Found by
 * Logback as a service when the first logger is made. In code, because reading an XML file would cost every command that
 * logs more than the command itself.
 */
public final class StderrLogging extends ContextAwareBase implements Configurator {
    private static final Level DEFAULT_LEVEL = Level.WARN;

    /** Called by Logback. */
    public StderrLogging() {}

    /**
     * Sets the least severe line to log. Only touches the logging library when that is not the default, because loading
     * it takes longer than most commands.
     */
    static void level(Level level) {
        if (level != DEFAULT_LEVEL) {
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(level);
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        PatternLayoutEncoder line = new PatternLayoutEncoder();
        line.setContext(logs);
        line.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%replace( %kvp){'^ $', ''}%n%ex{short}");
        line.start();

        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(logs);
        stderr.setName("stderr");
        stderr.setTarget("System.err");
        stderr.setEncoder(line);
        stderr.start();

        Logger root = logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(DEFAULT_LEVEL);
        root.addAppender(stderr);
        // Below this the HTTP client logs header fields and bodies, and with them credentials.
        logs.getLogger("org.apache.hc").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
