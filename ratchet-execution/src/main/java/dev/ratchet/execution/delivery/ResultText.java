package dev.ratchet.execution.delivery;

import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.execution.recording.Json;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** A result in each of the formats, UTF-8. */
final class ResultText {
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(Json.MAX_DEPTH + 16)
                            .build())
                    .build())
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    private ResultText() {}

    /**
     * Writes a document.
     *
     * @param pretty whether {@link OutputFormat#JSON} goes over several lines
     * @throws TooLargeException when it takes more than {@code maxBytes}
     */
    static byte[] write(JsonNode document, OutputFormat format, boolean pretty, int maxBytes) throws TooLargeException {
        BoundedBuffer buffer = new BoundedBuffer(maxBytes);
        try (Writer out = new OutputStreamWriter(buffer, StandardCharsets.UTF_8)) {
            switch (format) {
                case JSON -> out.write(pretty ? Json.writePretty(document) : Json.write(document));
                case JSON_COMPACT -> out.write(Json.write(document));
                case YAML -> out.write(YAML.writeValueAsString(document));
                case CSV -> CsvText.write(document, out);
                case XML -> XmlText.write(document, out);
                case RAW -> out.write(document.isString() ? document.stringValue() : Json.write(document));
            }
        } catch (TooLargeException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return buffer.toByteArray();
    }

    /** The media type of what is written. */
    static String mediaType(OutputFormat format) {
        return switch (format) {
            case JSON, JSON_COMPACT -> "application/json";
            // RFC 9512
            case YAML -> "application/yaml";
            case CSV -> "text/csv; charset=utf-8";
            case XML -> "application/xml";
            case RAW -> "text/plain; charset=utf-8";
        };
    }
}
