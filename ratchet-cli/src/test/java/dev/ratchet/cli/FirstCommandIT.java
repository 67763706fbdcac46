package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What someone sees who clones the repository, as last committed, and types README's first command. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "the launcher is a shell script; ratchet.cmd is not tested")
class FirstCommandIT {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private Path clone;

    @BeforeEach
    void cloneTheRepository() throws Exception {
        Path repository = Path.of("..").toRealPath();
        clone = folder.resolve("ratchet");
        Finished git = await(start(
                folder,
                "clone",
                List.of("git", "clone", "--quiet", "--depth", "1", "file://" + repository, clone.toString())));
        assertThat(git.exitCode()).as(git.err()).isZero();
    }

    @Test
    void firstCommandWhenTwoStartAtOnceBuildsOnceAndRunsBoth() throws Exception {
        List<String> command = List.of("sh", "-c", firstCommand());

        Started one = start(clone, "one", command);
        Started other = start(clone, "other", command);
        Finished first = await(one);
        Finished second = await(other);

        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(first.out()).isNotBlank();
        assertThat(first.err() + second.err())
                .containsOnlyOnce("building from source")
                .containsOnlyOnce("built in");

        Finished again = await(start(clone, "again", command));

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).isNotBlank();
        assertThat(again.err()).doesNotContain("building");
    }

    @Test
    void launcherWhenNoJdkIsFoundSaysSoInOneLine() throws Exception {
        // The places to look at cannot be emptied, but no place has this version.
        Path finder = clone.resolve("ratchet-cli/src/main/dist/bin/find-java");
        Files.writeString(finder, Files.readString(finder).replace("java_wanted=25", "java_wanted=999"));

        Finished run = await(start(clone, "no-jdk", List.of("./ratchet", "--version")));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().contains("no JDK 999 found", "JAVA_HOME");
        assertThat(clone.resolve("target/build.lock")).doesNotExist();
    }

    @Test
    void launcherWhenMavenIsTooOldNamesTheVersionThatWouldDo() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\necho Apache Maven 3.6.3\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();

        Finished run = await(start(
                clone,
                "old-maven",
                List.of(
                        "sh",
                        "-c",
                        "PATH=\"$1:$PATH\" MAVEN_USER_HOME=\"$1\" ./ratchet --version",
                        "sh",
                        tools.toString())));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Maven 3.6.3; install Maven 3.8 or newer");
        assertThat(clone.resolve("target/build.lock")).doesNotExist();
    }

    @Test
    void launcherWhenTheLockOfADeadBuildIsLeftTakesItOver() throws Exception {
        Path lock = Files.createDirectories(clone.resolve("target/build.lock"));
        Process dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");

        Finished run = await(start(clone, "takeover", List.of("./ratchet", "--version")));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("built in").doesNotContain("waiting");
        assertThat(lock).doesNotExist();
    }

    /** The first line of README that starts the program, with the lines a trailing backslash joins to it. */
    private String firstCommand() throws IOException {
        List<String> lines = Files.readAllLines(clone.resolve("README.md"));
        int at = 0;
        while (!lines.get(at).startsWith("./ratchet ")) {
            at++;
        }
        StringBuilder command = new StringBuilder(lines.get(at));
        while (command.toString().endsWith("\\")) {
            at++;
            command.append('\n').append(lines.get(at));
        }
        return command.toString();
    }

    /** Output goes to files, so a process never waits for this test to read it. */
    private Started start(Path directory, String name, List<String> command) throws IOException {
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Started(process, out, err);
    }

    private static Finished await(Started started) throws IOException, InterruptedException {
        boolean ended = started.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            started.process().descendants().forEach(ProcessHandle::destroyForcibly);
            started.process().destroyForcibly();
        }
        String err = Files.readString(started.err(), StandardCharsets.UTF_8);
        assertThat(ended).as("ended within %s; it said: %s", PATIENCE, err).isTrue();
        return new Finished(
                started.process().exitValue(), Files.readString(started.out(), StandardCharsets.UTF_8), err);
    }

    private record Started(Process process, Path out, Path err) {}

    private record Finished(int exitCode, String out, String err) {}
}
