package dev.ratchet.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.ratchet.cli.config.LoggingSettings.Format;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines for people: the formats text, compact and pretty. Control characters of messages and values are written as
 * escapes, so that what a request carries can neither forge a line nor control a terminal.
 */
final class TextLines extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String RESET = "\u001b[0m";
    private static final String FAINT = "\u001b[2m";

    private final Format format;
    private final boolean location;
    private final boolean structured;
    private final boolean coloured;

    TextLines(Format format, boolean location, boolean structured, boolean coloured) {
        this.format = format;
        this.location = location;
        this.structured = structured;
        this.coloured = coloured && format == Format.PRETTY;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        Instant at = event.getInstant() == null ? Instant.ofEpochMilli(event.getTimeStamp()) : event.getInstant();
        boolean full = format == Format.TEXT;
        paint(line, FAINT, (full ? FULL : SHORT).format(at));
        line.append(' ');
        paint(line, colour(event), String.format(Locale.ROOT, "%-5s", event.getLevel()));
        line.append(' ');
        if (full) {
            line.append('[').append(event.getThreadName()).append("] ");
        }
        String logger = event.getLoggerName();
        line.append(full ? logger : logger.substring(logger.lastIndexOf('.') + 1));
        if (location) {
            StackTraceElement[] callers = event.getCallerData();
            if (callers.length > 0) {
                line.append(" (")
                        .append(callers[0].getFileName())
                        .append(':')
                        .append(callers[0].getLineNumber())
                        .append(')');
            }
        }
        line.append(": ");
        escape(line, event.getFormattedMessage());
        if (structured) {
            fields(line, event);
        }
        line.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            if (format == Format.COMPACT) {
                line.append("  ").append(thrown.getClassName()).append(": ");
                escape(line, String.valueOf(thrown.getMessage()));
                line.append('\n');
            } else {
                line.append(ThrowableProxyUtil.asString(thrown));
            }
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void fields(StringBuilder line, ILoggingEvent event) {
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                field(line, pair.key, String.valueOf(pair.value));
            }
        }
        new TreeMap<>(event.getMDCPropertyMap()).forEach((key, value) -> field(line, key, value));
    }

    private void field(StringBuilder line, String key, String value) {
        line.append(format == Format.PRETTY ? "\n    " : " ").append(key).append('=');
        boolean quoted = value.isEmpty() || value.chars().anyMatch(c -> c == ' ' || c == '"' || c == '=');
        if (quoted) {
            line.append('"');
        }
        escape(line, quoted ? value.replace("\"", "\\\"") : value);
        if (quoted) {
            line.append('"');
        }
    }

    private void paint(StringBuilder line, String colour, String text) {
        if (coloured) {
            line.append(colour).append(text).append(RESET);
        } else {
            line.append(text);
        }
    }

    private static String colour(ILoggingEvent event) {
        return switch (event.getLevel().toInt()) {
            case ch.qos.logback.classic.Level.ERROR_INT -> "\u001b[31m";
            case ch.qos.logback.classic.Level.WARN_INT -> "\u001b[33m";
            case ch.qos.logback.classic.Level.INFO_INT -> "\u001b[32m";
            default -> FAINT;
        };
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\t' || (c >= ' ' && c < 0x7f) || c > 0x9f) {
                line.append(c);
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
    }
}
