package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's own list of the classes that commands load. */
class NoSpringIT {
    private static final Path HELLO =
            Path.of("..", "examples", "tasks", "hello").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void commandsWhenRunLoadNoSpringClass() throws Exception {
        assertThat(loadedBy("--help")).contains("dev.ratchet.cli.RatchetCli").noneMatch(NoSpringIT::spring);
        assertThat(loadedBy("validate", "--from-fs", HELLO.toString()))
                .contains("dev.ratchet.execution.WorkerPool", "dev.ratchet.execution.schema.JsonSchemas")
                .noneMatch(NoSpringIT::spring);
        assertThat(loadedBy("generate", "task", "--path", "generated", "--label", "Generated"))
                .contains("dev.ratchet.registry.PackageScaffold")
                .noneMatch(NoSpringIT::spring);
        assertThat(loadedBy("run-once", "--from-fs", HELLO.toString(), "--input-json", "{\"name\": \"Ada\"}"))
                .contains("dev.ratchet.cli.OutcomePrinter")
                .noneMatch(NoSpringIT::spring);
        // An empty file is an empty database of SQLite.
        Files.createFile(directory.resolve("ratchet.db"));
        assertThat(loadedBy("db", "check", "--data-dir", directory.toString()))
                .contains("dev.ratchet.storage.DatabaseAdmin", "dev.ratchet.storage.Migrations")
                .noneMatch(NoSpringIT::spring);
    }

    private static boolean spring(String name) {
        return name.startsWith("org.springframework.");
    }

    /** Names of classes; that of a class known to be loaded is among them, so the list is what it seems to be. */
    private List<String> loadedBy(String... args) throws Exception {
        Path log = directory.resolve("classes.log");
        Files.deleteIfExists(log);
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log + "::filecount=0",
                "-Dratchet.home=" + Distribution.HOME,
                "-jar",
                Distribution.HOME.resolve("ratchet.jar").toString()));
        words.addAll(List.of(args));
        Finished run = new Distribution(directory).startCommand(words).await();
        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Stream<String> lines = Files.lines(log)) {
            List<String> names = lines.filter(line -> line.contains(" source: "))
                    .map(line -> line.substring(0, line.indexOf(" source: ")))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
            assertThat(names).hasSizeGreaterThan(1_000);
            return names;
        }
    }
}
