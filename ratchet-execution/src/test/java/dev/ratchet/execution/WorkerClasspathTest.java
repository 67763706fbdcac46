package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerClasspathTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path home;

    @Test
    void ofClassPathWhenCompleteLeavesOutWhatAWorkerDoesNotNeed() {
        WorkerClasspath classpath = WorkerClasspath.ofClassPath(System.getProperty("java.class.path"), JAVA_HOME);

        assertThat(classpath.entry()).last().isEqualTo("dev.ratchet.execution.worker.WorkerMain");
        assertThat(classpath.entry().get(2))
                .contains("polyglot-")
                .contains("js-language-")
                .doesNotContain("jackson")
                .doesNotContain("assertj")
                .doesNotContain("junit");
    }

    @Test
    void ofClassPathWhenSomethingIsMissingNamesIt() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> WorkerClasspath.ofClassPath("nowhere", JAVA_HOME))
                .withMessageContaining("polyglot-*.jar");
    }

    @Test
    void ofDistributionWhenItHasNoWorkerSaysSo() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> WorkerClasspath.ofDistribution(home, JAVA_HOME))
                .withMessageContaining("lib/worker.jar");
    }

    @Test
    void ofDistributionWhenCompleteFindsArchiveAndCompiler() throws IOException {
        Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("worker.jar"));
        Files.createFile(home.resolve("worker.aot"));
        Files.createFile(Files.createDirectory(home.resolve("jit")).resolve("compiler.jar"));

        WorkerClasspath classpath = WorkerClasspath.ofDistribution(home, JAVA_HOME);

        assertThat(classpath.archive()).contains(home.resolve("worker.aot").toAbsolutePath());
        assertThat(classpath.hasCompiler()).isTrue();
        assertThat(classpath.entry()).startsWith("-jar");
    }

    @Test
    void ofDistributionWhenJavaIsMissingSaysWhere() throws IOException {
        Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("worker.jar"));

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> WorkerClasspath.ofDistribution(home, home))
                .withMessageContaining("bin/java");
    }
}
