package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.CommandLineHarness.Outcome;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.registry.EmbeddedTasks;
import dev.ratchet.registry.PackageArchive;
import dev.ratchet.registry.TaskPackageLoader;
import dev.ratchet.registry.TaskTemplate;
import dev.ratchet.registry.TaskTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The examples and what the templates generate: valid without a warning, and passing their own tests, by the workers of
 * the distribution.
 */
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("..", "examples", "tasks");

    private final CommandLineHarness ratchet = new CommandLineHarness().home(Distribution.HOME);

    @TempDir
    private Path directory;

    static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.sorted().toList();
        }
    }

    static List<Named<TaskTemplate>> templates() {
        return new TaskTemplates()
                .list().stream()
                        .map(template -> Named.of(template.name(), template))
                        .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleWhenCheckedIsValidAndPassesItsTests(Path example) {
        assertValid(example);
        assertTestsPass(example);
    }

    @Test
    void heartbeatWhenCheckedIsValidAndPassesItsTests() throws Exception {
        TaskPackage heartbeat = new EmbeddedTasks(
                        new TaskPackageLoader((_, _) -> new SchemaCompiler.Compilation.Compiled((_, _) -> List.of())))
                .heartbeat();
        for (Map.Entry<String, String> file :
                new PackageArchive().files(heartbeat).entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, file.getValue());
        }

        assertValid(directory);
        assertTestsPass(directory);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("templates")
    void templateWhenGeneratedIsValidAndPassesItsTestsAndRuns(TaskTemplate template) throws Exception {
        Path task = directory.resolve(template.name());
        List<String> words = new ArrayList<>(List.of(
                "generate",
                "task",
                "--path",
                task.toString(),
                "--label",
                "Made of " + template.name(),
                "--description",
                "Says what it does",
                "--version",
                "2.1.0",
                "--template",
                template.name()));
        template.parameters().stream()
                .filter(TaskTemplate.Parameter::required)
                .forEach(parameter -> words.addAll(List.of("--param", parameter.name() + "=some-value")));

        Outcome generated = ratchet.run(words.toArray(String[]::new));

        assertThat(generated.exitCode()).as(generated.err()).isZero();
        assertThat(generated.out().lines()).contains(task.resolve("main.js").toString());
        assertValid(task);
        assertTestsPass(task);
        for (String input : offlineInputs(task)) {
            Outcome run = ratchet.run("run-once", "--from-fs", task.toString(), "--input-json", input);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).startsWith("{");
        }
    }

    /** The input of the first of the task's own tests that succeeds without a mock; none where all need the network. */
    private static List<String> offlineInputs(Path task) throws IOException {
        try (Stream<Path> files = Files.list(task.resolve("tests"))) {
            List<JsonNode> tests = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                tests.add(new JsonMapper().readTree(Files.readString(file)));
            }
            return tests.stream()
                    .filter(test -> test.has("expected_output") && !test.has("mocks"))
                    .map(test -> test.get("input").toString())
                    .limit(1)
                    .toList();
        }
    }

    @Test
    void generateWhenTemplateIsUnknownListsTheOnesThereAre() {
        Outcome outcome =
                ratchet.run("generate", "task", "--path", directory.resolve("x").toString(), "--template", "http_api");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("http_api", "http_api_call", "default", "webhook_handler");
    }

    @Test
    void generateWhenARequiredParameterIsMissingNamesIt() {
        Outcome outcome = ratchet.run(
                "generate", "task", "--path", directory.resolve("x").toString(), "--template", "scheduled_job");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("job_name");
    }

    @Test
    void generateWhenFolderIsTakenChangesNothing() throws Exception {
        Path task = Distribution.writeTask(directory.resolve("taken"), "taken", "export default () => 1", "");

        Outcome outcome = ratchet.run("generate", "task", "--path", task.toString(), "--label", "other");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains(task.toString());
        assertThat(task.resolve("main.js")).hasContent("export default () => 1");
    }

    @Test
    void validateWhenAskedToFixWritesWhatIsMissingAndNothingElse() throws Exception {
        Path task = Files.createDirectory(directory.resolve("bare"));
        Files.writeString(task.resolve("main.js"), "export default () => 1");

        Outcome outcome = ratchet.run("validate", "--from-fs", task.toString(), "--fix");

        assertThat(outcome.exitCode()).as(outcome.out()).isZero();
        assertThat(outcome.err()).contains("wrote ");
        assertThat(task.resolve("metadata.json")).exists();
        assertThat(task.resolve("main.js")).hasContent("export default () => 1");
    }

    private void assertValid(Path task) {
        Outcome outcome = ratchet.run("validate", "--from-fs", task.toString(), "--format", "json");
        JsonNode report = new JsonMapper().readTree(outcome.out());
        assertThat(outcome.exitCode()).as(outcome.out()).isZero();
        assertThat(report.get("valid").asBoolean()).isTrue();
        assertThat(report.get("warnings")).isEmpty();
    }

    private void assertTestsPass(Path task) {
        Outcome outcome = ratchet.run("test", "--from-fs", task.toString(), "--format", "tap");
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out().lines().filter(line -> line.startsWith("ok "))).hasSizeGreaterThanOrEqualTo(2);
        assertThat(outcome.err()).isEmpty();
    }
}
