package dev.ratchet.api.json;

import java.io.OutputStream;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Makes the writers of answers. */
public final class JsonWriting {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            // A target that cannot be written to shall not be written to once more on closing.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private JsonWriting() {}

    /** A string as JSON. */
    public static String quoted(String text) {
        StringWriter target = new StringWriter(text.length() + 2);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), target)) {
            generator.writeString(text);
        }
        return target.toString();
    }

    /** Writes UTF-8 to {@code target}. */
    public static JsonGenerator generator(OutputStream target) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    }
}
