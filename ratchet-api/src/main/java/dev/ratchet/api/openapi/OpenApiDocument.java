package dev.ratchet.api.openapi;

import dev.ratchet.api.ProblemCode;
import dev.ratchet.api.Problems;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.Schema.Reference;
import dev.ratchet.api.json.View;
import dev.ratchet.api.web.ApiRouter;
import dev.ratchet.api.web.Parameter;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** Describes routes as an OpenAPI 3.1 document. Equal routes give equal documents. */
public final class OpenApiDocument {
    private static final Map<String, String> TAGS = new TreeMap<>(Map.of(
            "tasks", "What can be run, with its versions",
            "executions", "Attempts to run something, with their results, logs and recordings",
            "jobs", "Requests to run something, kept until they have a result",
            "queue", "The queue as a whole",
            "schedules", "What runs by itself, and when",
            "deliveries", "The way of results to their destinations",
            "workers", "The processes in which tasks run"));

    private static final List<ProblemCode> ANY_PROBLEM = List.of(
            ProblemCode.BAD_REQUEST,
            ProblemCode.FORBIDDEN,
            ProblemCode.NOT_ACCEPTABLE,
            ProblemCode.TIMEOUT,
            ProblemCode.UNSUPPORTED_MEDIA_TYPE,
            ProblemCode.HEADERS_TOO_LARGE,
            ProblemCode.RATE_LIMITED,
            ProblemCode.INTERNAL_ERROR,
            ProblemCode.SERVICE_UNAVAILABLE);

    private final SequencedMap<String, Object> schemas = new LinkedHashMap<>();
    private final Set<ProblemCode> used = EnumSet.noneOf(ProblemCode.class);
    private final List<Route> routes;

    private OpenApiDocument(List<Route> routes) {
        this.routes = routes;
    }

    /** The document as indented JSON, with a line feed at its end. */
    public static String of(List<Route> routes) {
        return new OpenApiDocument(routes).write();
    }

