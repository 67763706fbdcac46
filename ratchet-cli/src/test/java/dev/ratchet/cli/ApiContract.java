package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.SchemaCompiler.Compilation;
import dev.ratchet.core.task.SchemaCompiler.CompiledSchema;
import dev.ratchet.execution.schema.JsonSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The committed description of the interface, held against what a server really answers: status, media type, headers and
 * body. Whatever it does not describe is at least in the one shape of errors.
 */
final class ApiContract {
    private static final String PREFIX = "/api/v1";
    private static final String PROBLEM = "application/problem+json";

    /** Answers that the web server or a filter gives before any operation is known. */
    private static final Set<Integer> OF_NO_OPERATION = Set.of(404, 405);

    /**
     * One operation of the description.
     *
     * @param method in capitals
     * @param path template with variables in braces
     * @param description what the document says of it
     */
    record Operation(String method, String path, JsonNode description) {
        String name() {
            return description.path("operationId").stringValue();
        }

        private boolean matches(List<String> segments) {
            List<String> own = List.of(path.split("/", -1));
            if (own.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < own.size(); i++) {
                if (!isVariable(own.get(i)) && !own.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private long variables() {
            return List.of(path.split("/", -1)).stream()
                    .filter(Operation::isVariable)
                    .count();
        }

        private static boolean isVariable(String segment) {
            return segment.startsWith("{");
        }
    }

    /** An answer that was read. */
    record Answer(int status, HttpHeaders headers, String body) {
        String type() {
            return headers.firstValue("Content-Type").orElse("");
        }
    }

    private static final ApiContract COMMITTED = new ApiContract(Path.of("..", "docs", "openapi.json"));

    /** Whoever chooses properties gets no others. */
    private static final Pattern CHOSEN = Pattern.compile("(^|&)fields=");

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, CompiledSchema> schemas = new ConcurrentHashMap<>();

    private ApiContract(Path file) {
        try {
            document = JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        document.path("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, description) ->
                        operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, description))));
    }

    /** The one in {@code docs}. */
    static ApiContract committed() {
        return COMMITTED;
    }

    List<Operation> operations() {
        return operations;
    }

    /** A part of the document where this one only refers to it. */
    JsonNode resolved(JsonNode part) {
        JsonNode at = part;
        while (at.has("$ref")) {
            at = document.at(at.path("$ref").stringValue().substring(1));
        }
        return at;
    }

    /** Fails unless the answer is one that the description allows. */
    void check(HttpRequest request, HttpResponse<String> answer) {
        assertThat(faults(request, new Answer(answer.statusCode(), answer.headers(), answer.body())))
                .as(() -> request + " is answered with " + answer.statusCode() + " " + answer.body())
                .isEmpty();
    }

    /** What the description does not allow of an answer. */
    List<String> faults(HttpRequest request, Answer answer) {
        List<String> faults = new ArrayList<>();
        String method = request.method();
        String path = request.uri().getRawPath();
        int status = answer.status();
        if (answer.headers().firstValue("X-Request-ID").isEmpty()) {
            faults.add("no X-Request-ID");
        }
        if (!path.startsWith(PREFIX + "/")) {
            if (status >= 400 && isProblem(answer)) {
                problem(answer, faults);
            }
            return faults;
        }
        Optional<Operation> operation = operation(method, path);
        if (operation.isEmpty()) {
            if (!OF_NO_OPERATION.contains(status) && status != 400 && status != 403 && status != 204) {
                faults.add("answers " + status + " where the description has no operation");
            }
            if (status >= 400) {
                problem(answer, faults);
            }
            return faults;
        }
        JsonNode described = operation.get().description().path("responses").path(String.valueOf(status));
        if (described.isMissingNode()) {
            faults.add("status " + status + " is not described for "
                    + operation.get().name());
            return faults;
        }
        if (status >= 400) {
            problem(answer, faults);
        }
        if (!method.equals("HEAD")) {
            List<String> ofBody = new ArrayList<>();
            body(resolved(described), answer, ofBody);
            if (CHOSEN.matcher(Objects.requireNonNullElse(request.uri().getRawQuery(), ""))
                    .find()) {
                ofBody.removeIf(fault -> fault.contains("required property"));
            }
            faults.addAll(ofBody);
        }
        headers(resolved(described), answer, faults);
        return faults;
    }

