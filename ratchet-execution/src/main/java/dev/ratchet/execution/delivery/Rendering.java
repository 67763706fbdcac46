package dev.ratchet.execution.delivery;

import dev.ratchet.core.delivery.Compression;
import dev.ratchet.core.delivery.DeliveryRequest;
import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.core.delivery.SecretText;
import dev.ratchet.execution.recording.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What one attempt fills in and writes. Used by one thread. */
final class Rendering {
    private final DeliverySettings settings;
    private final JsonNode result;
    private final TemplateModel model;

    Rendering(DeliveryRequest request, DeliverySettings settings) {
        this.settings = settings;
        this.result = Json.parse("result", request.payload().result().json());
        this.model = TemplateModel.of(request, result, StrftimePattern.parse(settings.timestampFormat()));
    }

    JsonNode result() {
        return result;
    }

    TemplateModel model() {
        return model;
    }

    /**
     * Fills one option.
     *
     * @param option name of the option, for the message
     */
    String fill(String option, String template, Templates.Place place) throws TemplateException {
        return fill(option, template, place, settings.maxBytes());
    }

    /** Fills one option that is a secret: no message shows any of it. */
    String fill(String option, SecretText template) throws TemplateException {
        try {
            return Templates.fill(template.value(), Templates.Place.HEADER, model, settings.maxBytes());
        } catch (TemplateException e) {
            throw new TemplateException("the template of '" + option + "' " + TemplateException.OF_A_SECRET);
        }
    }

    /** The body: the result in its format, or what the template makes of it; packed. */
    byte[] body(OutputFormat format, @Nullable String template, Compression compression)
            throws TemplateException, IOException {
        return body(result, format, template, compression);
    }

    /** As above, of a document made from the result. */
    byte[] body(JsonNode document, OutputFormat format, @Nullable String template, Compression compression)
            throws TemplateException, IOException {
        byte[] plain = template == null
                ? ResultText.write(document, format, settings.prettyJson(), settings.maxBytes())
                : bounded(fill("template", template, bodyPlace(format)));
        return Packing.pack(plain, compression);
    }

    static Templates.Place bodyPlace(OutputFormat format) {
        return switch (format) {
            case JSON, JSON_COMPACT -> Templates.Place.JSON_BODY;
            case XML -> Templates.Place.XML_BODY;
            case YAML, CSV, RAW -> Templates.Place.TEXT_BODY;
        };
    }

    private String fill(String option, String template, Templates.Place place, int maxChars) throws TemplateException {
        try {
            return Templates.fill(template, place, model, maxChars);
        } catch (TemplateException e) {
            throw new TemplateException("the template of '" + option + "' " + e.text());
        }
    }

    private byte[] bounded(String text) throws TooLargeException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > settings.maxBytes()) {
            throw new TooLargeException(settings.maxBytes());
        }
        return bytes;
    }
}
