package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.TaskPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageScaffoldTest {
    private static final UUID ID = UUID.fromString("0198c5a2-7d1e-7c3a-9b52-4f8e2a6d1c90");

    private final TaskPackageLoader loader = new TaskPackageLoader(new AcceptingSchemas());
    private final PackageScaffold scaffold = new PackageScaffold(
            new TaskTemplates(), () -> ID, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z")));

    @TempDir
    private Path temporary;

    private static PackageScaffold.NewTask task(String template, String label) {
        return new PackageScaffold.NewTask(template, label, "Says hello.", "2.0.0", Map.of());
    }

    private TaskPackage loaded(Path folder) {
        return switch (loader.load(folder)) {
            case LoadResult.Loaded(TaskPackage loaded, var _) -> loaded;
            case LoadResult.Rejected(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    @Test
    void generateWhenFolderIsNewWritesCompletePackage() throws IOException {
        Path folder = temporary.resolve("deep/er/my-task");

        List<String> written = scaffold.generate(folder, task("default", "Größe 1: Ünïcode!"));

        assertThat(written)
                .containsExactly(
                        "input.schema.json",
                        "main.js",
                        "metadata.json",
                        "output.schema.json",
                        "tests/test-001.json",
                        "tests/test-002.json");
        TaskPackage task = loaded(folder);
        assertThat(task.metadata().name()).isEqualTo("gro-e-1-unicode");
        assertThat(task.metadata().label()).isEqualTo("Größe 1: Ünïcode!");
        assertThat(task.metadata().description()).isEqualTo("Says hello.");
        assertThat(task.metadata().version()).isEqualTo("2.0.0");
        assertThat(task.metadata().uuid()).contains(ID);
        try (Stream<Path> beside = Files.list(folder.resolveSibling("x").getParent())) {
            assertThat(beside).containsExactly(folder);
        }
    }

    @Test
    void generateWhenTemplateHasParametersPassesThemOn() {
        Path folder = temporary.resolve("job");

        scaffold.generate(
                folder, new PackageScaffold.NewTask("scheduled_job", "", "", "1.0.0", Map.of("job_name", "Nightly")));

        assertThat(loaded(folder).metadata().label()).isEqualTo("job");
        assertThat(folder.resolve("main.js")).content().contains("\"Nightly\"");
    }

    @Test
    void generateWhenFolderExistsRefusesAndChangesNothing() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("there"));

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> scaffold.generate(folder, task("default", "x")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void generateWhenParameterIsMissingWritesNothing() {
        Path folder = temporary.resolve("job");

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> scaffold.generate(folder, task("scheduled_job", "x")));
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void generateWhenFolderCannotBeMadeSaysWhy() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> scaffold.generate(file.resolve("task"), task("default", "x")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
    }

    @Test
    void completeWhenFolderIsEmptyWritesRunnableTask() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("fresh"));

        List<String> written = scaffold.complete(folder);

        assertThat(written)
                .containsExactly(
                        "input.schema.json", "main.js", "metadata.json", "output.schema.json", "tests/test-001.json");
        TaskPackage task = loaded(folder);
        assertThat(task.metadata().name()).isEqualTo("fresh");
        assertThat(task.metadata().version()).isEqualTo("1.0.0");
        assertThat(task.metadata().license()).isEqualTo("MIT");
        assertThat(task.metadata().other().value())
                .isEqualTo("{\"category\":\"general\",\"created_at\":\"2026-01-02T03:04:05Z\"}");
        assertThat(scaffold.complete(folder)).isEmpty();
    }

    @Test
    void completeWhenCodeIsThereAddsOpenSchemasAndLeavesCodeAlone() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("half"));
        Files.writeString(folder.resolve("task.js"), "(input) => input.n + 1");

        List<String> written = scaffold.complete(folder);

        assertThat(written)
                .containsExactly("input.schema.json", "metadata.json", "output.schema.json", "tests/test-001.json");
        assertThat(folder.resolve("task.js")).content().isEqualTo("(input) => input.n + 1");
        assertThat(folder.resolve("input.schema.json")).content().doesNotContain("required");
        assertThat(folder.resolve("tests/test-001.json")).content().contains("\"should_fail\" : false");
        loaded(folder);
    }

    @Test
    void completeWhenMetadataHasItInlineAddsNothingBeside() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("yaml"));
        Files.writeString(
                folder.resolve("meta.yaml"),
                "name: a\nversion: 1.0.0\ninputs: {}\noutput_schema: true\ntest_cases: [{input: {}, expected: {}}]\n");

        assertThat(scaffold.complete(folder)).containsExactly("main.js");
        loaded(folder);
    }

    @Test
    void completeWhenThereIsNoFolderRefuses() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> scaffold.complete(temporary.resolve("absent")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @ParameterizedTest
    @CsvSource({"My Task,my-task", "a_b,a_b", "  --x--  ,x", "日本,task", "École,ecole"})
    void nameFromWhenLabelIsAnythingGivesPlainName(String label, String name) {
        assertThat(PackageScaffold.nameFrom(label)).isEqualTo(name);
    }
}
