package dev.ratchet.registry;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskPackage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A package in the shape of a request's body, see {@link TaskPackageLoader#loadParts}.
 *
 * <p>{@link #of} writes the shape from a package, and {@link #changed} applies a change to some of its parts.
 */
public final class PackageParts {
    private static final String MAIN = "main.js";
    private static final String CODE = "code";
    private static final String FILES = "files";
    private static final String TESTS = "tests";
    private static final String METADATA = "metadata";
    /** Keys that say the same. */
    private static final List<List<String>> SAME = List.of(
            List.of("inputs", "inputSchema", "input_schema"),
            List.of("outputs", "outputSchema", "output_schema"),
            List.of(TESTS, "test_cases"));

    private static final Set<String> MERGED = Set.of(FILES, "limits", METADATA);

    private static final String FILE_FORMS =
            "accepted: paths such as lib/util.js that end in .js, .mjs, .cjs or .json; schemas and tests have their own keys";

    private final ObjectNode metadata;
    private final SortedMap<String, String> files;
    private final Map<String, String> pointersByPath;
    private final Set<String> keysOfMetadata;

    private PackageParts(
            ObjectNode metadata,
            SortedMap<String, String> files,
            Map<String, String> pointersByPath,
            Set<String> keysOfMetadata) {
        this.metadata = metadata;
        this.files = files;
        this.pointersByPath = pointersByPath;
        this.keysOfMetadata = keysOfMetadata;
    }

    /**
     * The parts of a package as a JSON object with {@code files} and {@code tests} by path, and what the package
     * declares and nothing else.
     */
    public static JsonText of(TaskPackage task) {
        Documents documents = Documents.forWholePackages();
        ObjectNode body = new MetadataWriter(documents).write(task);
        ObjectNode files = body.putObject(FILES);
        task.code().files().forEach(files::put);
        body.put("entrypoint", task.code().entry());
        task.inputSchema().ifPresent(schema -> body.set("inputSchema", documents.json(schema.value())));
        task.outputSchema().ifPresent(schema -> body.set("outputSchema", documents.json(schema.value())));
        ObjectNode tests = body.putObject(TESTS);
        task.tests().forEach((path, test) -> {
            if (path.startsWith(TaskPackageLoader.TESTS)) {
                tests.set(path, documents.json(test.value()));
            } else {
                body.withArray("test_cases").add(documents.json(test.value()));
            }
        });
        JsonNode other = documents.json(task.metadata().other().value());
        if (!other.isEmpty()) {
            body.set(METADATA, other);
        }
        return new JsonText(documents.write(body));
    }

    /**
     * The parts of a package with some of them changed, to be loaded as the next version. A key of {@code changes}
     * replaces the old value, and {@code null} takes it away; inside {@code files}, {@code limits} and {@code metadata}
     * the same holds for each of their keys. {@code code} replaces all files, and one spelling of a schema's key every
     * other.
     *
     * @param changes a JSON object; what is wrong with it is found when the result is loaded
     * @throws dev.ratchet.core.common.RatchetException {@code BAD_REQUEST} when {@code changes} is no JSON object
     */
    public static JsonText changed(TaskPackage task, JsonText changes) {
        Documents documents = Documents.forWholePackages();
        Problems problems = new Problems();
        JsonNode patch = documents.json("body", changes.value(), problems).orElse(NullNode.getInstance());
        if (!patch.isObject()) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST, "changes to a task are a JSON object of its parts", problems.sorted());
        }
        ObjectNode body = (ObjectNode) documents.json(of(task).value());
        if (patch.has(CODE)) {
            body.remove(List.of(FILES, "entrypoint"));
        }
        for (List<String> spellings : SAME) {
            if (spellings.stream().anyMatch(patch::has)) {
                body.remove(spellings);
            }
        }
        patch.properties().forEach(entry -> {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (MERGED.contains(key) && value.isObject() && body.path(key).isObject()) {
                ObjectNode merged = (ObjectNode) body.path(key);
                value.properties().forEach(inner -> put(merged, inner.getKey(), inner.getValue()));
            } else {
                put(body, key, value);
            }
        });
        return new JsonText(documents.write(body));
    }

    private static void put(ObjectNode target, String key, JsonNode value) {
        if (value.isNull()) {
            target.remove(key);
        } else {
            target.set(key, value);
        }
    }

    /** Takes a body apart; empty when it is no object, which is then among {@code problems}. */
    static Optional<PackageParts> read(JsonNode body, Set<String> ownKeys, Documents documents, Problems problems) {
        if (!body.isObject()) {
            problems.add(
                    "",
                    "",
                    "is " + MetadataReader.kind(body)
                            + "; accepted: an object such as {\"name\": …, \"version\": …, \"code\": …}");
            return Optional.empty();
        }
        Reader reader = new Reader(body, documents, problems);
        reader.readMetadata(ownKeys);
        reader.readCode();
        reader.readTests();
        return Optional.of(
                new PackageParts(reader.metadata, reader.files, reader.pointersByPath, reader.keysOfMetadata));
    }

    /** What a package's {@code metadata.json} would say. */
    ObjectNode metadata() {
        return metadata;
    }

    /** Texts of code and tests by the path they would have. */
    SortedMap<String, String> files() {
        return files;
    }

    /** Whether no code file was given in an acceptable form, which is then among the problems. */
    boolean hasNoCode() {
        return files.keySet().stream().allMatch(path -> path.startsWith(TaskPackageLoader.TESTS));
    }

    /** Problems of the package's files, placed where the body has them. */
    List<Problem> relocated(List<Problem> problems, String display) {
        List<Problem> relocated = new ArrayList<>();
        for (Problem problem : problems) {
            relocated.add(relocated(problem, display));
        }
        return relocated.stream().distinct().sorted().toList();
    }

    private Problem relocated(Problem problem, String display) {
        String position = problem.position();
        if (problem.source().equals(TaskPackageLoader.JSON_METADATA)) {
            String key = position.isEmpty() ? "" : position.split("/", -1)[1];
            boolean moved = keysOfMetadata.contains(key.replace("~1", "/").replace("~0", "~"));
            return new Problem(display, (moved ? "/" + METADATA : "") + position, problem.message());
        }
        String pointer = pointersByPath.getOrDefault(problem.source(), "");
        if (position.isEmpty() || position.startsWith("/")) {
            return new Problem(display, pointer + position, problem.message());
        }
        return new Problem(display, pointer, "at " + position + ": " + problem.message());
    }

    /** Reads one body. */
    private static final class Reader {
        private final JsonNode body;
        private final Documents documents;
        private final Problems problems;
        private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        private final SortedMap<String, String> files = new TreeMap<>();
        private final Map<String, String> pointersByPath = new HashMap<>();
        private final Set<String> keysOfMetadata = new HashSet<>();

        Reader(JsonNode body, Documents documents, Problems problems) {
            this.body = body;
            this.documents = documents;
            this.problems = problems;
        }

        void readMetadata(Set<String> ownKeys) {
            Set<String> known = new TreeSet<>(MetadataReader.KNOWN);
            known.addAll(List.of(CODE, FILES, TESTS, METADATA));
            known.addAll(ownKeys);
            body.properties().forEach(entry -> {
                String key = entry.getKey();
                if (MetadataReader.KNOWN.contains(key)) {
                    metadata.set(key, entry.getValue());
                } else if (!known.contains(key)) {
                    String question = KnownNames.nearest(key, known)
                            .map(name -> "; did you mean \"" + name + "\"?")
                            .orElse(";");
                    add(
                            "/" + MetadataReader.escape(key),
                            "is not a key that is known here" + question + " accepted: " + String.join(", ", known)
                                    + "; keys of your own go into \"metadata\"");
                }
            });
            JsonNode further = body.path(METADATA);
            if (further.isMissingNode()) {
                return;
            }
            if (!further.isObject()) {
                add("/" + METADATA, "is " + MetadataReader.kind(further) + "; accepted: an object of further keys");
                return;
            }
            further.properties().forEach(entry -> {
                String key = entry.getKey();
                if (metadata.has(key)) {
                    add(
                            "/" + METADATA + "/" + MetadataReader.escape(key),
                            "says the same as \"" + key + "\" of the body; keep one of them");
                } else {
                    keysOfMetadata.add(key);
                    metadata.set(key, entry.getValue());
                }
            });
        }

        void readCode() {
            JsonNode code = body.path(CODE);
            JsonNode given = body.path(FILES);
            if (code.isMissingNode() == given.isMissingNode()) {
                add(
                        "",
                        (code.isMissingNode()
                                        ? "has neither \"code\" nor \"files\""
                                        : "has both \"code\" and \"files\"")
                                + "; accepted: \"code\" with the text of " + MAIN
                                + ", or \"files\" with texts by path");
                return;
            }
            if (!code.isMissingNode()) {
                file(MAIN, "/" + CODE, code);
                return;
            }
            if (!given.isObject() || given.isEmpty() || given.size() > PackageBounds.MAX_FILES) {
                add(
                        "/" + FILES,
                        "is " + MetadataReader.kind(given) + "; accepted: an object of 1 to " + PackageBounds.MAX_FILES
                                + " texts by path, such as {\"main.js\": \"…\"}");
                return;
            }
            given.properties().forEach(entry -> {
                String path = entry.getKey();
                String pointer = "/" + FILES + "/" + MetadataReader.escape(path);
                if (!PackageFiles.isPlain(path) || !isCodeFile(path)) {
                    add(pointer, "is not a code file; " + FILE_FORMS);
                } else {
                    file(path, pointer, entry.getValue());
                }
            });
        }

        private static boolean isCodeFile(String path) {
            boolean reserved = path.equals(TaskPackageLoader.JSON_METADATA)
                    || path.equals(TaskPackageLoader.INPUT_SCHEMA)
                    || path.equals(TaskPackageLoader.OUTPUT_SCHEMA)
                    || path.startsWith(TaskPackageLoader.TESTS);
            boolean skipped = List.of(path.split("/", -1)).stream().anyMatch(PackageFiles::isSkipped);
            return PackageFiles.isCode(path) && !reserved && !skipped;
        }

        private void file(String path, String pointer, JsonNode text) {
            if (!text.isString()) {
                add(pointer, "is " + MetadataReader.kind(text) + "; accepted: a string, the text of the file");
                return;
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text.asString())) {
                add(pointer, "has half of a surrogate pair; accepted: Unicode text");
                return;
            }
            files.put(path, text.asString());
            pointersByPath.put(path, pointer);
        }

        void readTests() {
            JsonNode tests = body.path(TESTS);
            if (tests.isMissingNode()) {
                return;
            }
            if (tests.isArray() && tests.size() <= PackageBounds.MAX_FILES) {
                for (int i = 0; i < tests.size(); i++) {
                    test(String.format(Locale.ROOT, "tests/%03d.json", i + 1), "/" + TESTS + "/" + i, tests.get(i));
                }
            } else if (tests.isObject() && tests.size() <= PackageBounds.MAX_FILES) {
                tests.properties().forEach(entry -> {
                    String path = entry.getKey();
                    String pointer = "/" + TESTS + "/" + MetadataReader.escape(path);
                    boolean named = PackageFiles.isPlain(path)
                            && path.startsWith(TaskPackageLoader.TESTS)
                            && path.endsWith(".json")
                            && path.indexOf('/', TaskPackageLoader.TESTS.length()) < 0;
                    if (named) {
                        test(path, pointer, entry.getValue());
                    } else {
                        add(pointer, "is not the path of a test; accepted: tests/NAME.json");
                    }
                });
            } else {
                add(
                        "/" + TESTS,
                        "is " + MetadataReader.kind(tests) + "; accepted: an array of at most "
                                + PackageBounds.MAX_FILES + " test cases, or an object of them by path");
            }
        }

        private void test(String path, String pointer, JsonNode value) {
            files.put(path, documents.write(value));
            pointersByPath.put(path, pointer);
        }

        private void add(String pointer, String message) {
            problems.add("", pointer, message);
        }
    }
}
