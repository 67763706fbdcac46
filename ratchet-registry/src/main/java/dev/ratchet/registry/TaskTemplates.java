package dev.ratchet.registry;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.registry.TaskTemplate.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The templates tasks are generated from. Each renders to a complete package whose tests pass. Thread-safe.
 *
 * <pre>{@code
 * Map<String, String> files =
 *         new TaskTemplates().render("scheduled_job", Map.of("name", "nightly", "job_name", "Nightly check"));
 * }</pre>
 *
 * <p>In a template's files the string literal {@code "{{parameter}}"} stands for the parameter's value as JSON, which is
 * a JavaScript literal too, so no value can break out of its place.
 */
public final class TaskTemplates {
    /** Name of the template that is used where none is named. */
    public static final String DEFAULT = "default";

    /** Parameters of every template: {@code name} is required; {@code uuid} is left out of the metadata when absent. */
    public static final List<String> COMMON_PARAMETERS = List.of("name", "label", "description", "version", "uuid");

    private static final String ROOT = "templates/";
    private static final int MAX_VALUE_LENGTH = 10_000;
    private static final Pattern PLACEHOLDER = Pattern.compile("\"\\{\\{([a-z_]+)}}\"");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SortedMap<String, Definition> definitions = new TreeMap<>();

    /** A template with what is needed to render it. */
    private record Definition(TaskTemplate template, JsonNode parameters, List<String> files, JsonNode metadata) {}

    public TaskTemplates() {
        for (JsonNode entry : JSON.readTree(resource("index.json"))) {
            Definition definition = definition(entry);
            definitions.put(definition.template().name(), definition);
        }
    }

