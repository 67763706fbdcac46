package dev.ratchet.execution.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.PathType;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.SchemaCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON Schema 2020-12 and draft-07 on the networknt library, with everything bounded that a schema or a value could
 * make large: {@link #MAX_SCHEMA_BYTES} and {@link #MAX_SCHEMA_DEPTH} of a schema, {@link #MAX_VALUE_DEPTH} of a value,
 * {@link #MAX_STEPS} of a check, {@link #MAX_PROBLEMS} of its answer, and the work of all its patterns. Nothing is ever
 * loaded from a file or the network. Thread-safe.
 *
 * <pre>{@code
 * switch (new JsonSchemas().compile("input.schema.json", text)) {
 *     case Compiled(CompiledSchema schema) -> schema.validate("input", value);
 *     case Rejected(List<Problem> problems) -> problems;
 * }
 * }</pre>
 */
public final class JsonSchemas implements SchemaCompiler {
    /** Largest schema document in UTF-8 bytes. */
    public static final int MAX_SCHEMA_BYTES = 1 << 20;

    /** Deepest nesting of a schema document. */
    public static final int MAX_SCHEMA_DEPTH = 100;

    /** Deepest nesting of a value that is checked. */
    public static final int MAX_VALUE_DEPTH = 200;

    /** Largest value that is checked, in characters. */
    public static final int MAX_VALUE_LENGTH = 128 << 20;

    /** Keywords evaluated in one check. */
    public static final long MAX_STEPS = 10_000_000;

    /** Problems reported per document. */
    public static final int MAX_PROBLEMS = 32;

    /** Schemas within schemas under evaluation at a time, references included. */
    private static final int MAX_EVALUATION_DEPTH = 1_000;

    private static final String DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema";
    private static final String DRAFT_07 = "http://json-schema.org/draft-07/schema";

    private static final JsonMapper SCHEMA_READER = reader(MAX_SCHEMA_DEPTH, MAX_SCHEMA_BYTES, true);
    private static final JsonMapper VALUE_READER = reader(MAX_VALUE_DEPTH, MAX_VALUE_LENGTH, false);

    private final SchemaRegistry registry;
    private final Map<String, Schema> metaSchemas;

    public JsonSchemas() {
        SchemaRegistryConfig.Builder config = SchemaRegistryConfig.builder()
                .locale(Locale.ENGLISH)
                .pathType(PathType.JSON_POINTER)
                .regularExpressionFactory(LinearPattern::compile)
                .preloadSchema(false);
        SchemaRegistry standard = SchemaRegistry.withDialects(
                List.of(Dialects.getDraft202012(), Dialects.getDraft7()),
                builder -> builder.schemaRegistryConfig(config.build()));
        this.metaSchemas = Map.of(
                DRAFT_2020_12, standard.getSchema(SchemaLocation.of(DRAFT_2020_12)),
                DRAFT_07, standard.getSchema(SchemaLocation.of(DRAFT_07 + "#")));
        SchemaRegistryConfig asserting = config.formatAssertionsEnabled(true).build();
        this.registry = SchemaRegistry.withDialects(
                List.of(bounded(Dialects.getDraft202012()), bounded(Dialects.getDraft7())),
                builder -> builder.schemaRegistryConfig(asserting).schemaLoader(loader -> loader.allow(_ -> false)));
    }

    private static Dialect bounded(Dialect dialect) {
        return Dialect.builder(dialect)
                .formats(formats -> {
                    formats.clear();
                    BoundedFormat.all().forEach(format -> formats.put(format.getName(), format));
                })
                .build();
    }

    private static JsonMapper reader(int depth, int length, boolean strictNames) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxDocumentLength(length)
                .maxStringLength(length)
                .maxNameLength(100_000)
                .maxNumberLength(1_000)
                .build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strictNames)
                .build();
    }

    @Override
    public Compilation compile(String source, JsonText schema) {
        JsonNode document;
        try {
            document = SCHEMA_READER.readTree(schema.value());
        } catch (JacksonException e) {
            return new Compilation.Rejected(List.of(unreadable(source, e)));
        }
        if (!document.isObject() && !document.isBoolean()) {
            return new Compilation.Rejected(List.of(
                    Problem.of(source, "a schema is a JSON object or true or false, this is " + kind(document))));
        }
        Optional<String> dialect = dialect(document);
        if (dialect.isEmpty()) {
            return new Compilation.Rejected(List.of(new Problem(
                    source,
                    "/$schema",
                    "dialect " + shortened(document.path("$schema").toString()) + " is not known; accepted: \""
                            + DRAFT_2020_12 + "\" (also when $schema is absent) and \"" + DRAFT_07 + "#\"")));
        }
        List<Problem> problems = new ArrayList<>(check(source, metaSchema(dialect.get()), document));
        SchemaInspection.inspect(source, document, document.path("$schema").asString(DRAFT_2020_12), problems);
        if (problems.isEmpty()) {
            try {
                Schema compiled = registry.getSchema(document);
                compiled.initializeValidators();
                return new Compilation.Compiled((name, value) -> validate(name, compiled, value));
            } catch (SchemaException e) {
                problems.add(Problem.of(source, String.valueOf(e.getMessage())));
            }
        }
        return new Compilation.Rejected(bounded(source, problems));
    }

    private static Optional<String> dialect(JsonNode document) {
        JsonNode named = document.path("$schema");
        if (named.isMissingNode()) {
            return Optional.of(DRAFT_2020_12);
        }
        String name = named.isString() ? named.asString() : "";
        name = name.endsWith("#") ? name.substring(0, name.length() - 1) : name;
        return switch (name) {
            case DRAFT_2020_12, DRAFT_07 -> Optional.of(name);
            default -> Optional.empty();
        };
    }

    private Schema metaSchema(String dialect) {
        Schema schema = metaSchemas.get(dialect);
        if (schema == null) {
            throw new IllegalStateException("no meta-schema for " + dialect);
        }
        return schema;
    }

    private static List<Problem> validate(String source, Schema schema, JsonText value) {
        JsonNode tree;
        try {
            tree = VALUE_READER.readTree(value.value());
        } catch (JacksonException e) {
            return List.of(unreadable(source, e));
        }
        return bounded(source, check(source, schema, tree));
    }

    private static List<Problem> check(String source, Schema schema, JsonNode value) {
        ExecutionContext context = schema.createExecutionContext();
        context.setExecutionConfig(ExecutionConfig.builder(context.getExecutionConfig())
                .maxEvaluationSteps(MAX_STEPS)
                .maxEvaluationDepth(MAX_EVALUATION_DEPTH)
                .build());
        FirstErrors errors = new FirstErrors();
        context.setErrors(errors);
        List<Problem> problems = new ArrayList<>();
        try {
            ScopedValue.where(MatchBudget.CURRENT, new MatchBudget()).run(() -> schema.validate(context, value));
        } catch (CheckStopped e) {
            if (!errors.isFull()) {
                problems.add(Problem.of(source, String.valueOf(e.getMessage())));
            }
        } catch (ValidationLimitExceededException e) {
            problems.add(Problem.of(source, tooMuch(e)));
        }
        errors.stream()
                .map(error -> new Problem(source, error.getInstanceLocation().toString(), ErrorText.of(error)))
                .forEach(problems::add);
        return problems;
    }

    private static String tooMuch(ValidationLimitExceededException e) {
        return switch (e.getLimitKind()) {
            case EVALUATION_STEPS ->
                "checking it against the schema takes more than " + MAX_STEPS
                        + " steps; make the value smaller or the schema simpler";
            case EVALUATION_DEPTH ->
                "checking it against the schema nests more than " + MAX_EVALUATION_DEPTH
                        + " schemas; a schema that refers to itself must go one level down in the value each time";
        };
    }

    private static List<Problem> bounded(String source, List<Problem> problems) {
        List<Problem> distinct = problems.stream().distinct().sorted().toList();
        if (distinct.size() < MAX_PROBLEMS) {
            return distinct;
        }
        List<Problem> first = new ArrayList<>(distinct.subList(0, MAX_PROBLEMS - 1));
        first.add(Problem.of(source, "there are more problems than the " + first.size() + " listed"));
        return List.copyOf(first);
    }

    private static Problem unreadable(String source, JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        String position =
                location == null || location.getLineNr() < 1 ? "" : location.getLineNr() + ":" + location.getColumnNr();
        return new Problem(source, position, shortened(String.valueOf(e.getOriginalMessage())));
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case NULL -> "null";
            case BOOLEAN, OBJECT, BINARY, POJO, MISSING -> "something else";
        };
    }

    static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    /** Keeps the first errors and ends the check when there are enough. */
    private static final class FirstErrors extends ArrayList<Error> {
        private static final long serialVersionUID = 1L;

        boolean isFull() {
            return size() >= MAX_PROBLEMS;
        }

        @Override
        public boolean add(Error error) {
            super.add(error);
            if (isFull()) {
                throw new CheckStopped("enough");
            }
            return true;
        }
    }
}
