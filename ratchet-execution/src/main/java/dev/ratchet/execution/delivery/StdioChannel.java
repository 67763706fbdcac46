package dev.ratchet.execution.delivery;

import dev.ratchet.core.delivery.Compression;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.OutputDestination.Stdio;
import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.execution.recording.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Writes blocks of lines to a standard stream, one block at a time. Control characters do not reach the terminal. */
final class StdioChannel {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\\n\\t]]");

    private final StdioSink sink;
    private final boolean metadataByDefault;
    private final ReentrantLock turn = new ReentrantLock();

    StdioChannel(StdioSink sink, boolean metadataByDefault) {
        this.sink = sink;
        this.metadataByDefault = metadataByDefault;
    }

    DeliveryAttempt deliver(Stdio destination, Rendering rendering) {
        ObjectNode info = Json.object();
        info.put("stream", destination.stream().name().toLowerCase(Locale.ROOT));
        try {
            byte[] block = block(destination, rendering);
            turn.lock();
            try {
                sink.write(destination.stream(), block);
                if (destination.lineBuffered()) {
                    sink.flush(destination.stream());
                }
            } finally {
                turn.unlock();
            }
            return Attempts.delivered(block.length, info);
        } catch (TemplateException e) {
            return Attempts.failed(e.text(), info);
        } catch (TooLargeException e) {
            return Attempts.failed(e.text(), info);
        } catch (IOException e) {
            return Attempts.retry("the stream could not be written: " + e.getMessage(), info);
        }
    }

    private byte[] block(Stdio destination, Rendering rendering) throws TemplateException, IOException {
        String prefix = destination.prefix() == null
                ? ""
                : rendering.fill("prefix", destination.prefix(), Templates.Place.PREFIX);
        Boolean asked = destination.includeMetadata();
        boolean metadata = asked == null ? metadataByDefault : asked;
        StringBuilder block = new StringBuilder();
        String text;
        if (metadata && destination.template() == null && isTree(destination.format())) {
            text = text(rendering.body(withMetadata(rendering), destination.format(), null, Compression.NONE));
        } else {
            if (metadata) {
                block.append(prefix).append(metadataLine(rendering)).append('\n');
            }
            text = text(rendering.body(destination.format(), destination.template(), Compression.NONE));
        }
        text.lines().forEach(line -> block.append(prefix).append(line).append('\n'));
        return CONTROL.matcher(block).replaceAll("\ufffd").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isTree(OutputFormat format) {
        return switch (format) {
            case JSON, JSON_COMPACT, YAML, XML -> true;
            case CSV, RAW -> false;
        };
    }

    private static ObjectNode withMetadata(Rendering rendering) {
        ObjectNode metadata = Json.object();
        metadata(rendering).forEach((name, value) -> metadata.put(name, value.toString()));
        ObjectNode document = Json.object();
        document.set("metadata", metadata);
        document.set(rendering.model().structure(), rendering.result());
        return document;
    }

    private static String metadataLine(Rendering rendering) {
        StringBuilder line = new StringBuilder("#");
        metadata(rendering)
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }

    /** Everything but the parts of the time and what stands there twice. */
    private static Map<String, Object> metadata(Rendering rendering) {
        Map<String, Object> metadata =
                new java.util.LinkedHashMap<>(rendering.model().scalars());
        metadata.keySet().removeAll(java.util.Set.of("date", "year", "month", "day", "hour", "environment"));
        return metadata;
    }
}
