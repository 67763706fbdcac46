package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.CommandLineHarness.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigCommandTest {
    private final CommandLineHarness ratchet = new CommandLineHarness();

    @TempDir
    Path directory;

    @Test
    void configWhenNotToldWhatListsWhatThereIs() {
        Outcome outcome = ratchet.run("config");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("show, validate or generate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "config show", "config validate", "config generate"})
    void helpWhenAskedIsOnStandardOutput(String command) {
        Outcome outcome = ratchet.run((command + " --help").split(" "));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Usage: ratchet " + command);
    }

    @Test
    void showWhenGivenAFileMasksAndSaysWhere() throws IOException {
        Path file = write("server: {database: {url: 'postgresql://u:hunter2@h/d'}}\n");

        Outcome outcome =
                ratchet.variable("RATCHET_SERVER_PORT", "9000").run("config", "show", "--config-file", file.toString());

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains("port: 9000  # RATCHET_SERVER_PORT")
                .contains("********")
                .doesNotContain("hunter2");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void showWhenNoFileIsNamedTakesTheGlobalOne() throws IOException {
        Path file = write("server: {port: 1234}\n");

        Outcome outcome = ratchet.run("--config", file.toString(), "config", "show", "--format", "json");

        assertThat(new JsonMapper().readTree(outcome.out()).at("/server/port").asInt())
                .isEqualTo(1234);
    }

    @Test
    void showWhenMcpOnlyInJsonWithOriginsShowsBoth() {
        Outcome outcome = ratchet.run("config", "show", "--mcp-only", "--format", "json", "--origins");

        JsonNode shown = new JsonMapper().readTree(outcome.out());
        assertThat(shown.at("/config").propertyNames()).containsExactly("mcp");
        assertThat(shown.path("origins").propertyNames()).allMatch(pointer -> pointer.startsWith("/mcp/"));
    }

    @Test
    void validateWhenValidSaysSoWithItsWarnings() throws IOException {
        Path file = write("cache: {task_cache: {cache_type: lru}}\nserver: {database: {url: 'sqlite::memory:'}}\n");

        Outcome outcome = ratchet.run("config", "validate", "--config-file", file.toString());

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo(file + ": valid\n");
        assertThat(outcome.err()).contains("cache.task_cache.cache_type").contains("serve would refuse it");
    }

    @Test
    void validateWhenNotValidReportsEverythingAndEndsWithTwo() throws IOException {
        Path file = write("server: {prot: 1}\nhttp: {timeout: soon}\n");

        Outcome outcome = ratchet.run("config", "validate", "--config-file", file.toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains(file + "#/server/prot")
                .contains("'port'")
                .contains("#/http/timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "dev", "production", "enterprise"})
    void generateWhenWrittenIsValid(String type) throws IOException {
        Path file = directory.resolve("new").resolve("ratchet.yaml");

        Outcome generated = ratchet.run("config", "generate", "--config-type", type, "--output", file.toString());
        Outcome validated = ratchet.run("config", "validate", "--config-file", file.toString());

        assertThat(generated.exitCode()).as(generated.err()).isZero();
        assertThat(validated.exitCode()).as(validated.err()).isZero();
        assertThat(validated.err()).isEmpty();
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void generateWhenFileExistsWantsForce() throws IOException {
        Path file = write("mine");
        String[] command = {"config", "generate", "--output", file.toString()};

        Outcome refused = ratchet.run(command);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--force");
        assertThat(file).hasContent("mine");
        assertThat(ratchet.run("config", "generate", "--force", "--output", file.toString())
                        .exitCode())
                .isZero();
        assertThat(Files.readString(file)).startsWith("# For writing tasks");
    }

    @Test
    void generateWhenClaudePrintsWhatItsDesktopNeeds() {
        Outcome outcome = ratchet.home(directory).run("config", "generate", "--config-type", "claude");

        assertThat(new JsonMapper()
                        .readTree(outcome.out())
                        .at("/mcpServers/ratchet/command")
                        .asString())
                .isEqualTo(directory.resolve("bin").resolve("ratchet").toString());
    }

    @Test
    void generateWhenNotToldWhereSaysHow() {
        Outcome outcome = ratchet.run("config", "generate");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("--output ratchet.yaml");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("ratchet.yaml"), text);
    }
}
