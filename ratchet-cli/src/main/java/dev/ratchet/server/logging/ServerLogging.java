package dev.ratchet.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.ratchet.cli.config.LoggingSettings;
import dev.ratchet.cli.config.LoggingSettings.Format;
import dev.ratchet.cli.config.LoggingSettings.Target;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the log of the server, in place of what the commands log with, and of what Spring Boot would set up: standard
 * output stays free, and the formats are those of the documentation.
 */
public final class ServerLogging {
    /**
     * Loggers that must not follow a more talkative level: below this the HTTP client logs header fields and bodies, and
     * with them credentials.
     */
    private static final List<String> NEVER_BELOW_WARN = List.of("org.apache.hc");

    /** Libraries whose informative lines tell an operator nothing; they follow the level from DEBUG on. */
    private static final List<String> QUIET =
            List.of("org.springframework", "org.apache", "org.hibernate", "org.flywaydb", "com.zaxxer");

    /** Why a server does not start is said once, by the command; these would say it again, over many lines. */
    private static final List<String> SAID_BY_THE_COMMAND = List.of(
            "org.springframework.boot.SpringApplication",
            "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter",
            "org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext",
            "org.springframework.boot.autoconfigure.logging.ConditionEvaluationReportLogger",
            "org.apache.catalina.core.StandardService");

    /** What is logged here is thrown as well, and here it comes with the values of the statement. */
    private static final List<String> SAID_WITH_VALUES = List.of("org.hibernate.orm.jdbc.error");

    /** What a caller did wrong is in the caller's answer. */
    private static final List<String> SAID_TO_THE_CALLER = List.of(
            "org.springframework.web.servlet.PageNotFound",
            "org.springframework.web.servlet.mvc.support.DefaultHandlerExceptionResolver");

    private ServerLogging() {}

    /**
     * Replaces the present set-up.
     *
     * @param coloured whether standard error is a terminal that shows colours
     * @throws RatchetException when a file cannot be written
     */
    public static void configure(LoggingSettings settings, boolean coloured) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(mostTalkative(settings)));
        for (Target target : settings.targets()) {
            switch (target) {
                case LoggingSettings.Console console ->
                    root.addAppender(limited(console(context, settings, coloured), context, console.level()));
                case LoggingSettings.LogFile file ->
                    root.addAppender(limited(file(context, settings, file), context, file.level()));
            }
        }
        for (String name : NEVER_BELOW_WARN) {
            context.getLogger(name).setLevel(Level.WARN);
        }
        SAID_WITH_VALUES.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
        if (root.getLevel().isGreaterOrEqual(Level.INFO)) {
            Level quiet = root.getLevel().isGreaterOrEqual(Level.WARN) ? root.getLevel() : Level.WARN;
            QUIET.forEach(name -> context.getLogger(name).setLevel(quiet));
            SAID_TO_THE_CALLER.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
            SAID_BY_THE_COMMAND.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Writes out what is still held back and closes the files. */
    public static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static OutputStreamAppender<ILoggingEvent> console(
            LoggerContext context, LoggingSettings settings, boolean coloured) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder(context, settings, coloured));
        console.start();
        return console;
    }

    private static OutputStreamAppender<ILoggingEvent> file(
            LoggerContext context, LoggingSettings settings, LoggingSettings.LogFile target) {
        Path path = target.path().toAbsolutePath();
        try {
            if (path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
        } catch (IOException e) {
            throw unusable(path, e);
        }
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setName("file " + path);
        file.setFile(path.toString());
        file.setEncoder(encoder(context, settings, false));

        FixedWindowRollingPolicy renaming = new ManyFiles();
        renaming.setContext(context);
        renaming.setParent(file);
        renaming.setFileNamePattern(path + ".%i");
        renaming.setMinIndex(1);
        renaming.setMaxIndex(target.maxFiles());
        renaming.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> fullness = new SizeBasedTriggeringPolicy<>();
        fullness.setContext(context);
        fullness.setMaxFileSize(new FileSize(target.maxBytes()));
        fullness.start();
        file.setRollingPolicy(renaming);
        file.setTriggeringPolicy(fullness);
        file.start();
        if (!file.isStarted() || !Files.isWritable(path)) {
            throw unusable(path, null);
        }
        return file;
    }

    private static Appender<ILoggingEvent> limited(
            OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, LoggingSettings.Level least) {
        ThresholdFilter filter = new ThresholdFilter();
        filter.setContext(context);
        filter.setLevel(least.name());
        filter.start();
        appender.addFilter(filter);
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LoggingSettings settings, boolean coloured) {
        Encoder<ILoggingEvent> encoder = settings.format() == Format.JSON
                ? new JsonLines(settings.includeLocation(), settings.structured())
                : new TextLines(settings.format(), settings.includeLocation(), settings.structured(), coloured);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** A target may ask for more than the rest; what it asks for has to be made in the first place. */
    private static LoggingSettings.Level mostTalkative(LoggingSettings settings) {
        return settings.targets().stream()
                .map(Target::level)
                .min(Comparator.naturalOrder())
                .orElse(settings.level());
    }

    /** Logback's own policy keeps 20 files whatever it is told. */
    private static final class ManyFiles extends FixedWindowRollingPolicy {
        @Override
        protected int getMaxWindowSize() {
            return getMaxIndex();
        }
    }

    private static Level level(LoggingSettings.Level level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }

    private static RatchetException unusable(Path path, @Nullable IOException cause) {
        return new RatchetException(
                ErrorCode.IO_ERROR, "the log file " + path + " of logging.targets cannot be written to", cause);
    }
}
