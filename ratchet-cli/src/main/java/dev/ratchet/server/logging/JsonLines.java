package dev.ratchet.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Log lines for programs: one JSON object each, with {@code timestamp} (ISO 8601, UTC), {@code level} in lower case,
 * {@code logger}, {@code thread}, {@code message}, and, where there are any, {@code fields} (key-values and context),
 * {@code location} and {@code error} ({@code error_type, message, stack_trace}).
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final boolean location;
    private final boolean structured;

    JsonLines(boolean location, boolean structured) {
        this.location = location;
        this.structured = structured;
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
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        Instant at = event.getInstant() == null ? Instant.ofEpochMilli(event.getTimeStamp()) : event.getInstant();
        try (JsonGenerator json = MAPPER.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringProperty("timestamp", at.toString());
            json.writeStringProperty("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
            json.writeStringProperty("logger", event.getLoggerName());
            json.writeStringProperty("thread", event.getThreadName());
            json.writeStringProperty("message", event.getFormattedMessage());
            if (structured) {
                fields(json, event);
            }
            StackTraceElement[] callers = location ? event.getCallerData() : new StackTraceElement[0];
            if (callers.length > 0) {
                json.writeStringProperty("location", callers[0].getFileName() + ":" + callers[0].getLineNumber());
            }
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeObjectPropertyStart("error");
                json.writeStringProperty("error_type", thrown.getClassName());
                json.writeStringProperty("message", String.valueOf(thrown.getMessage()));
                json.writeStringProperty("stack_trace", ThrowableProxyUtil.asString(thrown));
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static void fields(JsonGenerator json, ILoggingEvent event) {
        Map<String, String> context = event.getMDCPropertyMap();
        boolean pairs =
                event.getKeyValuePairs() != null && !event.getKeyValuePairs().isEmpty();
        if (!pairs && context.isEmpty()) {
            return;
        }
        json.writeObjectPropertyStart("fields");
        if (pairs) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                switch (pair.value) {
                    case Integer number -> json.writeNumberProperty(pair.key, number);
                    case Long number -> json.writeNumberProperty(pair.key, number);
                    case Double number -> json.writeNumberProperty(pair.key, number);
                    case Boolean bool -> json.writeBooleanProperty(pair.key, bool);
                    case null, default -> json.writeStringProperty(pair.key, String.valueOf(pair.value));
                }
            }
        }
        context.forEach(json::writeStringProperty);
        json.writeEndObject();
    }
}