    private Optional<Operation> operation(String method, String path) {
        List<String> segments = List.of(path.split("/", -1));
        String wanted = method.equals("HEAD") ? "GET" : method;
        // A word of an address wins over a variable.
        return operations.stream()
                .filter(operation -> operation.matches(segments))
                .min(Comparator.comparingLong(Operation::variables))
                .flatMap(best -> operations.stream()
                        .filter(operation -> operation.path().equals(best.path())
                                && operation.method().equals(wanted))
                        .findFirst());
    }

    private static boolean isProblem(Answer answer) {
        return answer.type().startsWith(PROBLEM);
    }

    private void problem(Answer answer, List<String> faults) {
        if (!isProblem(answer)) {
            faults.add("no problem but " + (answer.type().isEmpty() ? "nothing" : answer.type()));
            return;
        }
        if (answer.body().isEmpty()) {
            return; // to HEAD
        }
        validate("#/components/schemas/Problem", answer.body(), faults);
        JsonNode problem = JsonMapper.shared().readTree(answer.body());
        if (problem.path("status").intValue() != answer.status()) {
            faults.add("the problem has status " + problem.path("status"));
        }
        Optional<String> id = answer.headers().firstValue("X-Request-ID");
        if (id.isPresent() && !problem.path("requestId").stringValue().equals(id.get())) {
            faults.add("the problem has requestId " + problem.path("requestId"));
        }
    }

    private void body(JsonNode described, Answer answer, List<String> faults) {
        String type = answer.type();
        String plain = type.contains(";") ? type.substring(0, type.indexOf(';')) : type;
        JsonNode content = described.path("content");
        if (content.isMissingNode()) {
            if (!answer.body().isEmpty()) {
                faults.add("has a body of " + type + " where none is described");
            }
            return;
        }
        if (!content.has(plain)) {
            faults.add("has the type " + type + "; described are " + content.propertyNames());
        } else if (plain.equals("application/json")) {
            JsonNode schema = content.path(plain).path("schema");
            validate(
                    schema.size() == 1 && schema.has("$ref")
                            ? schema.path("$ref").stringValue()
                            : schema.toString(),
                    answer.body(),
                    faults);
        }
    }

    private void headers(JsonNode described, Answer answer, List<String> faults) {
        described.path("headers").forEachEntry((name, header) -> {
            Optional<String> value = answer.headers().firstValue(name);
            if (value.isEmpty() && name.equals("Location")) {
                faults.add("has no Location");
            }
            if (value.isPresent()) {
                JsonNode schema = header.path("schema");
                boolean number = schema.path("type").stringValue("").equals("integer");
                validate(
                        schema.toString(),
                        number ? value.get() : JsonMapper.shared().writeValueAsString(value.get()),
                        faults);
            }
        });
    }

    /** @param schema a reference or a schema */
    private void validate(String schema, String body, List<String> faults) {
        List<Problem> problems = schemas.computeIfAbsent(schema, this::compiled).validate("body", new JsonText(body));
        problems.stream()
                .limit(5)
                .map(problem -> "at '" + problem.position() + "': " + problem.message())
                .forEach(faults::add);
    }

    private CompiledSchema compiled(String schema) {
        ObjectNode whole = schema.startsWith("#")
                ? JsonMapper.shared().createObjectNode().put("$ref", schema)
                : (ObjectNode) JsonMapper.shared().readTree(schema);
        whole.set("components", document.path("components"));
        return switch (new JsonSchemas().compile("openapi.json", new JsonText(whole.toString()))) {
            case Compilation.Compiled(CompiledSchema compiled) -> compiled;
            case Compilation.Rejected(List<Problem> problems) ->
                throw new AssertionError("the description holds a schema that is none: " + problems);
        };
    }
}
