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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    static final List<String> ENTRIES = List.of("main.mjs", "main.js", "task.js");
    static final String JSON_METADATA = "metadata.json";
    private static final String YAML_METADATA = "meta.yaml";
    static final String INPUT_SCHEMA = "input.schema.json";
    static final String OUTPUT_SCHEMA = "output.schema.json";
    static final String TESTS = "tests/";
    private static final int MAX_METADATA_LENGTH = 1 << 20;

    private final Documents documents = new Documents();
    private final Documents bodies = Documents.forWholePackages();
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

    /**
     * Loads a package whose files are in memory, such as an upload.
     *
     * @param contents content by path inside the package, {@code /} as separator; bounds and what is passed over are
     *     those of a folder
     * @param display what problems with the package as a whole call it
     * @return never throws for what is in the package
     */
    public LoadResult load(Map<String, byte[]> contents, String display) {
        Problems problems = new Problems();
        PackageFiles files = new PackageFiles(problems);
        if (contents.size() > PackageBounds.MAX_ENTRIES) {
            problems.add("", "", "there are more than " + PackageBounds.MAX_ENTRIES + " files");
            return rejected(display, problems);
        }
        new TreeMap<>(contents).forEach((path, content) -> {
            if (!PackageFiles.isPlain(path)) {
                problems.add(
                        path.substring(0, Math.min(path.length(), PackageBounds.MAX_PATH_LENGTH)),
                        "",
                        "file name leaves the package or is not plain; accepted: folder/file.js");
            } else if (Arrays.stream(path.split("/", -1)).noneMatch(PackageFiles::isSkipped)
                    && PackageFiles.isRelevant(path)
                    && files.acceptsPath(path)) {
                files.add(path, content);
            }
        });
        if (files.texts().isEmpty() && !problems.isEmpty()) {
            return rejected(display, problems);
        }
        return assemble(display, files.texts(), problems);
    }

    /**
     * Loads a package from a ZIP archive that arrives as a stream. The archive waits in a private temporary file while
     * it is read, because its directory is at its end; what is in it is not unpacked to disk.
     *
     * @param archive read to its end or to the largest size accepted; not closed
     * @param display what problems with the package as a whole call it
     * @return never throws for what is in the archive
     * @throws IOException when the stream breaks off or there is no room for the archive
     */
    public LoadResult loadZip(InputStream archive, String display) throws IOException {
        Path file = Files.createTempFile("ratchet-upload-", ".zip");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                copy(archive, out, PackageBounds.MAX_ARCHIVE_BYTES + 1);
            }
            Problems problems = new Problems();
            PackageFiles files = new PackageFiles(problems);
            ZipReader.read(file, files, problems);
            return files.texts().isEmpty() && !problems.isEmpty()
                    ? rejected(display, problems)
                    : assemble(display, files.texts(), problems);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void copy(InputStream in, OutputStream out, int atMost) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int left = atMost;
        while (left > 0) {
            int read = in.read(buffer, 0, Math.min(buffer.length, left));
            if (read < 0) {
                return;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    /**
     * Loads a package that is given as one JSON object, the body of a request:
     *
     * <pre>{@code
     * {"name": "greet", "version": "1.0.0", "code": "export default …",
     *  "inputSchema": {…}, "tests": [{"input": {…}, "expected_output": …}], "limits": {"wallTime": "5s"}}
     * }</pre>
     *
     * It has the keys of {@code metadata.json} (unknown ones are refused), and {@code code} (the text of {@code main.js})
     * or {@code files} (texts of code files by path), {@code tests} (an array of cases, or of {@code tests/*.json} by
     * path), and {@code metadata}: an object of further keys of {@code metadata.json}, where other people's keys go.
     *
     * @param body the object
     * @param ownKeys keys at the top that are the caller's, such as {@code enabled}; passed over here
     * @param display the source of every problem; positions are JSON pointers into {@code body}
     * @return never throws for what is in the body
     */
    public LoadResult loadParts(JsonText body, Set<String> ownKeys, String display) {
        Problems problems = new Problems();
        return bodies.json("", body.value(), problems)
                .flatMap(document -> PackageParts.read(document, ownKeys, bodies, problems))
                .map(parts -> assemble(display, parts, problems))
                .orElseGet(() -> rejected(display, problems));
    }

    private LoadResult assemble(String display, PackageParts parts, Problems problems) {
        Optional<Metadata> metadata = MetadataReader.read(JSON_METADATA, parts.metadata(), bodies, problems, defaults);
        Problems fileProblems = new Problems();
        PackageFiles files = new PackageFiles(fileProblems);
        parts.files().forEach((path, text) -> {
            if (files.acceptsPath(path)) {
                files.add(path, text.getBytes(StandardCharsets.UTF_8));
            }
        });
        fileProblems.sorted().forEach(problems::add);
        if (bodies.write(parts.metadata()).length() > PackageBounds.MAX_FILE_BYTES) {
            problems.add(
                    "", "", "is longer than " + PackageBounds.MAX_FILE_BYTES + " characters without code and tests");
        }
        if (parts.hasNoCode()) {
            return new LoadResult.Rejected(parts.relocated(problems.sorted(), display)); // as was said already
        }
        return switch (assemble("", files.texts(), JSON_METADATA, metadata, problems)) {
            case LoadResult.Loaded(TaskPackage task, List<Problem> warnings) ->
                new LoadResult.Loaded(task, parts.relocated(warnings, display));
            case LoadResult.Rejected(List<Problem> found) -> new LoadResult.Rejected(parts.relocated(found, display));
        };
    }

    private LoadResult assemble(String name, SortedMap<String, String> files, Problems problems) {
        return assemble(name, files, metadataFile(files), metadata(files, problems), problems);
    }

    private LoadResult assemble(
            String name,
            SortedMap<String, String> files,
            String metadataFile,
            Optional<Metadata> metadata,
            Problems problems) {
        SortedMap<String, String> codeFiles = codeFiles(files, problems);
        @Nullable String entry = entry(codeFiles, metadata, problems);
        Optional<JsonText> input =
                schema(files, INPUT_SCHEMA, metadata.map(Metadata::inputSchema), metadataFile, problems);
        Optional<JsonText> output =
                schema(files, OUTPUT_SCHEMA, metadata.map(Metadata::outputSchema), metadataFile, problems);
        Map<String, JsonText> tests = tests(files, metadataFile, metadata, problems);
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
            SortedMap<String, String> files, String metadataFile, Optional<Metadata> metadata, Problems problems) {
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
                String path = String.format(Locale.ROOT, "%s#/test_cases/%d", metadataFile, i);
                tests.put(path, new JsonText(documents.write(cases.get(i))));
            }
        });
        return tests;
    }
}
