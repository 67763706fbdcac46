package dev.ratchet.api.rest;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.JsonObject;
import dev.ratchet.api.json.JsonReading;
import dev.ratchet.api.json.JsonValue;
import dev.ratchet.api.json.JsonWriting;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.Shape;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.PackageFormat;
import dev.ratchet.core.task.TaskPackage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a request may say about a task, and the package it amounts to. */
final class TaskBodies {
    private static final int MAX_SOURCE = 5_000_000;
    private static final String METADATA_FILE = "metadata.json";
    private static final String INPUT_SCHEMA_FILE = "input.schema.json";
    private static final String OUTPUT_SCHEMA_FILE = "output.schema.json";
    private static final String MAIN = "main.js";

    static final Member<String> NAME = Member.text("name", 1, 128)
            .described("Unique: letters, digits, - and _")
            .example("send-report");
    static final Member<String> LABEL = Member.text("label", 1, 10_000).described("Display name");
    static final Member<String> VERSION = Member.text("version", 1, 256)
            .described("Semantic version of the content")
            .example("1.0.0");
    static final Member<String> DESCRIPTION = Member.text("description", 0, 10_000);
    static final Member<Boolean> ENABLED =
            Member.flag("enabled").defaultsTo(true).described("Whether it takes jobs");
    static final Member<List<String>> TAGS = Member.list("tags", 100, Member.text("tag", 1, 100));
    static final Member<JsonText> METADATA =
            Member.jsonObject("metadata").described("Further keys of its author, such as author and license");
    static final Member<String> SOURCE_CODE = Member.text("sourceCode", 1, MAX_SOURCE)
            .orNamed("source_code", "code", "source")
            .described("The code, as main.js; or give files")
            .example("export default async function (input) { return { greeting: `Hello, ${input.name}!` }; }");
    static final Member<Map<String, String>> FILES = files();
    static final Member<JsonText> INPUT_SCHEMA =
            Member.jsonObject("inputSchema").orNamed("input_schema").described("JSON Schema of the input");
    static final Member<JsonText> OUTPUT_SCHEMA =
            Member.jsonObject("outputSchema").orNamed("output_schema").described("JSON Schema of the output");
    static final Member<JsonText> LIMITS =
            Member.jsonObject("limits").described("What a run may use, such as {\"wallTime\": \"30s\"}");
    static final Member<JsonText> PERMISSIONS =
            Member.jsonObject("permissions").described("Where requests may go: {\"net\": [\"api.example.com\"]}");
    static final Member<JsonText> SECRETS =
            array("secrets", Schema.type("string").with("maxLength", 200), "Names of the secrets it reads");
    static final Member<JsonText> RETRY = Member.jsonObject("retry").described("When its failed jobs are tried again");
    static final Member<JsonText> CACHE =
            Member.jsonObject("cache").described("Whether results stand for later runs: {\"ttl\": \"5m\"}");
    static final Member<Boolean> HTTP_CACHE =
            Member.flag("httpCache").orNamed("http_cache").described("Whether answers to its requests are cached");
    static final Member<String> COMPAT = Member.text("compat", 1, 100).described("Interface generation of its code");
    static final Member<JsonText> TESTS = array("tests", Schema.type("object"), "Test cases, as in tests/*.json");
    static final Member<String> CHANGE_DESCRIPTION = Member.text("changeDescription", 0, 2_000)
            .orNamed("change_description")
            .described("What is new about the content");
    static final Member<Boolean> ACTIVATE =
            Member.flag("activate").defaultsTo(true).described("Whether new jobs are to run the new content");

    static final Shape CREATE = Shape.of(
            "CreateTask",
            NAME.mandatory(),
            LABEL,
            VERSION.mandatory(),
            DESCRIPTION,
            ENABLED,
            TAGS,
            METADATA,
            SOURCE_CODE,
            FILES,
            INPUT_SCHEMA,
            OUTPUT_SCHEMA,
            LIMITS,
            PERMISSIONS,
            SECRETS,
            RETRY,
            CACHE,
            HTTP_CACHE,
            COMPAT,
            TESTS);

