package dev.ratchet.cli;

import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the commands show it: indented by two, as JavaScript's own {@code JSON.stringify(value, null, 2)} does. */
final class Json {
    /** Reads what tasks return, within bounds that no output within its limit meets; keeps numbers exact. */
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(10_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(1_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .defaultPrettyPrinter(printer())
            .build();

    private Json() {}

    /** {@code value}, a tree or a text that was read as one, over several lines. */
    static String pretty(Object value) {
        return harmless(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }

    private static DefaultPrettyPrinter printer() {
        Separators separators = PrettyPrinter.DEFAULT_SEPARATORS
                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        return new DefaultPrettyPrinter(separators)
                .withArrayIndenter(new DefaultIndenter("  ", "\n"))
                .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    }

    /** The same JSON with the control characters escaped that JSON leaves as they are and a terminal may obey. */
    static String harmless(String json) {
        if (json.chars().noneMatch(Json::isLateControl)) {
            return json;
        }
        StringBuilder safe = new StringBuilder(json.length() + 64);
        json.chars().forEach(c -> {
            if (isLateControl(c)) {
                // They can only be within strings.
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    private static boolean isLateControl(int c) {
        return c >= 0x7f && c <= 0x9f;
    }
}
