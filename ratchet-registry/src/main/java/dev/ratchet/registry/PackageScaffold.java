package dev.ratchet.registry;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes new task packages and completes unfinished ones. Existing files are never changed, and a folder or file appears
 * with all of its content or not at all. Thread-safe.
 */
public final class PackageScaffold {
    private static final List<String> CODE = List.of("main.mjs", "main.js", "task.js");
    private static final int MAX_NAME_LENGTH = 100;

    private static final String ANYTHING = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "description": "%s"
            }
            """;

    private final TaskTemplates templates;
    private final Supplier<UUID> ids;
    private final InstantSource clock;
    private final Documents documents = new Documents();

    /**
     * A task to be generated.
     *
     * @param template name of the template
     * @param label display name; its name is made from it
     * @param description empty for the template's own
     * @param version semantic version
     * @param parameters the template's own parameters
     */
    public record NewTask(
            String template, String label, String description, String version, Map<String, String> parameters) {
        public NewTask {
            Objects.requireNonNull(template, "template");
            Objects.requireNonNull(label, "label");
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(version, "version");
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * @param templates what tasks are generated from
     * @param ids where identifiers of new tasks come from
     * @param clock what their {@code created_at} says
     */
    public PackageScaffold(TaskTemplates templates, Supplier<UUID> ids, InstantSource clock) {
        this.templates = Objects.requireNonNull(templates, "templates");
        this.ids = Objects.requireNonNull(ids, "ids");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Writes a new package.
     *
     * @param folder must not exist; missing folders above it are made
     * @return paths of the files written, relative to {@code folder}, sorted
     * @throws RatchetException with code {@code CONFLICT} when {@code folder} exists, {@code BAD_REQUEST} or {@code
     *     NOT_FOUND} for the template and its parameters, {@code IO_ERROR} when it cannot be written
     */
    public List<String> generate(Path folder, NewTask task) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    folder
                            + " exists already; accepted: a path where nothing is yet ('ratchet validate --fix' completes"
                            + " an existing folder)");
        }
        Map<String, String> parameters = new HashMap<>(task.parameters());
        String label = task.label().isBlank() ? folderName(folder) : task.label();
        parameters.put("name", nameFrom(label));
        parameters.put("label", label);
        parameters.put("version", task.version());
        parameters.put("uuid", ids.get().toString());
        if (!task.description().isBlank()) {
            parameters.put("description", task.description());
        }
        SortedMap<String, String> files = templates.render(task.template(), parameters);
        writeFolder(folder.toAbsolutePath().normalize(), files);
        return List.copyOf(files.keySet());
    }

    /**
     * Adds what a package lacks: metadata, code, schemas, a test. Code that is there already gets schemas that accept
     * everything and a test that expects no particular output, since nothing is known about it.
     *
     * @param folder must exist
     * @return paths of the files written, relative to {@code folder}, sorted; empty when nothing was missing
     * @throws RatchetException with code {@code NOT_FOUND} when {@code folder} is no folder, {@code IO_ERROR} when it
     *     cannot be read or written
     */
    public List<String> complete(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new RatchetException(
                    ErrorCode.NOT_FOUND, folder + " is not a folder; accepted: the folder of a task");
        }
        try {
            SortedMap<String, String> missing = missing(folder);
            List<String> written = new ArrayList<>();
            for (Map.Entry<String, String> file : missing.entrySet()) {
                writeFile(folder, file.getKey(), file.getValue());
                written.add(file.getKey());
            }
            return List.copyOf(written);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    private SortedMap<String, String> missing(Path folder) throws IOException {
        SortedMap<String, String> missing = new TreeMap<>();
        String label = folderName(folder);
        SortedMap<String, String> complete =
                templates.render(TaskTemplates.DEFAULT, Map.of("name", nameFrom(label), "label", label));
        boolean hasMetadata = exists(folder, "metadata.json") || exists(folder, "meta.yaml");
        if (!hasMetadata) {
            missing.put("metadata.json", metadata(label));
        }
        JsonNode declared = hasMetadata ? declared(folder) : JsonNodeFactory.instance.objectNode();
        boolean hasCode = declared.has("entrypoint") || CODE.stream().anyMatch(name -> exists(folder, name));
        if (!hasCode) {
            missing.put("main.js", Objects.requireNonNull(complete.get("main.js")));
        }
        boolean hasInput = exists(folder, "input.schema.json")
                || declared.has("inputs")
                || declared.has("input_schema")
                || declared.has("inputSchema");
        boolean hasOutput = exists(folder, "output.schema.json")
                || declared.has("outputs")
                || declared.has("output_schema")
                || declared.has("outputSchema");
        boolean fromTemplate = !hasCode && !hasInput && !hasOutput;
        if (!hasInput) {
            missing.put(
                    "input.schema.json",
                    fromTemplate
                            ? Objects.requireNonNull(complete.get("input.schema.json"))
                            : String.format(Locale.ROOT, ANYTHING, "Any input; say here what the task expects."));
        }
        if (!hasOutput) {
            missing.put(
                    "output.schema.json",
                    fromTemplate
                            ? Objects.requireNonNull(complete.get("output.schema.json"))
                            : String.format(Locale.ROOT, ANYTHING, "Any output; say here what the task returns."));
        }
        if (!declared.has("test_cases") && !hasTests(folder)) {
            missing.put(
                    "tests/test-001.json",
                    fromTemplate ? Objects.requireNonNull(complete.get("tests/test-001.json")) : openTest());
        }
        return missing;
    }

    private String metadata(String label) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("uuid", ids.get().toString());
        metadata.put("name", nameFrom(label));
        metadata.put("version", "1.0.0");
        metadata.put("label", label);
        metadata.put("description", "");
        metadata.putArray("tags");
        metadata.put("category", "general");
        metadata.put("author", "");
        metadata.put("license", "MIT");
        metadata.put(
                "created_at", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return documents.writePretty(metadata);
    }

    private String openTest() {
        ObjectNode test = JsonNodeFactory.instance.objectNode();
        test.put("name", "runs without an error");
        test.putObject("input");
        test.put("should_fail", false);
        return documents.writePretty(test);
    }

    /** The metadata as far as it can be read; what is wrong with it the loader tells. */
    private JsonNode declared(Path folder) {
        Problems ignored = new Problems();
        PackageFiles files = new PackageFiles(ignored);
        FolderReader.read(folder, files, ignored);
        String json = files.texts().get("metadata.json");
        String yaml = files.texts().get("meta.yaml");
        JsonNode nothing = JsonNodeFactory.instance.objectNode();
        if (json != null) {
            return documents.json("metadata.json", json, ignored).orElse(nothing);
        }
        return yaml == null
                ? nothing
                : documents.yaml("meta.yaml", yaml, ignored).orElse(nothing);
    }

    private static boolean exists(Path folder, String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean hasTests(Path folder) throws IOException {
        Path tests = folder.resolve("tests");
        if (!Files.exists(tests)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(tests, "*.json")) {
            return files.iterator().hasNext();
        }
    }

    private static String folderName(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "task" : name.toString();
    }

    /** A name that every edge accepts: letters, digits and hyphens, from a label in any script. */
    static String nameFrom(String label) {
        String ascii = Normalizer.normalize(label, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        String name =
                ascii.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "-").replaceAll("^-+|-+$", "");
        if (name.length() > MAX_NAME_LENGTH) {
            name = name.substring(0, MAX_NAME_LENGTH);
        }
        return name.isEmpty() ? "task" : name;
    }

    /** Fills a folder beside the new one and renames it: the package is there completely or not at all. */
    private static void writeFolder(Path folder, SortedMap<String, String> files) {
        Path parent = folder.getParent();
        if (parent == null) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, folder + " is no place for a task");
        }
        try {
            Files.createDirectories(parent);
            // Not createTempDirectory: its folders are closed to everyone else, and this one stays.
            Path filling = Files.createDirectory(parent.resolve(".ratchet-" + UUID.randomUUID()));
            try {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Path path = filling.resolve(file.getKey());
                    int slash = file.getKey().lastIndexOf('/');
                    if (slash >= 0) {
                        Files.createDirectories(filling.resolve(file.getKey().substring(0, slash)));
                    }
                    Files.writeString(path, file.getValue());
                }
                Files.move(filling, folder);
            } catch (IOException | RuntimeException e) {
                deleteTree(filling);
                throw e;
            }
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** Writes beside the new file and renames it; fails when the file has appeared meanwhile. */
    private static void writeFile(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Path parent = name.contains("/")
                ? Files.createDirectories(folder.resolve(name.substring(0, name.lastIndexOf('/'))))
                : folder;
        Path filling = parent.resolve(".ratchet-" + UUID.randomUUID());
        try {
            Files.writeString(filling, text);
            Files.move(filling, file);
        } finally {
            Files.deleteIfExists(filling);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static RatchetException failed(Path path, IOException e) {
        return new RatchetException(ErrorCode.IO_ERROR, path + " could not be written: " + FileErrors.reason(e), e);
    }
}