    static final Shape UPDATE = CREATE.with("UpdateTask", NAME, VERSION, CHANGE_DESCRIPTION, ACTIVATE);

    static final Shape PUBLISH = UPDATE.without("PublishVersion", NAME, LABEL, DESCRIPTION, ENABLED, TAGS, METADATA);

    /** Members that are keys of {@code metadata.json} by the same name and part of the content. */
    private static final List<Member<JsonText>> DECLARED = List.of(LIMITS, PERMISSIONS, SECRETS, RETRY, CACHE);

    private TaskBodies() {}

    private static Member<JsonText> array(String name, Schema items, String description) {
        Schema schema = Schema.arrayOf(items).with("maxItems", 1_000).described(description);
        return new Member<>(name, List.of(), false, schema, (value, problems) -> {
            if (value.kind() == JsonValue.Kind.ARRAY) {
                return Optional.of(value.document());
            }
            problems.add(new Problem(Member.SOURCE, value.pointer(), "must be an array"));
            return Optional.empty();
        });
    }

    private static Member<Map<String, String>> files() {
        Schema schema = Schema.type("object")
                .with("additionalProperties", Schema.type("string"))
                .described("Code files by path, such as main.js and lib/rank.js, instead of sourceCode");
        return new Member<>("files", List.of(), false, schema, (value, problems) -> {
            if (value.kind() != JsonValue.Kind.OBJECT) {
                problems.add(new Problem(Member.SOURCE, value.pointer(), "must be an object of texts by path"));
                return Optional.empty();
            }
            int before = problems.size();
            Map<String, String> texts = new LinkedHashMap<>();
            JsonReading.members(value).forEach((path, text) -> {
                boolean described = List.of(METADATA_FILE, INPUT_SCHEMA_FILE, OUTPUT_SCHEMA_FILE, "meta.yaml")
                        .contains(path);
                if (text.kind() != JsonValue.Kind.STRING || text.string().length() > MAX_SOURCE) {
                    problems.add(new Problem(
                            Member.SOURCE, text.pointer(), "must be a text of at most " + MAX_SOURCE + " characters"));
                } else if (described) {
                    problems.add(new Problem(
                            Member.SOURCE, text.pointer(), "is made of the other members; accepted: code files"));
                } else {
                    texts.put(path, text.string());
                }
            });
            return problems.size() == before ? Optional.of(texts) : Optional.empty();
        });
    }

    /** Whether a body says anything about the content. */
    static boolean changesContent(Body body) {
        return Stream.concat(
                        DECLARED.stream(),
                        Stream.of(VERSION, SOURCE_CODE, FILES, INPUT_SCHEMA, OUTPUT_SCHEMA, HTTP_CACHE, COMPAT, TESTS))
                .anyMatch(body::has);
    }

