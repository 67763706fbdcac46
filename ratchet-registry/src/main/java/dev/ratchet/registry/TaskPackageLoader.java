package dev.ratchet.registry;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.SchemaCompiler.Compilation;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.registry.Metadata.InlineSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a task package from a folder or from a ZIP archive of one and reports everything wrong with it at once.
 *
 * <pre>{@code
 * switch (new TaskPackageLoader(schemas).load(Path.of("examples/tasks/hello"))) {
 *     case Loaded(TaskPackage task, List<Problem> warnings) -> run(task);
 *     case Rejected(List<Problem> problems) -> problems.forEach(System.err::println);
 * }
 * }</pre>
 *
 * <p>A package is {@code metadata.json} (or {@code meta.yaml}), one of {@code main.mjs}, {@code main.js} and {@code
 * task.js}, and optionally {@code input.schema.json}, {@code output.schema.json}, {@code tests/*.json} and further
 * {@code .js}, {@code .mjs}, {@code .cjs} and {@code .json} files that the code imports. Names starting with a dot and
 * {@code node_modules} are passed over. {@code docs/tasks.md} describes every key.
 *
 * <p>The contract part of a package's {@link ContentHash} holds declared values only, normalised: {@code compat} as
 * written; {@code limits} with times in milliseconds, sizes in bytes; {@code net} as a list of {@code {"host",
 * "methods"}} sorted by host, hosts in lower case, methods in upper case and sorted, {@code methods} left out where all
 * are permitted, rules for one host merged; {@code secrets} sorted without duplicates; {@code inputSchema} and {@code
 * outputSchema} as documents; {@code cache} with its {@code ttl} in milliseconds and {@code onlySuccess} and {@code
 * httpCache} as written. A key the package does not have is left out, so a default that changes later does not
 * change the hash.
 *
 * <p>Thread-safe.
 */
public final class TaskPackageLoader {
    private static final List<String> ENTRIES = List.of("main.mjs", "main.js", "task.js");
    private static final String JSON_METADATA = "metadata.json";
    private static final String YAML_METADATA = "meta.yaml";
    private static final String INPUT_SCHEMA = "input.schema.json";
    private static final String OUTPUT_SCHEMA = "output.schema.json";
    private static final String TESTS = "tests/";
    private static final int MAX_METADATA_LENGTH = 1 << 20;

    private final Documents documents = new Documents();
    private final SchemaCompiler schemas;
    private final TaskLimits defaults;

    /** Loads packages under {@link TaskLimits#DEFAULTS}. */
    public TaskPackageLoader(SchemaCompiler schemas) {
        this(schemas, TaskLimits.DEFAULTS);
    }

    /** @param defaults limits of packages that declare none; outside the content hash */
    public TaskPackageLoader(SchemaCompiler schemas, TaskLimits defaults) {
        this.schemas = Objects.requireNonNull(schemas, "schemas");
        this.defaults = Objects.requireNonNull(defaults, "defaults");
    }

    /**
     * Loads a package.
     *
     * @param folderOrZip a folder, or a file that is a ZIP archive of the folder or of its content
     * @return never throws for what is in the package; problems with the package as a whole have the path as source
     */
    public LoadResult load(Path folderOrZip) {
        Problems problems = new Problems();
        PackageFiles files = new PackageFiles(problems);
        if (Files.isDirectory(folderOrZip)) {
            FolderReader.read(folderOrZip, files, problems);
        } else if (Files.isRegularFile(folderOrZip)) {
            ZipReader.read(folderOrZip, files, problems);
        } else {
            problems.add("", "", "does not exist; accepted: the folder of a task, or a .zip of it");
            return rejected(folderOrZip.toString(), problems);
        }
        if (files.texts().isEmpty() && !problems.isEmpty()) {
            return rejected(folderOrZip.toString(), problems); // what is absent follows from what could not be read
        }
        return assemble(folderOrZip.toString(), files.texts(), problems);
    }

    /** Loads a package whose files are in memory. */
    LoadResult load(String name, Map<String, String> texts) {
        return assemble(name, new TreeMap<>(texts), new Problems());
    }

    private LoadResult assemble(String name, SortedMap<String, String> files, Problems problems) {
        Optional<Metadata> metadata = metadata(files, problems);
        SortedMap<String, String> codeFiles = codeFiles(files, problems);
        @Nullable String entry = entry(codeFiles, metadata, problems);
        Optional<JsonText> input =
                schema(files, INPUT_SCHEMA, metadata.map(Metadata::inputSchema), metadataFile(files), problems);
        Optional<JsonText> output =
                schema(files, OUTPUT_SCHEMA, metadata.map(Metadata::outputSchema), metadataFile(files), problems);
        Map<String, JsonText> tests = tests(files, metadata, problems);
        if (tests.isEmpty()) {
            problems.warn(name, "", "has no tests; accepted: tests/*.json");
        }
        if (!problems.isEmpty() || metadata.isEmpty() || entry == null) {
            return rejected(name, problems);
        }
        TaskCode code = new TaskCode(codeFiles, entry, metadata.get().compat());
        ContentHash hash;
        try {
            hash = ContentHash.of(code, metadata.get().declared(), input, output);
        } catch (IllegalArgumentException e) {
            problems.add("", "", "a number in a schema cannot be a JavaScript number: " + e.getMessage());
            return rejected(name, problems);
        }
        Metadata known = metadata.get();
        return new LoadResult.Loaded(
                new TaskPackage(
                        known.identity(),
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
                        hash),
                named(name, problems.sortedWarnings()));
    }

    private static LoadResult rejected(String name, Problems problems) {
        return new LoadResult.Rejected(named(name, problems.sorted()));
    }

    /** Problems of the whole package bear its name. */
    private static List<Problem> named(String name, List<Problem> problems) {
        return problems.stream()
                .map(problem ->
                        problem.source().isEmpty() ? new Problem(name, problem.position(), problem.message()) : problem)
                .toList();
    }

    private static String metadataFile(SortedMap<String, String> files) {
        return files.containsKey(JSON_METADATA) ? JSON_METADATA : YAML_METADATA;
    }

    private Optional<Metadata> metadata(SortedMap<String, String> files, Problems problems) {
        boolean json = files.containsKey(JSON_METADATA);
        boolean yaml = files.containsKey(YAML_METADATA);
        if (json && yaml) {
            problems.add(YAML_METADATA, "", "is there beside metadata.json; keep one of them");
        }
        if (!json && !yaml) {
            problems.add(
                    "",
                    "",
                    files.containsKey("meta.yml")
                            ? "has no metadata; rename meta.yml to meta.yaml"
                            : "has no metadata.json (or meta.yaml), so it is not the folder of a task; 'ratchet validate"
                                    + " --fix' writes one");
            return Optional.empty();
        }
        String path = metadataFile(files);
        String text = Objects.requireNonNull(files.get(path));
        if (text.length() > MAX_METADATA_LENGTH) {
            problems.add(path, "", "is longer than " + MAX_METADATA_LENGTH + " characters");
            return Optional.empty();
        }
        Optional<JsonNode> document =
                json ? documents.json(path, text, problems) : documents.yaml(path, text, problems);
        return document.flatMap(value -> MetadataReader.read(path, value, documents, problems, defaults));
    }

    private SortedMap<String, String> codeFiles(SortedMap<String, String> files, Problems problems) {
        SortedMap<String, String> code = new TreeMap<>();
        files.forEach((path, text) -> {
            boolean described =
                    List.of(JSON_METADATA, INPUT_SCHEMA, OUTPUT_SCHEMA).contains(path) || path.startsWith(TESTS);
            if (described || !PackageFiles.isCode(path)) {
                return;
            }
            code.put(path, text);
            if (path.endsWith(".json")) {
                // Parsed here so that a broken file is found when the package is checked, not when it is imported.
                documents.json(path, text, problems);
            }
        });
        return code;
    }

    private static @Nullable String entry(Map<String, String> code, Optional<Metadata> metadata, Problems problems) {
        @Nullable String declared = metadata.map(Metadata::entrypoint).orElse(null);
        if (declared != null) {
            String path = declared.startsWith("./") ? declared.substring(2) : declared;
            if (code.containsKey(path) && !path.endsWith(".json")) {
                return path;
            }
            problems.add(
                    "",
                    "",
                    "has no file '" + declared + "', which its entrypoint names; code files are "
                            + (code.isEmpty() ? "absent" : String.join(", ", code.keySet())));
            return null;
        }
        List<String> present = ENTRIES.stream().filter(code::containsKey).toList();
        if (present.isEmpty()) {
            problems.add(
                    "",
                    "",
                    "has no code; accepted: one of main.mjs, main.js and task.js beside the metadata"
                            + " (or \"entrypoint\" naming another file)");
            return null;
        }
        if (present.size() > 1) {
            problems.add(
                    "",
                    "",
                    "has " + String.join(" and ", present)
                            + ", so it is not clear which is the task; keep one, or name it with \"entrypoint\"");
            return null;
        }
        return present.getFirst();
    }

    private Optional<JsonText> schema(
            SortedMap<String, String> files,
            String path,
            Optional<InlineSchema> inline,
            String metadataFile,
            Problems problems) {
        String text = files.get(path);
        if (text != null && inline.isPresent()) {
            problems.add(
                    path,
                    "",
                    "is there beside \"" + inline.get().key() + "\" in " + metadataFile + "; keep one of them");
        }
        if (text != null) {
            return documents.json(path, text, problems).flatMap(_ -> {
                JsonText schema = new JsonText(text);
                return compiles(path, schema, problems::add) ? Optional.of(schema) : Optional.empty();
            });
        }
        if (inline.isPresent()) {
            InlineSchema given = inline.get();
            JsonText schema = new JsonText(documents.write(given.schema()));
            boolean compiles = compiles(metadataFile, schema, problem -> problems.add(relocated(problem, given)));
            return compiles ? Optional.of(schema) : Optional.empty();
        }
        String direction = path.equals(INPUT_SCHEMA) ? "an input" : "an output";
        problems.warn("", "", "has no " + path + ", so every JSON value is accepted as " + direction);
        return Optional.empty();
    }

    private boolean compiles(String source, JsonText schema, Consumer<Problem> sink) {
        return switch (schemas.compile(source, schema)) {
            case Compilation.Compiled _ -> true;
            case Compilation.Rejected(List<Problem> found) -> {
                found.forEach(sink);
                yield false;
            }
        };
    }

    /** A problem of an inline schema, placed where its author wrote it. */
    private static Problem relocated(Problem problem, InlineSchema schema) {
        String position = problem.position().startsWith("/") ? problem.position() : "";
        String properties = "/properties";
        if (schema.shorthand() && position.startsWith(properties)) {
            position = position.substring(properties.length());
        }
        return new Problem(problem.source(), "/" + schema.key() + position, problem.message());
    }

    private Map<String, JsonText> tests(
            SortedMap<String, String> files, Optional<Metadata> metadata, Problems problems) {
        Map<String, JsonText> tests = new TreeMap<>();
        files.forEach((path, text) -> {
            if (!path.startsWith(TESTS)) {
                return;
            }
            if (!path.endsWith(".json") || path.indexOf('/', TESTS.length()) >= 0) {
                problems.warn(path, "", "is not run; tests are the files tests/*.json");
                return;
            }
            documents.json(path, text, problems).ifPresent(value -> {
                if (value.isObject() || value.isArray()) {
                    tests.put(path, new JsonText(text));
                } else {
                    problems.add(
                            path,
                            "",
                            "is " + MetadataReader.kind(value) + "; accepted: a test case or an array of them");
                }
            });
        });
        metadata.ifPresent(known -> {
            List<JsonNode> cases = known.testCases();
            for (int i = 0; i < cases.size(); i++) {
                // Not the name of a file, so it cannot meet one.
                String path = String.format(Locale.ROOT, "%s#/test_cases/%d", metadataFile(files), i);
                tests.put(path, new JsonText(documents.write(cases.get(i))));
            }
        });
        return tests;
    }
}
