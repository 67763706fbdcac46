package dev.ratchet.registry;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Parses JSON (RFC 8259) and YAML within bounds; syntax errors become problems with line and column. Duplicate names are
 * refused in both. YAML is the JSON-like part of it: one document, no aliases, so that a small file cannot stand for a
 * large value. Thread-safe.
 */
final class Documents {
    /** Deepest nesting. */
    static final int MAX_DEPTH = 100;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxDocumentLength(PackageBounds.MAX_FILE_BYTES)
            .maxStringLength(PackageBounds.MAX_FILE_BYTES)
            .maxNameLength(50_000)
            .maxNumberLength(1_000)
            .build();

    private final JsonMapper json;

    private final YAMLMapper yaml = YAMLMapper.builder(
                    YAMLFactory.builder().streamReadConstraints(CONSTRAINTS).build())
            .build();

    /** Documents that are one file of a package. */
    Documents() {
        this(CONSTRAINTS);
    }

    private Documents(StreamReadConstraints constraints) {
        json = JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // A number stays what it was written as, also beyond what a double holds.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    /** Documents that hold all files of a package, in which each part obeys the bounds of a file. */
    static Documents forWholePackages() {
        return new Documents(CONSTRAINTS
                .rebuild()
                .maxDocumentLength(PackageBounds.MAX_ARCHIVE_BYTES)
                .maxNestingDepth(MAX_DEPTH + 8)
                .build());
    }

    /** The value of a JSON text that is known to be sound. */
    JsonNode json(String text) {
        return json.readTree(text);
    }

    /** The value of a JSON text; empty when it is broken, which is then among {@code problems}. */
    Optional<JsonNode> json(String path, String text, Problems problems) {
        if (text.isBlank()) {
            problems.add(path, "1:1", "file is empty; accepted: a JSON value");
            return Optional.empty();
        }
        try {
            return Optional.of(json.readTree(text));
        } catch (JacksonException e) {
            report(path, e, problems);
            return Optional.empty();
        }
    }

    /** The value of a YAML text; empty when it is broken, which is then among {@code problems}. */
    Optional<JsonNode> yaml(String path, String text, Problems problems) {
        try (JsonParser parser = yaml.createParser(text)) {
            if (parser.nextToken() == null) {
                problems.add(path, "1:1", "file is empty; accepted: a YAML mapping");
                return Optional.empty();
            }
            JsonNode value = new YamlReader((YAMLParser) parser).value(0);
            if (parser.nextToken() != null) {
                throw new YamlRefused(parser.currentTokenLocation(), "a second document starts here; accepted: one");
            }
            return Optional.of(value);
        } catch (YamlRefused e) {
            problems.add(path, position(e.location), String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            report(path, e, problems);
        }
        return Optional.empty();
    }

    /** The text of a JSON value. */
    String write(JsonNode value) {
        return json.writeValueAsString(value);
    }

    /** The text of a JSON value, indented. */
    String writePretty(JsonNode value) {
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    }

    private static void report(String path, JacksonException e, Problems problems) {
        String message =
                String.valueOf(e.getOriginalMessage()).replace('\n', ' ').strip();
        problems.add(path, position(e.getLocation()), message.length() > 300 ? message.substring(0, 300) : message);
    }

    private static String position(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1 ? "" : location.getLineNr() + ":" + location.getColumnNr();
    }

    /** YAML that is more than JSON with other punctuation. */
    private static final class YamlRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient TokenStreamLocation location;

        YamlRefused(TokenStreamLocation location, String message) {
            super(message);
            this.location = location;
        }
    }

    /** Builds the tree itself, because the mapper would take an alias for a string and the last of two names. */
    private record YamlReader(YAMLParser parser) {
        JsonNode value(int depth) {
            if (depth > MAX_DEPTH) {
                throw refused("nested more than " + MAX_DEPTH + " levels deep");
            }
            if (parser.isCurrentAlias()) {
                throw refused("an alias (*name) is not accepted; write the value out");
            }
            JsonToken token = parser.currentToken();
            return switch (token) {
                case START_OBJECT -> object(depth);
                case START_ARRAY -> array(depth);
                case VALUE_STRING -> NODES.stringNode(parser.getString());
                case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
                case VALUE_NUMBER_FLOAT -> number();
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw refused("this kind of YAML value is not accepted; accepted is what JSON has too");
            };
        }

        private JsonNode number() {
            String text = parser.getString().toLowerCase(Locale.ROOT);
            double number = text.endsWith(".nan") || text.endsWith(".inf") ? Double.NaN : parser.getDoubleValue();
            if (!Double.isFinite(number)) {
                throw refused("number is not finite, and JSON has no other");
            }
            return NODES.numberNode(number);
        }

        private ObjectNode object(int depth) {
            ObjectNode object = NODES.objectNode();
            Set<String> names = new HashSet<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                if (parser.isCurrentAlias()) {
                    throw refused("an alias (*name) is not accepted; write the name out");
                }
                String name = parser.currentName();
                if (!names.add(name)) {
                    throw refused("name '" + name + "' is there twice; keep one");
                }
                parser.nextToken();
                object.set(name, value(depth + 1));
            }
            return object;
        }

        private ArrayNode array(int depth) {
            ArrayNode array = NODES.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(depth + 1));
            }
            return array;
        }

        private YamlRefused refused(String message) {
            return new YamlRefused(parser.currentTokenLocation(), message);
        }
    }
}
