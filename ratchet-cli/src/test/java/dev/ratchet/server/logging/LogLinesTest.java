package dev.ratchet.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import dev.ratchet.cli.config.LoggingSettings.Format;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogLinesTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void textWhenAMessageHasControlCharactersStaysOneLine() {
        String line = text(Format.TEXT, event("one\n2026-01-01 ERROR forged\u001b[2J", null));

        assertThat(line)
                .isEqualTo("2026-01-02T03:04:05.678Z WARN  [main] dev.ratchet.Some:"
                        + " one\\u000a2026-01-01 ERROR forged\\u001b[2J job=7 name=\"a b\" requestId=r-1\n");
    }

    @Test
    void compactWhenThereIsAnExceptionNamesItWithoutItsStack() {
        assertThat(text(Format.COMPACT, event("failed", new IllegalStateException("no"))))
                .isEqualTo("""
                        03:04:05.678 WARN  Some: failed job=7 name="a b" requestId=r-1
                          java.lang.IllegalStateException: no
                        """);
    }

    @Test
    void prettyWhenColouredHasAFieldALine() {
        assertThat(text(Format.PRETTY, event("hello", null)))
                .contains("\u001b[33mWARN ")
                .endsWith("""
                        Some: hello
                            job=7
                            name="a b"
                            requestId=r-1
                        """);
    }

    @Test
    void jsonWhenWrittenIsOneObjectWithEverything() {
        JsonLines encoder = new JsonLines(false, true);

        String line = encode(encoder, event("failed\n", new IllegalStateException("no")));

        assertThat(line).endsWith("}\n").doesNotContain("\n{");
        JsonNode json = JsonMapper.shared().readTree(line);
        assertThat(json.path("timestamp").stringValue()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(json.path("level").stringValue()).isEqualTo("warn");
        assertThat(json.path("message").stringValue()).isEqualTo("failed\n");
        assertThat(json.path("fields").path("job").intValue()).isEqualTo(7);
        assertThat(json.path("fields").path("requestId").stringValue()).isEqualTo("r-1");
        assertThat(json.path("error").path("error_type").stringValue()).isEqualTo("java.lang.IllegalStateException");
        assertThat(json.path("error").path("stack_trace").stringValue()).contains("LogLinesTest");
    }

    @Test
    void linesWhenNotStructuredLeaveFieldsOut() {
        LoggingEvent event = event("hello", null);

        assertThat(encode(new TextLines(Format.COMPACT, false, false, false), event))
                .isEqualTo("03:04:05.678 WARN  Some: hello\n");
        assertThat(encode(new JsonLines(false, false), event))
                .contains("\"message\":\"hello\"")
                .doesNotContain("requestId");
    }

    private static String text(Format format, LoggingEvent event) {
        return encode(new TextLines(format, false, true, true), event);
    }

    private static <E> String encode(Encoder<E> encoder, E event) {
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    private static LoggingEvent event(String message, @Nullable Throwable thrown) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                LogLinesTest.class.getName(),
                context.getLogger("dev.ratchet.Some"),
                Level.WARN,
                message,
                thrown,
                new Object[0]);
        event.setInstant(AT);
        event.setThreadName("main");
        event.setMDCPropertyMap(Map.of("requestId", "r-1"));
        event.setKeyValuePairs(List.of(new KeyValuePair("job", 7), new KeyValuePair("name", "a b")));
        return event;
    }
}