    private static Definition definition(JsonNode entry) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : entry.path("parameters")) {
            JsonNode standard = parameter.path("default");
            parameters.add(new Parameter(
                    parameter.path("name").asString(),
                    parameter.path("required").asBoolean(false),
                    standard.isString() ? standard.asString() : standard.isMissingNode() ? "" : standard.toString(),
                    parameter.path("description").asString()));
        }
        return new Definition(
                new TaskTemplate(
                        entry.path("name").asString(),
                        entry.path("description").asString(),
                        entry.path("category").asString(),
                        strings(entry.path("tags")),
                        parameters),
                entry.path("parameters"),
                strings(entry.path("files")),
                entry.path("metadata"));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /** Every template, {@link #DEFAULT} included, sorted by name. */
    public List<TaskTemplate> list() {
        return definitions.values().stream().map(Definition::template).toList();
    }

    /**
     * Renders a template.
     *
     * @param template its name
     * @param parameters values by name, those of {@link #COMMON_PARAMETERS} and the template's own
     * @return the text of every file of the package by path, {@code metadata.json} included
     * @throws RatchetException with code {@code NOT_FOUND} when there is no such template, {@code BAD_REQUEST} when a
     *     parameter is missing, unknown or not acceptable
     */
    public SortedMap<String, String> render(String template, Map<String, String> parameters) {
        Definition definition = definitions.get(template);
        if (definition == null) {
            throw new RatchetException(
                    ErrorCode.NOT_FOUND,
                    "there is no template '" + template + "'; there are " + String.join(", ", definitions.keySet()));
        }
        refuseUnknown(definition, parameters);
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (JsonNode parameter : definition.parameters()) {
            String name = parameter.path("name").asString();
            String given = parameters.get(name);
            if (given == null && parameter.path("required").asBoolean(false)) {
                throw refused("template '" + template + "' needs the parameter '" + name + "': "
                        + parameter.path("description").asString());
            }
            values.put(name, given == null ? parameter.path("default") : value(parameter, given));
        }
        SortedMap<String, String> files = new TreeMap<>();
        for (String file : definition.files()) {
            files.put(file, filled(resource(template + "/" + file), values));
        }
        files.put("metadata.json", metadata(definition, parameters));
        return files;
    }

    private static void refuseUnknown(Definition definition, Map<String, String> parameters) {
        List<String> known = new ArrayList<>(COMMON_PARAMETERS);
        definition.template().parameters().forEach(parameter -> known.add(parameter.name()));
        for (Map.Entry<String, String> given : parameters.entrySet()) {
            if (!known.contains(given.getKey())) {
                throw refused("template '" + definition.template().name() + "' has no parameter '" + given.getKey()
                        + "'"
                        + KnownNames.nearest(given.getKey(), known)
                                .map(name -> "; did you mean '" + name + "'?")
                                .orElse("")
                        + "; accepted: " + String.join(", ", known));
            }
            if (given.getValue().length() > MAX_VALUE_LENGTH
                    || given.getValue().chars().anyMatch(Character::isISOControl)) {
                throw refused("parameter '" + given.getKey() + "' is longer than " + MAX_VALUE_LENGTH
                        + " characters or has control characters; accepted: one line of text");
            }
        }
    }

    private static JsonNode value(JsonNode parameter, String given) {
        String name = parameter.path("name").asString();
        String kind = parameter.path("kind").asString();
        Optional<JsonNode> value =
                switch (kind) {
                    case "text" -> given.isBlank() ? Optional.empty() : text(given);
                    case "url" -> isHttpUrl(given) ? text(given) : Optional.empty();
                    case "optional_url" -> given.isEmpty() || isHttpUrl(given) ? text(given) : Optional.empty();
                    case "choice" ->
                        strings(parameter.path("choices")).contains(given) ? text(given) : Optional.empty();
                    case "milliseconds" -> milliseconds(given);
                    case "headers" -> headers(given);
                    default -> throw new IllegalStateException("template parameter of unknown kind " + kind);
                };
        return value.orElseThrow(
                () -> refused("parameter '" + name + "' cannot be '" + given + "'; accepted: " + accepted(parameter)));
    }

    private static String accepted(JsonNode parameter) {
        return switch (parameter.path("kind").asString()) {
            case "text" -> "text that is not blank";
            case "url" -> "an http or https URL";
            case "optional_url" -> "an http or https URL, or nothing";
            case "choice" -> String.join(", ", strings(parameter.path("choices")));
            case "milliseconds" -> "a whole number of milliseconds, 1 to 86400000";
            default -> "a JSON object of header names and strings";
        };
    }

    private static Optional<JsonNode> text(String text) {
        return Optional.of(JsonNodeFactory.instance.stringNode(text));
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false; // the caller says what is accepted
        }
    }

    private static Optional<JsonNode> milliseconds(String text) {
        if (!text.matches("[1-9][0-9]{0,7}") || Integer.parseInt(text) > 86_400_000) {
            return Optional.empty();
        }
        return Optional.of(JsonNodeFactory.instance.numberNode(Integer.parseInt(text)));
    }

    private static Optional<JsonNode> headers(String text) {
        JsonNode headers;
        try {
            headers = JSON.readTree(text);
        } catch (JacksonException e) {
            return Optional.empty(); // the caller says what is accepted
        }
        boolean good = headers.isObject()
                && headers.propertyStream()
                        .allMatch(header -> HEADER_NAME.matcher(header.getKey()).matches()
                                && header.getValue().isString()
                                && header.getValue().asString().chars().noneMatch(Character::isISOControl));
        return good ? Optional.of(headers) : Optional.empty();
    }

    private static String filled(String text, Map<String, JsonNode> values) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            JsonNode value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalStateException("template names an unknown parameter " + found.group());
            }
            return Matcher.quoteReplacement(JSON.writeValueAsString(value));
        });
    }

    private static String metadata(Definition definition, Map<String, String> parameters) {
        String name = parameters.get("name");
        if (name == null || name.isBlank()) {
            throw refused("the parameter 'name' is missing; accepted: the name of the new task");
        }
        String version = parameters.getOrDefault("version", "1.0.0");
        if (!MetadataReader.VERSION.matcher(version).matches()) {
            throw refused("'" + version + "' is not a semantic version; accepted: such as 1.0.0 or 2.0.0-beta.1");
        }
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        if (parameters.containsKey("uuid")) {
            metadata.put("uuid", parameters.get("uuid"));
        }
        metadata.put("name", name);
        metadata.put("version", version);
        metadata.put("label", parameters.getOrDefault("label", name));
        metadata.put(
                "description",
                parameters.getOrDefault("description", definition.template().description()));
        metadata.set("tags", JSON.valueToTree(definition.template().tags()));
        definition.metadata().properties().forEach(entry -> metadata.set(entry.getKey(), entry.getValue()));
        return new Documents().writePretty(metadata);
    }

    private static RatchetException refused(String message) {
        return new RatchetException(ErrorCode.BAD_REQUEST, message);
    }

    private static String resource(String path) {
        try (InputStream in = TaskTemplates.class.getResourceAsStream(ROOT + path)) {
            if (in == null) {
                throw new IllegalStateException("template file " + path + " is not part of the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
