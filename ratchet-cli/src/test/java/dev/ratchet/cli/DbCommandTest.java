package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.CommandLineHarness.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say where there is nothing to do; {@code DbIT} has a server and its database. */
class DbCommandTest {
    private final CommandLineHarness ratchet = new CommandLineHarness();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void dbWhenToldNothingSaysWhatThereIs() {
        assertUsage(ratchet.run("db"), "backup, restore or check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup", "check"})
    void commandWhenThereIsNoDatabaseSaysWhereItLooked(String command) {
        Path data = directory.resolve("none");

        assertUsage(
                ratchet.run("db", command, "--data-dir", data.toString()),
                "there is no database " + data.resolve("ratchet.db"));
        assertThat(data).doesNotExist();
    }

    @Test
    void backupWhenTheFileExistsLeavesIt() throws IOException {
        Files.createFile(directory.resolve("ratchet.db"));
        Path kept = Files.writeString(directory.resolve("kept.db"), "kept");

        assertUsage(
                ratchet.run("db", "backup", "--data-dir", directory.toString(), "--output", kept.toString()),
                kept + " exists; name a new file");
        assertThat(kept).hasContent("kept");
    }

    @Test
    void restoreWhenTheFileIsNoBackupSaysSo() throws IOException {
        Path text = Files.writeString(directory.resolve("notes.txt"), "not a database, and longer than a header is");
        Path data = directory.resolve("data");

        assertUsage(ratchet.run("db", "restore", "--data-dir", data.toString(), text.toString()), text.toString());
        assertUsage(
                ratchet.run("db", "restore", "--data-dir", data.toString(), text + ".gone"), text + ".gone is no file");
    }

    @Test
    void checkWhenTheFileIsDamagedFailsAndNamesFaults() throws IOException {
        Files.writeString(directory.resolve("ratchet.db"), "not a database, and longer than a header is".repeat(100));

        Outcome outcome = ratchet.run("db", "check", "--data-dir", directory.toString());

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.out()).contains("ratchet.db: not sound").contains("not a database");
    }

    @Test
    void commandWhenTheDatabaseIsInMemoryRefuses() {
        Outcome outcome =
                ratchet.variable("RATCHET_DATABASE_URL", "sqlite::memory:").run("db", "check");

        assertUsage(outcome, "accepted: sqlite://FILE");
    }

    private static void assertUsage(Outcome outcome, String message) {
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("ratchet: ").contains(message).hasLineCount(1);
    }
}
