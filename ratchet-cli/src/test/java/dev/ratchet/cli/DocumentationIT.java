package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.execution.testing.TestFilter;
import dev.ratchet.execution.testing.TestReport;
import dev.ratchet.execution.testing.TestReportFormat;
import dev.ratchet.execution.testing.TestResult;
import dev.ratchet.execution.testing.TestRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs every example of docs/tasks.md, in the way the comment at its top describes, as {@code ratchet test} runs tests. */
@Timeout(120)
class DocumentationIT {
    private static final Path DOCUMENT = Path.of("..", "docs", "tasks.md");
    private static final Pattern FENCE = Pattern.compile("```(\\w*) ?(.*)");
    private static final Pattern WORD = Pattern.compile("(\\w+)=(?:'([^']*)'|(\\S+))");
    private static final List<String> KEYS =
            List.of("task", "file", "input", "output", "error", "mocks", "secrets", "clock");
    private static final JsonMapper JSON = JsonMapper.shared();

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private static LocalRuntime runtime;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        runtime = LocalRuntime.open(CliEnvironment.ofProcess(), new GlobalOptions(), 1);
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    /** A package as the document shows it, and what its run is to be like. */
    record Example(String name, Map<String, String> files, Map<String, String> run) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Example> examples() throws IOException {
        Map<String, Example> examples = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(DOCUMENT);
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            List<String> block = new ArrayList<>();
            while (!lines.get(++i).equals("```")) {
                block.add(lines.get(i));
            }
            Map<String, String> words = words(fence.group(2));
            String task = words.remove("task");
            if (task != null) {
                Example example = examples.computeIfAbsent(
                        task, name -> new Example(name, new LinkedHashMap<>(), new HashMap<>()));
                String file = words.remove("file");
                example.files().put(file == null ? "main.js" : file, String.join("\n", block) + "\n");
                example.run().putAll(words);
            }
        }
        return List.copyOf(examples.values());
    }

    private static Map<String, String> words(String info) {
        Map<String, String> words = new HashMap<>();
        Matcher word = WORD.matcher(info);
        while (word.find()) {
            assertThat(word.group(1)).as(info).isIn(KEYS);
            words.put(word.group(1), word.group(2) == null ? word.group(3) : word.group(2));
        }
        return words;
    }

    @Test
    void examplesWhenReadAreThereAndAllSayWhatTheyDo() throws IOException {
        assertThat(examples()).hasSizeGreaterThan(15).allSatisfy(example -> assertThat(
                        example.run().keySet())
                .as(example.name())
                .contains("input")
                .containsAnyOf("output", "error"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void testWhenGivenAnExampleOfTheDocumentPasses(Example example) throws IOException {
        for (Map.Entry<String, String> file : example.files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        if (!example.files().containsKey("metadata.json") && !example.files().containsKey("meta.yaml")) {
            ObjectNode metadata =
                    JSON.createObjectNode().put("name", example.name()).put("version", "1.0.0");
            Files.writeString(folder.resolve("metadata.json"), JSON.writeValueAsString(metadata));
        }
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(folder.resolve("tests").resolve("document.json"), testCase(example.run()));

        TestReport report = new TestRunner(runtime.executor(), 1)
                .run(runtime.load(folder), TestFilter.ALL, _ -> {}, new Cancellation());

        assertThat(report.results())
                .as(TestReportFormat.LIST.render(report, false))
                .allSatisfy(result -> assertThat(result.status()).isEqualTo(TestResult.Status.PASSED))
                .extracting(TestResult::file)
                .contains("tests/document.json");
    }

    private static String testCase(Map<String, String> run) {
        ObjectNode test = JSON.createObjectNode();
        run.forEach((word, value) -> {
            switch (word) {
                case "output" -> test.set("expected_output", JSON.readTree(value));
                case "error" -> test.put("expected_error", value);
                case "clock" -> test.put("clock", value);
                case "input", "mocks", "secrets" -> test.set(word, JSON.readTree(value));
                default -> throw new IllegalArgumentException(word);
            }
        });
        return JSON.writeValueAsString(test);
    }
}