    private String write() {
        SequencedMap<String, Object> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            object(paths, ApiRouter.PREFIX + route.path())
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        schemas.put("Problem", resolved(problem()));
        SequencedMap<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                map(
                        "title",
                        "Ratchet",
                        "version",
                        "1",
                        "description",
                        "Runs JavaScript tasks: stored and versioned, queued, scheduled, retried, delivered. Errors are"
                                + " problems of RFC 9457 with a stable `code`. Parameters and members that are not"
                                + " known are refused.",
                        "license",
                        map("name", "MIT", "identifier", "MIT")));
        document.put(
                "servers",
                List.of(map(
                        "url", "/", "description", "Local: the server that gave this document", "x-internal", true)));
        document.put(
                "tags",
                routes.stream()
                        .map(Route::tag)
                        .distinct()
                        .<Object>map(tag -> map("name", tag, "description", TAGS.getOrDefault(tag, tag)))
                        .toList());
        document.put("paths", paths);
        document.put("components", map("schemas", new TreeMap<>(schemas), "responses", problems()));
        return PrettyJson.write(document) + "\n";
    }

    private SequencedMap<String, Object> operation(Route route) {
        SequencedMap<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", route.operation());
        operation.put("tags", List.of(route.tag()));
        operation.put("summary", route.summary());
        operation.put("description", route.summary() + ".");
        List<Object> parameters = parameters(route);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (route.body().isPresent()) {
            SequencedMap<String, Object> content = new LinkedHashMap<>();
            content.put(Reply.JSON, map("schema", resolved(route.body().get().reference())));
            if (route.method().equals("PATCH")) {
                content.put(
                        "application/merge-patch+json",
                        map("schema", resolved(route.body().get().reference())));
            }
            for (String type : route.otherBodies()) {
                content.put(type, map("schema", resolved(otherBody(type))));
            }
            operation.put("requestBody", map("required", route.bodyRequired(), "content", content));
        }
        operation.put("responses", responses(route));
        return operation;
    }

    private static Schema otherBody(String type) {
        Schema file = Schema.string("binary");
        return type.startsWith("multipart/")
                ? Schema.type("object").with("properties", map("file", file)).with("required", List.of("file"))
                : file;
    }

    private List<Object> parameters(Route route) {
        List<Object> parameters = new ArrayList<>();
        for (String segment : route.path().split("/", -1)) {
            if (segment.startsWith("{")) {
                String name = segment.substring(1, segment.length() - 1);
                parameters.add(parameter("path", name, pathDescription(route, name), pathSchema(route, name), true));
            }
        }
        List<Parameter<?>> query = new ArrayList<>(route.parameters());
        route.list().ifPresent(list -> query.addAll(list.described()));
        if (route.replies().stream().anyMatch(reply -> reply.view().isPresent())) {
            query.add(Route.FIELDS);
        }
        query.forEach(one -> parameters.add(parameter("query", one.name(), one.description(), one.schema(), false)));
        route.headers()
                .forEach(
                        one -> parameters.add(parameter("header", one.name(), one.description(), one.schema(), false)));
        return parameters;
    }

    private Object parameter(String in, String name, String description, Schema schema, boolean required) {
        return map(
                "name", name, "in", in, "description", description, "required", required, "schema", resolved(schema));
    }

    private static boolean isNamed(Route route) {
        return route.tag().equals("tasks") || route.tag().equals("schedules");
    }

    private static String pathDescription(Route route, String name) {
        if (name.equals("version")) {
            return "Identifier, content hash or semantic version, or active";
        }
        return isNamed(route) ? "Identifier or unique name" : "Identifier";
    }

    private static Schema pathSchema(Route route, String name) {
        boolean text = isNamed(route) || name.equals("version") || route.tag().equals("workers");
        return text ? Schema.type("string").with("minLength", 1).with("maxLength", 300) : Schema.string("uuid");
    }

    private SequencedMap<String, Object> responses(Route route) {
        SequencedMap<String, Object> responses = new LinkedHashMap<>();
        for (Reply reply : route.replies()) {
            SequencedMap<String, Object> response = object(responses, String.valueOf(reply.status()));
            response.putIfAbsent("description", reply.description());
            response.putIfAbsent("headers", headers(route, reply));
            reply.mediaType()
                    .ifPresent(type -> object(response, "content").put(type, map("schema", resolved(reply.schema()))));
        }
        List<ProblemCode> problems = new ArrayList<>(ANY_PROBLEM);
        if (route.path().contains("{") || route.body().isPresent()) {
            problems.add(ProblemCode.NOT_FOUND);
        }
        if (!route.method().equals("GET")) {
            problems.addAll(List.of(ProblemCode.CONFLICT, ProblemCode.PAYLOAD_TOO_LARGE));
        }
        if (route.headers().stream().anyMatch(header -> header.name().equals("If-Match"))) {
            problems.add(ProblemCode.PRECONDITION_FAILED);
        }
        if (route.headers().stream().anyMatch(header -> header.name().equals("Idempotency-Key"))) {
            problems.add(ProblemCode.IDEMPOTENCY_MISMATCH);
        }
        used.addAll(problems);
        problems.stream()
                .sorted()
                .forEach(problem -> responses.put(
                        String.valueOf(problem.status()),
                        map("$ref", "#/components/responses/" + responseName(problem))));
        return responses;
    }

    private Map<String, Object> headers(Route route, Reply reply) {
        SequencedMap<String, Object> headers = new LinkedHashMap<>();
        headers.put(Problems.REQUEST_ID, header("Names the request in the server's log", Schema.type("string")));
        if (route.list().isPresent()) {
            headers.put("X-Total-Count", header("How many there are, where pages are numbered", Schema.count()));
            headers.put("Content-Range", header("Which of how many these are", Schema.type("string")));
            headers.put("Link", header("The pages around this one", Schema.type("string")));
        }
        if (reply.status() == 201 || reply.status() == 202) {
            headers.put("Location", header("Where it is", Schema.string("uri-reference")));
        }
        return headers;
    }

    private Object header(String description, Schema schema) {
        return map("description", description, "schema", resolved(schema));
    }

    private static String responseName(ProblemCode problem) {
        StringBuilder name = new StringBuilder();
        for (String word : problem.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private Map<String, Object> problems() {
        Map<String, Object> responses = new TreeMap<>();
        for (ProblemCode code : used) {
            responses.put(
                    responseName(code),
                    map(
                            "description", code.title(),
                            "content",
                                    map(
                                            Problems.MEDIA_TYPE,
                                            map(
                                                    "schema",
                                                    map("$ref", "#/components/schemas/Problem"),
                                                    "example",
                                                    example(code)))));
        }
        return responses;
    }

    private static Map<String, Object> example(ProblemCode code) {
        return map(
                "type", code.type(),
                "title", code.title(),
                "status", code.status(),
                "detail", "what went wrong this time",
                "instance", "/api/v1/tasks/send-report",
                "code", code.name(),
                "errors", List.of(),
                "requestId", "0198c0de-0000-7000-8000-000000000000");
    }

    private static Schema problem() {
        Schema error = Schema.type("object")
                .with(
                        "properties",
                        map(
                                "pointer", Schema.type("string").described("Where in the body, RFC 6901"),
                                "parameter", Schema.type("string").described("Which parameter of the query"),
                                "source", Schema.type("string").described("Which file of a package"),
                                "position", Schema.type("string").described("Where in the file"),
                                "message", Schema.type("string")))
                .with("required", List.of("message"));
        List<String> codes = Arrays.stream(ProblemCode.values()).map(Enum::name).toList();
        return Schema.type("object")
                .with(
                        "properties",
                        map(
                                "type", Schema.string("uri"),
                                "title", Schema.type("string"),
                                "status", Schema.integer(400, 599),
                                "detail", Schema.type("string"),
                                "instance", Schema.string("uri-reference"),
                                "code", Schema.choice(codes),
                                "errors", Schema.arrayOf(error).with("maxItems", View.MAX_ITEMS),
                                "requestId", Schema.type("string")))
                .with(
                        "required",
                        List.of("type", "title", "status", "detail", "instance", "code", "errors", "requestId"));
    }

    /** The schema with references that can be followed; what they refer to is added to the components. */
    private Object resolved(Object value) {
        return switch (value) {
            case Schema schema -> resolved(schema.keywords());
            case Reference(String name, var definition) -> {
                if (!schemas.containsKey(name)) {
                    schemas.put(name, Map.of()); // it may refer to itself
                    Schema defined = definition.get();
                    Schema shown = defined.with("examples", List.of(Examples.of(defined)));
                    schemas.put(name, resolved(shown));
                }
                yield "#/components/schemas/" + name;
            }
            case Map<?, ?> map -> {
                SequencedMap<String, Object> all = new LinkedHashMap<>();
                map.forEach((name, inner) -> all.put(String.valueOf(name), resolved(inner)));
                yield all;
            }
            case List<?> list -> list.stream().map(this::resolved).toList();
            default -> value;
        };
    }

    @SuppressWarnings("unchecked") // every map below a path was made here
    private static SequencedMap<String, Object> object(SequencedMap<String, Object> parent, String name) {
        return (SequencedMap<String, Object>) parent.computeIfAbsent(name, _ -> new LinkedHashMap<String, Object>());
    }

    private static SequencedMap<String, Object> map(Object... namesAndValues) {
        SequencedMap<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
