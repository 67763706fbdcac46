package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.testing.TestFilter;
import dev.ratchet.execution.testing.TestReport;
import dev.ratchet.execution.testing.TestResult;
import dev.ratchet.execution.testing.TestRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The examples of docs/tasks.md do what it says they do; the convention is in a comment at its top. */
class TaskDocsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "tasks.md");
    private static final Pattern FENCE = Pattern.compile("^```\\w+ (.*\\btask=.*)$");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=(?:'([^']*)'|(\\S+))");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path directory;

    private static LocalRuntime runtime;

    /**
     * A package and what is said of it.
     *
     * @param runs the attributes of each block that has an input
     */
    record Example(String name, Map<String, String> files, List<Map<String, String>> runs) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void startWorkers() {
        CliEnvironment environment =
                new CommandLineHarness().environment(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        runtime = LocalRuntime.open(environment, new GlobalOptions(), 1);
        runtime.warmUp();
    }

    @AfterAll
    static void stopWorkers() {
        runtime.close();
    }

    static List<Example> examples() throws IOException {
        Map<String, Example> examples = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(DOCUMENT);
        for (int at = 0; at < lines.size(); at++) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (!fence.matches()) {
                continue;
            }
            Map<String, String> attributes = new TreeMap<>();
            Matcher attribute = ATTRIBUTE.matcher(fence.group(1));
            while (attribute.find()) {
                attributes.put(
                        attribute.group(1), attribute.group(2) == null ? attribute.group(3) : attribute.group(2));
            }
            StringBuilder text = new StringBuilder();
            for (at++; !lines.get(at).equals("```"); at++) {
                text.append(lines.get(at)).append('\n');
            }
            Example example = examples.computeIfAbsent(
                    attributes.get("task"), name -> new Example(name, new TreeMap<>(), new ArrayList<>()));
            example.files().put(attributes.getOrDefault("file", "main.js"), text.toString());
            if (attributes.containsKey("input")) {
                example.runs().add(attributes);
            }
        }
        return List.copyOf(examples.values());
    }

    @Test
    void documentWhenReadHasExamplesOfEveryKind() throws IOException {
        List<Example> examples = examples();

        assertThat(examples).hasSizeGreaterThan(15);
        assertThat(examples).allSatisfy(example -> assertThat(example.runs()).isNotEmpty());
        assertThat(examples.stream().flatMap(example -> example.runs().stream()).flatMap(run -> run.keySet().stream()))
                .contains("output", "error", "mocks", "secrets", "clock");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleWhenRunDoesWhatTheDocumentSays(Example example) throws IOException {
        Path folder = directory.resolve(example.name());
        for (Map.Entry<String, String> file : example.files().entrySet()) {
            write(folder.resolve(file.getKey()), file.getValue());
        }
        boolean described =
                example.files().containsKey("metadata.json") || example.files().containsKey("meta.yaml");
        if (!described) {
            write(folder.resolve("metadata.json"), "{\"name\": \"" + example.name() + "\", \"version\": \"1.0.0\"}");
        }
        write(folder.resolve("tests").resolve("document.json"), cases(example).toString());

        TaskPackage task = runtime.load(folder);
        TestReport report =
                new TestRunner(runtime.executor(), 1).run(task, TestFilter.ALL, result -> {}, new Cancellation());

        assertThat(report.results()).hasSizeGreaterThanOrEqualTo(example.runs().size());
        assertThat(report.results()).allSatisfy(result -> assertThat(result.status())
                .as("%s: %s", result.name(), result.failure())
                .isEqualTo(TestResult.Status.PASSED));
    }

    /** The attributes as a test file has them. */
    private static ArrayNode cases(Example example) {
        ArrayNode cases = JSON.createArrayNode();
        for (Map<String, String> run : example.runs()) {
            ObjectNode test = cases.addObject().put("name", "document " + cases.size());
            run.forEach((key, value) -> {
                switch (key) {
                    case "input", "mocks", "secrets" -> test.set(key, parse(value));
                    case "output" -> test.set("expected_output", parse(value));
                    case "error" -> test.put("expected_error", value);
                    case "clock" -> test.put("clock", value);
                    case "task", "file" -> {}
                    default -> throw new AssertionError("docs/tasks.md: no attribute is called " + key);
                }
            });
        }
        return cases;
    }

    private static JsonNode parse(String value) {
        return JSON.readTree(value);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
