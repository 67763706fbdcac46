package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PackagePartsTest {
    private static final String NAMED = "\"name\":\"demo\",\"version\":\"1.0.0\",";

    static Stream<TaskPackage> packages() {
        return Stream.of(Packages.everything(), Packages.nothing());
    }

    private static LoadResult load(String members) {
        return Packages.LOADER.loadParts(new JsonText("{" + members + "}"), Set.of("enabled"), "body");
    }

    @Test
    void loadPartsWhenSameAsFolderGivesTheSamePackage() {
        TaskPackage folder = Packages.load(Map.of(
                "metadata.json",
                "{" + NAMED + "\"team\":\"x\",\"limits\":{\"wallTime\":5}}",
                "main.js",
                "export default 1;",
                "input.schema.json",
                "{\"type\":\"object\"}",
                "tests/001.json",
                "{\"input\":{}}"));

        LoadResult parts = load(NAMED
                + "\"code\":\"export default 1;\",\"limits\":{\"wallTime\":\"5s\"},\"enabled\":false,"
                + "\"inputSchema\":{\"type\":\"object\"},\"tests\":[{\"input\":{}}],\"metadata\":{\"team\":\"x\"}");

        assertThat(Packages.loaded(parts)).isEqualTo(folder);
        assertThat(((LoadResult.Loaded) parts).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.message()).contains("output.schema.json"));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void loadPartsWhenWrittenFromPackageGivesTheSameVersion(TaskPackage task) {
        TaskPackage read = Packages.loaded(Packages.LOADER.loadParts(PackageParts.of(task), Set.of(), "body"));

        assertThat(read.contentHash()).isEqualTo(task.contentHash());
        assertThat(read.metadata()).isEqualTo(task.metadata());
        assertThat(read.code()).isEqualTo(task.code());
        assertThat(read.retry()).isEqualTo(task.retry());
        assertThat(read.limits()).isEqualTo(task.limits());
        assertThat(read.testPaths()).isEqualTo(task.testPaths());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"code\":\"1\",\"limits\":{\"walltime\":1}|/limits/walltime|wallTime",
                "\"code\":\"1\",\"metadata\":{\"tags\":1}|/metadata/tags|array",
                "\"code\":\"1\",\"metadata\":{\"name\":\"x\"}|/metadata/name|keep one",
                "\"code\":\"1\",\"metadata\":[]|/metadata|object",
                "\"code\":\"1\",\"inputSchema\":{\"properties\":{\"x\":{\"type\":\"bad\"}}}|/inputSchema/properties/x/type|bad",
                "\"code\":\"1\",\"codes\":1|/codes|did you mean \"code\"",
                "\"code\":\"1\",\"entrypoint\":\"x.js\"|''|x.js",
                "\"code\":1|/code|string",
                "\"code\":\"\\ud800\"|/code|surrogate",
                "\"code\":\"1\",\"files\":{}|''|both",
                "\"label\":\"x\"|''|neither",
                "\"files\":{}|/files|main.js",
                "\"files\":{\"main.js\":\"1\",\"a/../b.js\":\"1\"}|/files/a~1..~1b.js|not a code file",
                "\"files\":{\"main.js\":\"1\",\"metadata.json\":\"{}\"}|/files/metadata.json|own keys",
                "\"files\":{\"main.js\":\"1\",\"tests/a.json\":\"{}\"}|/files/tests~1a.json|own keys",
                "\"files\":{\"main.js\":\"1\",\"README.md\":\"x\"}|/files/README.md|.mjs",
                "\"files\":{\"main.js\":\"1\",\"data/x.json\":\"{\"}|/files/data~1x.json|at 1:2",
                "\"files\":{\"main.js\":\"1\",\"lib.js\":\"1\",\"LIB.js\":\"1\"}|/files/lib.js|differs from",
                "\"code\":\"1\",\"tests\":[{},1]|/tests/1|a number",
                "\"code\":\"1\",\"tests\":{\"x.json\":{}}|/tests/x.json|tests/NAME.json",
                "\"code\":\"1\",\"tests\":1|/tests|array",
            })
    void loadPartsWhenPartIsFaultyPointsIntoTheBody(String members, String pointer, String remedy) {
        assertThat(Packages.rejected(load(NAMED + members))).singleElement().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo("body");
            assertThat(problem.position()).isEqualTo(pointer);
            assertThat(problem.message()).contains(remedy);
        });
    }

    @Test
    void loadPartsWhenManyThingsAreWrongReportsThemAllAtOnce() {
        List<Problem> problems = Packages.rejected(
                load("\"version\":\"1\",\"code\":\"1\",\"retry\":1,\"tests\":[1],\"metadata\":{\"uuid\":\"x\"}"));

        assertThat(problems)
                .extracting(Problem::source, Problem::position)
                .containsExactly(
                        tuple("body", ""),
                        tuple("body", "/metadata/uuid"),
                        tuple("body", "/retry"),
                        tuple("body", "/tests/0"),
                        tuple("body", "/version"));
    }

    private static TaskPackage changed(TaskPackage task, String changes) {
        return Packages.loaded(
                Packages.LOADER.loadParts(PackageParts.changed(task, new JsonText(changes)), Set.of(), "body"));
    }

    @Test
    void changedWhenNothingIsChangedGivesTheSameVersion() {
        assertThat(changed(Packages.everything(), "{}").contentHash())
                .isEqualTo(Packages.everything().contentHash());
    }

    @Test
    void changedWhenPartsAreGivenReplacesThem() {
        TaskPackage task = changed(Packages.everything(), """
                {"version":"2.0.0","inputSchema":{"type":"array"},"retry":null,
                 "files":{"main.js":"2","lib/table.json":null},"limits":{"fetches":7,"memory":null},
                 "metadata":{"owner":"x"},"tests":[{"input":1}]}
                """);

        assertThat(task.metadata().version()).isEqualTo("2.0.0");
        assertThat(task.metadata().label()).isEqualTo("Demo");
        assertThat(task.metadata().other().value())
                .isEqualTo("{\"team\":{\"size\":1.50,\"lead\":null},\"owner\":\"x\"}");
        assertThat(task.inputSchema()).contains(new JsonText("{\"type\":\"array\"}"));
        assertThat(task.outputSchema()).contains(new JsonText("true"));
        assertThat(task.retry()).isEmpty();
        assertThat(task.code().files().keySet()).containsExactly("lib/start.js", "main.js");
        assertThat(task.code().files()).containsEntry("main.js", "2");
        assertThat(task.limits().fetches()).isEqualTo(7);
        assertThat(task.limits().memoryBytes()).isEqualTo(TaskLimits.DEFAULTS.memoryBytes());
        assertThat(task.limits().wallTime()).isEqualTo(Duration.ofMillis(1500));
        assertThat(task.testPaths()).containsExactly("tests/001.json");
    }

    @Test
    void changedWhenCodeIsGivenReplacesAllFiles() {
        TaskPackage task = changed(Packages.everything(), "{\"code\":\"3\",\"input_schema\":true}");

        assertThat(task.code().files()).containsExactly(Map.entry("main.js", "3"));
        assertThat(task.code().entry()).isEqualTo("main.js");
        assertThat(task.inputSchema()).contains(new JsonText("true"));
    }

    @Test
    void changedWhenChangesAreNoObjectIsRefused() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> PackageParts.changed(Packages.nothing(), new JsonText("[]")))
                .withMessageContaining("JSON object");
    }

    @Test
    void loadPartsWhenBodyIsNoObjectIsRejected() {
        assertThat(Packages.rejected(Packages.LOADER.loadParts(new JsonText("[]"), Set.of(), "body")))
                .containsExactly(new Problem(
                        "body",
                        "",
                        "is an array of 0; accepted: an object such as {\"name\": …, \"version\": …, \"code\": …}"));
        assertThat(Packages.rejected(Packages.LOADER.loadParts(new JsonText("{"), Set.of(), "body")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.position()).isEqualTo("1:2"));
    }
}
