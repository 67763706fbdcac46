package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.CommandLineHarness.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    private final CommandLineHarness ratchet = new CommandLineHarness();

    @TempDir
    Path directory;

    @Test
    void runWhenOutputCannotBeWrittenFails() {
        Outcome outcome = ratchet.runWithoutOutput("--version");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("standard output");
    }

    @Test
    void printableWhenTextWouldCommandATerminalShowsCodes() {
        assertThat(RunDisplay.printable("a\u001b[2J\u009b1m\u202eb\n\tc")).isEqualTo("a\\x1b[2J\\x9b1m\\x202eb\n\tc");
    }

    @Test
    void runWhenNoCommandHintsAndSucceeds() {
        Outcome outcome = ratchet.run();

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run-once", "test", "replay", "validate", "generate", "db", "completion"})
    void helpWhenAskedTeachesByExampleOnStandardOutput(String command) {
        Outcome outcome = ratchet.run(command, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Usage: ratchet " + command).contains("--log-level");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void generateTaskWhenAskedForHelpShowsExamples() {
        assertThat(ratchet.run("generate", "task", "--help").out()).contains("--template=NAME", "Examples:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run-onec | run-once",
                "run-once --from-f x | --from-fs",
                "run-once | --from-fs",
                "run-once --from-fs x --format yaml | report",
                "test | --from-recording",
                "replay --from-fs x | --recording",
                "generate | task",
                "run-once --from-fs x --log-level loud | error"
            })
    void runWhenMisusedSaysInOneLineWhatIsAccepted(String line, String accepted) {
        Outcome outcome = ratchet.run(line.split(" "));

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("ratchet: ")
                .contains(accepted)
                .contains("--help")
                .hasLineCount(1);
    }

    @Test
    void runOnceWhenInputIsNoJsonNamesLineAndColumn() {
        Outcome outcome = ratchet.run("run-once", "--from-fs", "nowhere", "--input-json", "{\"a\": 1,\n \"b\": }");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("--input-json:2:");
    }

    @Test
    void runOnceWhenStandardInputIsEmptySaysSo() {
        Outcome outcome = ratchet.run("run-once", "--from-fs", "nowhere", "--input-file", "-");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("standard input is empty");
    }

    @Test
    void runOnceWhenPackageIsMissingSaysSo() {
        Outcome outcome =
                ratchet.run("run-once", "--from-fs", directory.resolve("none").toString());

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("none");
    }

    @Test
    void runWhenConfigurationIsMistypedNamesTheKeyMeant() throws IOException {
        Path file = Files.writeString(
                directory.resolve("c.yaml"), "http:\n  timeuot: 3\nexecution:\n  worker_profile: fast\n");

        Outcome outcome = ratchet.run("run-once", "--from-fs", "x", "--config", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .contains("#/http/timeuot")
                .contains("'timeout'")
                .contains("auto, jit, quick");
    }

    @Test
    void completionWhenRunPrintsAScript() {
        assertThat(ratchet.run("completion").out()).contains("complete -F _complete_ratchet");
    }

    @Test
    void versionWhenAskedNamesProgramAndJava() {
        assertThat(ratchet.run("--version").out()).startsWith("ratchet ").contains("Java 25");
    }
}