    /** The package a new task is made of. */
    static TaskPackage created(Body body, PackageFormat format) {
        if (!body.has(SOURCE_CODE) && !body.has(FILES)) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "the body cannot be used",
                    List.of(new Problem(
                            Member.SOURCE, "/" + SOURCE_CODE.name(), "is missing; give sourceCode, or files")));
        }
        JsonObject metadata = body.get(METADATA).map(JsonObject::of).orElseGet(JsonObject::new);
        metadata.put(NAME.name(), body.require(NAME));
        body.get(LABEL).ifPresent(label -> metadata.put(LABEL.name(), label));
        body.get(DESCRIPTION).ifPresent(text -> metadata.put(DESCRIPTION.name(), text));
        body.get(TAGS).ifPresent(tags -> metadata.put(TAGS.name(), texts(tags)));
        return assembled(body, new TreeMap<>(), metadata, false, format);
    }

    /**
     * The package a task has after a change.
     *
     * @param merging whether schemas and declarations are merged (RFC 7396) rather than replaced
     */
    static TaskPackage changed(Body body, TaskPackage before, boolean merging, PackageFormat format) {
        Map<String, String> files = new TreeMap<>(format.files(before));
        JsonObject metadata = JsonObject.of(new JsonText(Optional.ofNullable(files.get(METADATA_FILE))
                .orElseThrow(() -> new IllegalStateException("a package without " + METADATA_FILE))));
        return assembled(body, files, metadata, merging, format);
    }

    private static TaskPackage assembled(
            Body body, Map<String, String> files, JsonObject metadata, boolean merging, PackageFormat format) {
        body.get(VERSION).ifPresent(version -> metadata.put(VERSION.name(), version));
        for (Member<JsonText> member : DECLARED) {
            change(body, member, merging, metadata);
        }
        body.get(HTTP_CACHE).ifPresent(cached -> metadata.put(HTTP_CACHE.name(), new JsonText(cached.toString())));
        body.get(COMPAT).ifPresent(compat -> metadata.put(COMPAT.name(), compat));
        for (Member<?> member : List.of(HTTP_CACHE, COMPAT)) {
            if (body.isNull(member)) {
                metadata.remove(member.name());
            }
        }
        code(body, files, metadata);
        change(body, INPUT_SCHEMA, merging, files, INPUT_SCHEMA_FILE);
        change(body, OUTPUT_SCHEMA, merging, files, OUTPUT_SCHEMA_FILE);
        if (body.has(TESTS)) {
            files.keySet().removeIf(path -> path.startsWith("tests/"));
            body.get(TESTS).ifPresent(tests -> files.put("tests/tests.json", tests.value()));
        }
        files.put(METADATA_FILE, metadata.text().value());
        try {
            return format.read(files);
        } catch (RatchetException e) {
            throw new RatchetException(
                    e.code(),
                    String.valueOf(e.getMessage()),
                    e.problems().stream().map(TaskBodies::placed).toList());
        }
    }

    private static void code(Body body, Map<String, String> files, JsonObject metadata) {
        if (body.has(FILES) || body.has(SOURCE_CODE)) {
            files.keySet().removeIf(TaskBodies::isCode);
            metadata.remove("entrypoint");
        }
        body.get(FILES).ifPresent(files::putAll);
        body.get(SOURCE_CODE).ifPresent(source -> files.put(MAIN, source));
    }

    private static boolean isCode(String path) {
        return !path.startsWith("tests/")
                && !List.of(METADATA_FILE, INPUT_SCHEMA_FILE, OUTPUT_SCHEMA_FILE)
                        .contains(path);
    }

    private static void change(Body body, Member<JsonText> member, boolean merging, JsonObject target) {
        if (body.isNull(member)) {
            target.remove(member.name());
        }
        body.get(member)
                .ifPresent(value -> target.put(
                        member.name(), merging ? JsonObject.merged(target.get(member.name()), value) : value));
    }

    private static void change(
            Body body, Member<JsonText> member, boolean merging, Map<String, String> files, String path) {
        if (body.isNull(member)) {
            files.remove(path);
        }
        body.get(member).ifPresent(value -> {
            Optional<JsonText> before = Optional.ofNullable(files.get(path)).map(JsonText::new);
            files.put(path, (merging ? JsonObject.merged(before, value) : value).value());
        });
    }

    /** A problem of a file that was made of the body, where it is in the body. */
    private static Problem placed(Problem problem) {
        boolean byPointer = problem.position().isEmpty() || problem.position().startsWith("/");
        return switch (problem.source()) {
            case METADATA_FILE ->
                byPointer ? new Problem(Member.SOURCE, problem.position(), problem.message()) : problem;
            case INPUT_SCHEMA_FILE ->
                byPointer ? new Problem(INPUT_SCHEMA.name(), problem.position(), problem.message()) : problem;
            case OUTPUT_SCHEMA_FILE ->
                byPointer ? new Problem(OUTPUT_SCHEMA.name(), problem.position(), problem.message()) : problem;
            default -> problem;
        };
    }

    private static JsonText texts(List<String> texts) {
        return new JsonText(texts.stream().map(JsonWriting::quoted).collect(Collectors.joining(",", "[", "]")));
    }
}
