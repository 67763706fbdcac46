package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.http.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CliConfigTest {
    private static final Path SAMPLES = Path.of("..", "config");

    @TempDir
    Path directory;

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void loadWhenGivenASampleUnderstandsAllOfIt(Path sample) {
        CliConfig config = CliConfig.load(Optional.of(sample), Map.of());

        assertThat(config).isNotEqualTo(CliConfig.load(Optional.empty(), Map.of()));
    }

    @Test
    void loadWhenNothingIsGivenHasTheDocumentedDefaults() {
        CliConfig config = CliConfig.load(Optional.empty(), Map.of());

        assertThat(config.wallTime()).isEmpty();
        assertThat(config.validateSchemas()).isTrue();
        assertThat(config.workerProfile()).isEqualTo("auto");
        assertThat(config.http()).isEqualTo(HttpSettings.DEFAULTS);
        assertThat(config.allowedPrivateHosts()).isEmpty();
    }

    @Test
    void loadWhenVariablesAreSetPrefersThem() throws IOException {
        Path file = write("http: {timeout: 7, user_agent: file}\nexecution: {max_duration: 9}\n");

        CliConfig config = CliConfig.load(
                Optional.of(file), Map.of("RATCHET_HTTP_TIMEOUT", "0.25", "RATCHET_MAX_EXECUTION_SECONDS", "PT2M"));

        assertThat(config.http().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.http().userAgent()).isEqualTo("file");
        assertThat(config.wallTime()).contains(Duration.ofMinutes(2));
    }

    @Test
    void loadWhenBlocksOfTheServerAreThereLeavesThemAlone() throws IOException {
        Path file = write("server: {port: 8080}\nmcp: {enabled: true}\ncache: {}\n");

        assertThat(CliConfig.load(Optional.of(file), Map.of())).isEqualTo(CliConfig.load(Optional.empty(), Map.of()));
    }

    @Test
    void loadWhenMuchIsWrongReportsAllOfIt() throws IOException {
        Path file = write("""
                htpt: {}
                http: {timeout: soon, max_redirects: many, verify_ssl: maybe, proxy: [], allowed_private_hosts: ["http://x"]}
                execution: {max_execution_duration: -1, validate_schemas: {}}
                """);

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CliConfig.load(Optional.of(file), Map.of()))
                .satisfies(e -> assertThat(e.problems().stream().map(Problem::position))
                        .contains(
                                "/htpt",
                                "/http/timeout",
                                "/http/max_redirects",
                                "/http/verify_ssl",
                                "/http/proxy",
                                "/http/allowed_private_hosts",
                                "/execution/max_execution_duration",
                                "/execution/validate_schemas"));
    }

    @Test
    void loadWhenAVariableIsWrongNamesIt() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CliConfig.load(
                        Optional.empty(),
                        Map.of("RATCHET_HTTP_TIMEOUT", "soon", "RATCHET_VALIDATE_SCHEMAS", "perhaps")))
                .satisfies(e -> assertThat(e.problems().stream().map(Problem::source))
                        .containsExactly("RATCHET_HTTP_TIMEOUT", "RATCHET_VALIDATE_SCHEMAS"));
    }

    @Test
    void loadWhenAValueCouldNotBeUsedLaterRefusesItNow() throws IOException {
        Path grace = write("execution: {timeout_grace_period: 61}\n");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CliConfig.load(Optional.of(grace), Map.of()))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Problem::position)
                        .containsExactly("/execution/timeout_grace_period"));

        Path proxy = write("http: {proxy: {https_proxy: 'socks5://somewhere'}}\n");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CliConfig.load(Optional.of(proxy), Map.of()))
                .satisfies(
                        e -> assertThat(e.problems()).singleElement().satisfies(problem -> assertThat(problem.message())
                                .contains("https_proxy")));
    }

    @Test
    void loadWhenFileIsNoYamlNamesThePlace() throws IOException {
        Path file = write("http:\n  - [\n");

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CliConfig.load(Optional.of(file), Map.of()))
                .satisfies(e -> assertThat(e.problems().getFirst().position()).matches("\\d+:\\d+"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("ratchet.yaml"), text);
    }
}
