package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskPackage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TaskTemplatesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TaskTemplates templates = new TaskTemplates();

    private static Map<String, String> required(TaskTemplate template) {
        Map<String, String> parameters = new HashMap<>(Map.of("name", "my-task"));
        template.parameters().stream()
                .filter(TaskTemplate.Parameter::required)
                .forEach(parameter -> parameters.put(parameter.name(), "a value"));
        return parameters;
    }

    static Stream<TaskTemplate> all() {
        return new TaskTemplates().list().stream();
    }

    @Test
    void listWhenAskedNamesTheTemplatesWithTheirParameters() {
        assertThat(templates.list())
                .extracting(TaskTemplate::name)
                .containsExactly(
                        "data_transform",
                        "default",
                        "file_processor",
                        "http_api_call",
                        "scheduled_job",
                        "testing_utility",
                        "validation",
                        "webhook_handler");
        assertThat(templates.list().stream()
                        .flatMap(template -> template.parameters().stream())
                        .map(parameter -> parameter.name() + (parameter.required() ? "*" : "")))
                .containsExactlyInAnyOrder(
                        "default_headers",
                        "default_operation",
                        "webhook_type",
                        "confirmation_endpoint",
                        "job_name*",
                        "schedule",
                        "alert_webhook",
                        "target_task*",
                        "test_timeout");
    }

    @ParameterizedTest
    @MethodSource("all")
    void renderWhenDefaultsAreTakenGivesCompletePackage(TaskTemplate template) {
        Map<String, String> files = templates.render(template.name(), required(template));

        Map<String, byte[]> contents = new HashMap<>();
        files.forEach((path, text) -> contents.put(path, text.getBytes(StandardCharsets.UTF_8)));
        LoadResult result = new TaskPackageLoader(new AcceptingSchemas()).load(contents, "rendered");
        assertThat(result).isInstanceOfSatisfying(LoadResult.Loaded.class, loaded -> {
            TaskPackage task = loaded.taskPackage();
            assertThat(loaded.warnings()).isEmpty();
            assertThat(task.metadata().name()).isEqualTo("my-task");
            assertThat(task.metadata().version()).isEqualTo("1.0.0");
            assertThat(task.tests()).hasSizeGreaterThan(1);
            assertThat(task.tests().values().stream()
                            .map(test -> JSON.readTree(test.value()))
                            .filter(test -> test.path("should_fail").asBoolean(false)))
                    .isNotEmpty();
        });
        assertThat(files.values()).noneMatch(text -> text.contains("{{"));
    }

    @Test
    void renderWhenValueIsHostileStaysWithinItsLiteral() {
        String hostile = "\"; throw 1; // '`${1}\\ \u2028 $1 {{schedule}}";

        Map<String, String> files =
                templates.render("scheduled_job", Map.of("name", hostile, "job_name", hostile, "schedule", "daily"));

        String line = String.valueOf(files.get("main.js")).lines().findFirst().orElseThrow();
        assertThat(line).startsWith("const JOB_NAME = \"").endsWith("\";");
        String literal = line.substring("const JOB_NAME = ".length(), line.length() - 1);
        assertThat(JSON.readTree(literal).asString()).isEqualTo(hostile);
        JsonNode test = JSON.readTree(String.valueOf(files.get("tests/reports-success.json")));
        assertThat(test.at("/expected_output/job").asString()).isEqualTo(hostile);
        assertThat(JSON.readTree(String.valueOf(files.get("metadata.json")))
                        .path("name")
                        .asString())
                .isEqualTo(hostile);
    }

    @Test
    void renderWhenParametersAreStructuredPutsThemInAsLiterals() {
        assertThat(templates.render("http_api_call", Map.of("name", "a", "default_headers", "{\"x-a\": \"b\"}")))
                .hasEntrySatisfying(
                        "main.js", text -> assertThat(text).startsWith("const DEFAULT_HEADERS = {\"x-a\":\"b\"};"));
        assertThat(templates.render("testing_utility", Map.of("name", "a", "target_task", "t", "test_timeout", "250")))
                .hasEntrySatisfying("main.js", text -> assertThat(text).contains("const SLOW_MILLIS = 250;"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scheduled_job|schedule|x|needs the parameter 'job_name'",
                "testing_utility|test_timeout|5|needs the parameter 'target_task'",
                "file_processor|default_operation|shred|stats, lines, csv, json",
                "file_processor|default_operations|csv|did you mean 'default_operation'?",
                "http_api_call|default_headers|[]|JSON object",
                "http_api_call|default_headers|{\"a\":1}|JSON object",
                "webhook_handler|confirmation_endpoint|ftp://x|http or https",
                "webhook_handler|webhook_type|' '|not blank",
                "validation|version|'a\nb'|control characters",
                "validation|version|1.0|semantic version",
            })
    void renderWhenParameterIsRefusedSaysWhatIsAccepted(String template, String name, String value, String words) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> templates.render(template, Map.of("name", "a", name, value)))
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void renderWhenTemplateOrNameIsMissingIsRefused() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> templates.render("http", Map.of("name", "a")))
                .withMessageContaining("http_api_call")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> templates.render("default", Map.of()))
                .withMessageContaining("'name'");
    }
}
