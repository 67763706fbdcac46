package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import dev.ratchet.cli.Distribution.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as one file, beside which nothing has to lie. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends signals")
class SingleJarIT {
    private static final Path HELLO =
            Path.of("..", "examples", "tasks", "hello").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void singleJarWhenItLiesAloneRunsTasksAndServesWithWorkersOfItsOwn() throws Exception {
        Path jar = Files.copy(built(), directory.resolve("ratchet-server.jar"));
        Path cache = directory.resolve("cache");
        Distribution ratchet = new Distribution(directory).variable("XDG_CACHE_HOME", cache.toString());
        List<String> program =
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString());

        Finished run = ratchet.startCommand(words(
                        program, "run-once", "--from-fs", HELLO.toString(), "--input-json", "{\"name\": \"Ada\"}"))
                .await();
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("Ada");

        Running server = ratchet.startCommand(words(program, "serve", "--port", "0", "--data-dir", "data"))
                .awaitErr("accepting requests at ");
        server.signal("TERM", false);
        Finished end = server.await();
        assertThat(end.exitCode()).as(end.err()).isEqualTo(143);
        assertThat(end.err()).doesNotContain("Exception");
        try (Stream<Path> copies = Files.list(cache.resolve("ratchet"))) {
            assertThat(copies).as("copied out once, and whole").hasSize(1);
        }
    }

    private static Path built() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().endsWith("-server.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> words(List<String> program, String... arguments) {
        return Stream.concat(program.stream(), Stream.of(arguments)).toList();
    }
}
