package dev.ratchet.execution.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.SchemaCompiler.Compilation;
import dev.ratchet.core.task.SchemaCompiler.CompiledSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemasTest {
    private final JsonSchemas schemas = new JsonSchemas();

    private CompiledSchema compiled(String schema) {
        return switch (schemas.compile("s.json", new JsonText(schema))) {
            case Compilation.Compiled(CompiledSchema result) -> result;
            case Compilation.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
        };
    }

    private List<Problem> rejected(String schema) {
        return switch (schemas.compile("s.json", new JsonText(schema))) {
            case Compilation.Compiled _ -> throw new AssertionError("accepted");
            case Compilation.Rejected(List<Problem> problems) -> problems;
        };
    }

    private List<Problem> check(String schema, String value) {
        return compiled(schema).validate("input", new JsonText(value));
    }

    @Test
    void validateWhenSeveralFaultsReportsEachWithPointer() {
        String schema = """
                {"type":"object","required":["name","age"],"additionalProperties":false,
                 "properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0},"a/b":{"enum":[1,2]}}}
                """;

        List<Problem> problems = check(schema, "{\"name\":1,\"a/b\":3,\"extra\":true}");

        assertThat(problems)
                .containsExactly(
                        new Problem("input", "", "property 'extra' is not allowed by the schema"),
                        new Problem("input", "", "required property 'age' is missing"),
                        new Problem("input", "/a~1b", "is not one of the accepted values [1,2]"),
                        new Problem("input", "/name", "is an integer; accepted: string"));
    }

    @Test
    void validateWhenValueFitsReturnsNothing() {
        assertThat(check("{\"type\":\"array\",\"items\":{\"type\":\"number\"}}", "[1,2.5,1e3]"))
                .isEmpty();
        assertThat(check("true", "null")).isEmpty();
        assertThat(check("{\"type\":\"integer\"}", "1.0")).isEmpty();
    }

    @Test
    void validateWhenBothDialectsFollowsEach() {
        String tuple = "\"items\":[{\"type\":\"string\"}],\"additionalItems\":false}";
        String draft07 = "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"," + tuple;

        assertThat(check(draft07, "[\"a\"]")).isEmpty();
        assertThat(check(draft07, "[1]")).hasSize(1);
        assertThat(check(draft07, "[\"a\",\"b\"]")).hasSize(1);
        assertThat(check("{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}", "[\"a\",\"b\"]"))
                .hasSize(1);
        assertThat(rejected("{" + tuple)).isNotEmpty(); // 2020-12 has no array form of items
    }

    @Test
    void compileWhenDialectIsUnknownSaysWhatIsAccepted() {
        for (String name : List.of(
                "\"http://json-schema.org/draft-04/schema#\"",
                "\"https://json-schema.org/draft/2019-09/schema\"",
                "\"https://example.com/mine\"",
                "7")) {
            assertThat(rejected("{\"$schema\":" + name + "}")).singleElement().satisfies(problem -> {
                assertThat(problem.position()).isEqualTo("/$schema");
                assertThat(problem.message()).contains("2020-12").contains("draft-07");
            });
        }
    }

    @Test
    void compileWhenSchemaIsFaultyReportsEverythingAtOnce() {
        List<Problem> problems = rejected("""
                {"type":"strng","required":"name","properties":{"a":{"pattern":"(?=x)"},"b":{"$ref":"other.json"}}}
                """);

        assertThat(problems)
                .extracting(Problem::position)
                .contains("/type", "/required", "/properties/a/pattern", "/properties/b/$ref");
        assertThat(problems).allMatch(problem -> problem.source().equals("s.json"));
    }

    @Test
    void compileWhenJsonIsBrokenGivesLineAndColumn() {
        assertThat(rejected("{\n  \"type\": \"object\",\n  oops\n}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.position()).startsWith("3:"));
        assertThat(rejected("{\"type\":\"object\",\"type\":\"array\"}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("uplicate"));
        assertThat(rejected("[]")).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("array"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other.json",
                "../../../etc/passwd",
                "file:///etc/passwd",
                "http://127.0.0.1:9/schema",
                "https://json-schema.org/draft/2020-12/schema",
                "classpath:draft-07/schema",
                "#/$defs/absent",
                "#absent",
                "#/properties/0",
            })
    void compileWhenReferenceLeadsOutIsRejected(String reference) {
        assertThat(rejected("{\"$defs\":{\"x\":{}},\"$ref\":\"" + reference + "\"}"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.position()).isEqualTo("/$ref");
                    assertThat(problem.message()).contains(reference);
                });
    }

    @Test
    void validateWhenReferencesStayInsideFollowsThem() {
        assertThat(check("{\"$defs\":{\"n\":{\"type\":\"number\"}},\"$ref\":\"#/$defs/n\"}", "\"x\""))
                .hasSize(1);
        assertThat(check("{\"$defs\":{\"n\":{\"$anchor\":\"num\",\"type\":\"number\"}},\"$ref\":\"#num\"}", "\"x\""))
                .hasSize(1);
        String identified = """
                {"$id":"https://example.com/root","$ref":"item",
                 "$defs":{"n":{"$id":"item","$ref":"#/$defs/deep","$defs":{"deep":{"type":"number"}}}}}
                """;
        assertThat(check(identified, "\"x\"")).hasSize(1);
        assertThat(check(identified, "1")).isEmpty();
        String tree = "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"additionalProperties\":false}";
        assertThat(check(tree, "{\"next\":{\"next\":{}}}")).isEmpty();
        assertThat(check(tree, "{\"next\":{\"nxt\":{}}}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.position()).isEqualTo("/next"));
        String old = "{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
                + "\"definitions\":{\"n\":{\"$id\":\"#num\",\"type\":\"number\"}},\"$ref\":\"#num\"}";
        assertThat(check(old, "\"x\"")).hasSize(1);
    }

    @Test
    void compileWhenReferencedPlaceIsUnusualInspectsItToo() {
        assertThat(rejected("{\"$ref\":\"#/x-shared/a\",\"x-shared\":{\"a\":{\"pattern\":\"(a)\\\\1\"}}}"))
                .extracting(Problem::position)
                .containsExactly("/x-shared/a/pattern");
    }

    @Test
    void compileWhenPropertyIsCalledLikeKeywordIsAccepted() {
        assertThat(check("{\"properties\":{\"$ref\":{\"type\":\"string\"},\"pattern\":{}}}", "{\"$ref\":1}"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "date-time,2026-01-31T10:00:00Z,2026-02-31T10:00:00Z",
        "date,2026-02-28,2026-02-30",
        "time,10:00:00Z,25:00:00Z",
        "duration,P1D,1 day",
        "email,a@example.com,a@",
        "hostname,a.example.com,-a.example.com",
        "ipv4,192.0.2.1,192.0.2.256",
        "ipv6,2001:db8::1,2001:db8::g",
        "uri,https://example.com/a?b#c,not a uri",
        "uri-reference,/a/b,//[",
        "uri-template,/a/{id}{?q*},/a/{",
        "uuid,123e4567-e89b-12d3-a456-426614174000,123e4567",
        "json-pointer,/a/~0b,a",
        "relative-json-pointer,1/a,/a",
        "regex,^a+$,(a",
    })
    void validateWhenFormatIsGivenAssertsIt(String format, String good, String bad) {
        String schema = "{\"format\":\"" + format + "\"}";

        assertThat(check(schema, "\"" + good + "\"")).isEmpty();
        assertThat(check(schema, "\"" + bad + "\"")).singleElement().satisfies(problem -> assertThat(problem.message())
                .isEqualTo("is not a valid " + format));
    }

    @Test
    @Timeout(60)
    void validateWhenFormatTextIsHugeStaysQuick() {
        for (String format : List.of("hostname", "email", "uri-template", "json-pointer", "idn-hostname", "style")) {
            List<Problem> problems = check("{\"format\":\"" + format + "\"}", "\"" + "/a.".repeat(200_000) + "!\"");

            assertThat(problems).as(format).hasSizeLessThan(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)", "(?!a)", "(?<=a)b", "(a)\\\\1", "a{1001}", "[", "(((a{100}){100}){100}){100}"})
    void compileWhenPatternIsNotLinearIsRejected(String pattern) {
        assertThat(rejected("{\"pattern\":\"" + pattern + "\"}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.position()).isEqualTo("/pattern"));
        assertThat(rejected("{\"properties\":{\"x\":{\"patternProperties\":{\"" + pattern + "\":{}}}}}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.position()).startsWith("/properties/x/patternProperties/"));
    }

    @Test
    @Timeout(60)
    void validateWhenPatternWouldBacktrackStaysLinear() {
        String schema = "{\"pattern\":\"^(a+)+$\",\"patternProperties\":{\"^(b|b)*c$\":{\"type\":\"number\"}}}";

        assertThat(check(schema, "\"" + "a".repeat(100_000) + "!\"")).hasSize(1);
        assertThat(check(schema, "{\"" + "b".repeat(50_000) + "\":\"x\"}")).isEmpty();
        assertThat(check(schema, "{\"bbc\":\"x\"}")).hasSize(1);
    }

    @Test
    @Timeout(60)
    void validateWhenPatternsCostTooMuchSaysSo() {
        String schema = "{\"items\":{\"pattern\":\"^([a-z]?){1000}!$\"}}";

        List<Problem> problems = check(schema, "[" + ("\"" + "a".repeat(100_000) + "\",").repeat(20) + "\"\"]");

        assertThat(problems).anySatisfy(problem -> assertThat(problem.message()).contains("costs too much"));
    }

    @Test
    void validateWhenPatternHasEcmaScriptEscapesUnderstandsThem() {
        assertThat(check("{\"pattern\":\"^\\\\u00e9\\\\/\\\\d$\"}", "\"é/1\"")).isEmpty();
        assertThat(check("{\"pattern\":\"^\\\\p{L}{2}$\"}", "\"éa\"")).isEmpty();
        assertThat(check("{\"pattern\":\"b\"}", "\"abc\"")).isEmpty(); // unanchored, as the specification says
    }

    @Test
    @Timeout(60)
    void validateWhenSchemaExplodesStopsAtStepLimit() {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 60; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            schema.append("\"d" + i + "\":{\"allOf\":[" + next + "," + next + "]},");
        }
        schema.append("\"d60\":{}}}");

        assertThat(check(schema.toString(), "1")).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("steps"));
    }

    @Test
    void validateWhenSchemaRefersToItselfForEverSaysSo() {
        assertThat(check("{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}", "1"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("refers to itself"));
    }

    @Test
    void validateWhenValueIsTooDeepSaysSo() {
        String deep = "[".repeat(JsonSchemas.MAX_VALUE_DEPTH + 1) + "]".repeat(JsonSchemas.MAX_VALUE_DEPTH + 1);
        String justRight = "[".repeat(JsonSchemas.MAX_VALUE_DEPTH) + "]".repeat(JsonSchemas.MAX_VALUE_DEPTH);
        String recursive = "{\"items\":{\"$ref\":\"#\"}}";

        assertThat(check(recursive, justRight)).isEmpty();
        assertThat(check(recursive, deep)).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("200"));
        assertThat(rejected("{\"items\":".repeat(JsonSchemas.MAX_SCHEMA_DEPTH + 1)
                        + "{}"
                        + "}".repeat(JsonSchemas.MAX_SCHEMA_DEPTH + 1)))
                .hasSize(1);
    }

    @Test
    @Timeout(60)
    void validateWhenEverythingIsWrongReportsTheFirstOnly() {
        List<Problem> problems = check("{\"items\":{\"type\":\"string\"}}", "[" + "1,".repeat(500_000) + "1]");

        assertThat(problems).hasSize(JsonSchemas.MAX_PROBLEMS);
        assertThat(problems.getLast().message()).contains("more problems");
    }

    @Test
    void compileWhenSchemaIsTooLargeIsRejected() {
        String schema = "{\"description\":\"" + "x".repeat(JsonSchemas.MAX_SCHEMA_BYTES) + "\"}";

        assertThat(rejected(schema)).hasSize(1);
    }

    @Test
    void validateWhenUsedByManyThreadsAnswersTheSame() throws Exception {
        CompiledSchema schema =
                compiled("{\"$defs\":{\"n\":{\"type\":\"number\"}},\"items\":{\"$ref\":\"#/$defs/n\"}}");
        List<Callable<List<Problem>>> checks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String value = i % 2 == 0 ? "[1]" : "[\"x\"]";
            checks.add(() -> schema.validate("v", new JsonText(value)));
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(
                    checks, Duration.ofSeconds(30).toSeconds(), java.util.concurrent.TimeUnit.SECONDS);

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).hasSize(i % 2);
            }
        }
    }
}
