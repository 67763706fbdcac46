package dev.ratchet.registry;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A whole package as one JSON document, to be stored and read back as it was:
 *
 * <pre>{@code
 * {"format": 1, "contentHash": "…",
 *  "metadata": {…}, "other": "{…}",
 *  "code": {"entry": "main.js", "files": {"main.js": "…"}},
 *  "inputSchema": "{…}", "outputSchema": "{…}", "tests": {"tests/one.json": "{…}"}}
 * }</pre>
 *
 * {@code metadata} has the keys of a package's {@code metadata.json}, with the limits it declares, not those in force.
 * Schemas, tests and other people's keys are JSON texts inside strings, so that not even their white space changes.
 * Thread-safe.
 */
public final class PackageJson {
    private static final int FORMAT = 1;
    private static final String SOURCE = "package";

    private final Documents documents = Documents.forWholePackages();
    private final MetadataWriter metadataWriter = new MetadataWriter(documents);
    private final TaskLimits defaults;

    /** Packages that are read have {@link TaskLimits#DEFAULTS} where they declare nothing. */
    public PackageJson() {
        this(TaskLimits.DEFAULTS);
    }

    /** @param defaults limits of packages that declare none */
    public PackageJson(TaskLimits defaults) {
        this.defaults = Objects.requireNonNull(defaults, "defaults");
    }

    /** The document of a package. */
    public JsonText write(TaskPackage task) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("format", FORMAT);
        document.put("contentHash", task.contentHash().hex());
        document.set("metadata", metadataWriter.write(task));
        document.put("other", task.metadata().other().value());
        ObjectNode code = document.putObject("code").put("entry", task.code().entry());
        ObjectNode files = code.putObject("files");
        task.code().files().forEach(files::put);
        task.inputSchema().ifPresent(schema -> document.put("inputSchema", schema.value()));
        task.outputSchema().ifPresent(schema -> document.put("outputSchema", schema.value()));
        ObjectNode tests = document.putObject("tests");
        task.tests().forEach((path, test) -> tests.put(path, test.value()));
        return new JsonText(documents.write(document));
    }

    /**
     * The package of a document that {@link #write} made. Schemas and code are not checked again: they were, when the
     * package was accepted, and a stricter check must not take stored packages away.
     *
     * @throws RatchetException {@link ErrorCode#INVALID_PACKAGE} when the document is damaged, of a format from the
     *     future, or its content is not what its hash names
     */
    public TaskPackage read(JsonText json) {
        Problems problems = new Problems();
        JsonNode document =
                documents.json(SOURCE, json.value(), problems).orElse(JsonNodeFactory.instance.missingNode());
        refuse(problems);
        if (document.path("format").intValue(0) != FORMAT) {
            throw invalid("/format is " + document.path("format") + "; this program reads " + FORMAT);
        }
        Optional<Metadata> metadata =
                MetadataReader.read(SOURCE, document.path("metadata"), documents, problems, defaults);
        refuse(problems);
        Metadata known = metadata.orElseThrow(() -> invalid("has no metadata"));
        SortedMap<String, String> files = texts(document.path("code").path("files"), "/code/files");
        String entry = text(document.path("code").path("entry"), "/code/entry");
        if (!files.containsKey(entry)) {
            throw invalid("/code/entry names '" + entry + "', which is not among the files");
        }
        TaskCode code = new TaskCode(files, entry, known.compat());
        Optional<JsonText> input = schema(document, "inputSchema");
        Optional<JsonText> output = schema(document, "outputSchema");
        SortedMap<String, JsonText> tests = new TreeMap<>();
        texts(document.path("tests"), "/tests").forEach((path, test) -> tests.put(path, json(test, "/tests/" + path)));
        ContentHash hash = checkedHash(document, code, known, input, output);
        return new TaskPackage(
                withOther(known.identity(), json(text(document.path("other"), "/other"), "/other")),
                code,
                input,
                output,
                known.limits(),
                known.net(),
                known.secrets(),
                known.retry(),
                known.cache(),
                known.httpCache(),
                tests,
                known.declared(),
                hash);
    }

    private static ContentHash checkedHash(
            JsonNode document, TaskCode code, Metadata known, Optional<JsonText> input, Optional<JsonText> output) {
        String stored = text(document.path("contentHash"), "/contentHash");
        ContentHash computed;
        try {
            computed = ContentHash.of(code, known.declared(), input, output);
        } catch (IllegalArgumentException e) {
            throw invalid("has no content hash: " + e.getMessage());
        }
        if (!computed.hex().equals(stored)) {
            throw invalid("/contentHash says " + stored + ", and the content is " + computed.hex()
                    + ": it was changed since it was written");
        }
        return computed;
    }

    private static TaskMetadata withOther(TaskMetadata metadata, JsonText other) {
        return new TaskMetadata(
                metadata.name(),
                metadata.label(),
                metadata.version(),
                metadata.uuid(),
                metadata.description(),
                metadata.tags(),
                metadata.author(),
                metadata.license(),
                other);
    }

    private static Optional<JsonText> schema(JsonNode document, String key) {
        JsonNode schema = document.path(key);
        return schema.isMissingNode() ? Optional.empty() : Optional.of(json(text(schema, "/" + key), "/" + key));
    }

    private static JsonText json(String text, String pointer) {
        if (text.isBlank()) {
            throw invalid(pointer + " is blank; accepted: a JSON text");
        }
        return new JsonText(text);
    }

    private static SortedMap<String, String> texts(JsonNode object, String pointer) {
        if (!object.isObject()) {
            throw invalid(pointer + " is " + MetadataReader.kind(object) + "; accepted: an object of strings");
        }
        SortedMap<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            texts.put(entry.getKey(), text(entry.getValue(), pointer + "/" + MetadataReader.escape(entry.getKey())));
        }
        return texts;
    }

    private static String text(JsonNode node, String pointer) {
        if (!node.isString()) {
            throw invalid(pointer + " is " + MetadataReader.kind(node) + "; accepted: a string");
        }
        return node.asString();
    }

    private static void refuse(Problems problems) {
        if (!problems.isEmpty()) {
            throw new RatchetException(
                    ErrorCode.INVALID_PACKAGE, "the stored package cannot be read", problems.sorted());
        }
    }

    private static RatchetException invalid(String message) {
        return new RatchetException(ErrorCode.INVALID_PACKAGE, "the stored package cannot be read: " + message);
    }
}
