package dev.ratchet.execution.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.SchemaCompiler.Compilation;
import dev.ratchet.core.task.SchemaCompiler.CompiledSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schemas of the example tasks and templates say what their own tests say. */
class ExampleContractsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonSchemas SCHEMAS = new JsonSchemas();

    static List<Path> tests() {
        Path templates = Path.of(
                "..", "ratchet-registry", "src", "main", "resources", "dev", "ratchet", "registry", "templates");
        return Stream.of(Path.of("..", "examples", "tasks"), templates)
                .flatMap(ExampleContractsTest::jsonBelow)
                .filter(path -> path.resolveSibling("").endsWith("tests"))
                .sorted()
                .toList();
    }

    private static Stream<Path> jsonBelow(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(path -> path.toString().endsWith(".json")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompiledSchema schema(Path task, String name) throws IOException {
        return switch (SCHEMAS.compile(name, new JsonText(Files.readString(task.resolve(name))))) {
            case Compilation.Compiled(CompiledSchema schema) -> schema;
            case Compilation.Rejected(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    @ParameterizedTest
    @MethodSource("tests")
    void validateWhenTestOfExampleAgreesWithIt(Path file) throws IOException {
        Path task = file.resolve("..", "..").normalize();
        CompiledSchema input = schema(task, "input.schema.json");
        CompiledSchema output = schema(task, "output.schema.json");
        JsonNode document = JSON.readTree(Files.readString(file));

        for (JsonNode test : document.isArray() ? document : List.of(document)) {
            boolean invalid = test.at("/expected_error/type").asString("").equals("InvalidInput");
            assertThat(input.validate("input", new JsonText(test.path("input").toString()))
                            .isEmpty())
                    .as("%s", test.path("name"))
                    .isNotEqualTo(invalid);
            JsonNode expected = test.path("expected_output");
            // Placeholders of templates are text wherever they stand, and a subset lacks required properties.
            if (!expected.isMissingNode()
                    && !test.has("match")
                    && !expected.toString().contains("{{")) {
                assertThat(output.validate("output", new JsonText(expected.toString())))
                        .as("%s", test.path("name"))
                        .isEmpty();
            }
        }
    }
}
