package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.WorkerProfile;
import dev.ratchet.execution.http.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What single commands have always taken from a file and from variables. */
class CommandConfigTest {
    @TempDir
    Path directory;

    @Test
    void loadWhenNothingIsGivenHasTheDocumentedDefaults() {
        RatchetConfig config = load(Optional.empty(), Map.of());

        assertThat(config.execution().maxExecutionDuration()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.execution().validateSchemas()).isTrue();
        assertThat(config.execution().workerProfile()).isEqualTo(WorkerProfile.AUTO);
        assertThat(config.http().gate()).isEqualTo(HttpSettings.DEFAULTS);
        assertThat(config.http().allowedPrivateHosts()).isEmpty();
    }

    @Test
    void loadWhenVariablesAreSetPrefersThem() throws IOException {
        Path file = write("http: {timeout: 7, user_agent: file}\nexecution: {max_duration: 9}\n");

        RatchetConfig config = load(
                Optional.of(file), Map.of("RATCHET_HTTP_TIMEOUT", "0.25", "RATCHET_MAX_EXECUTION_SECONDS", "PT2M"));

        assertThat(config.http().gate().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.http().gate().userAgent()).isEqualTo("file");
        assertThat(config.execution().maxExecutionDuration()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void loadWhenMuchIsWrongReportsAllOfIt() throws IOException {
        Path file = write("""
                htpt: {}
                http: {timeout: soon, max_redirects: many, verify_ssl: maybe, proxy: [], allowed_private_hosts: ["http://x"]}
                execution: {max_execution_duration: -1, validate_schemas: {}}
                """);

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> load(Optional.of(file), Map.of()))
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
                .isThrownBy(() -> load(
                        Optional.empty(),
                        Map.of("RATCHET_HTTP_TIMEOUT", "soon", "RATCHET_VALIDATE_SCHEMAS", "perhaps")))
                .satisfies(e -> assertThat(e.problems().stream().map(Problem::source))
                        .containsExactly("RATCHET_HTTP_TIMEOUT", "RATCHET_VALIDATE_SCHEMAS"));
    }

    @Test
    void loadWhenAValueCouldNotBeUsedLaterRefusesItNow() throws IOException {
        Path grace = write("execution: {timeout_grace_period: 61}\n");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> load(Optional.of(grace), Map.of()))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Problem::position)
                        .containsExactly("/execution/timeout_grace_period"));

        Path proxy = write("http: {proxy: {https_proxy: 'socks5://somewhere'}}\n");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> load(Optional.of(proxy), Map.of()))
                .satisfies(
                        e -> assertThat(e.problems()).singleElement().satisfies(problem -> assertThat(problem.message())
                                .contains("https_proxy")));
    }

    @Test
    void loadWhenFileIsNoYamlNamesThePlace() throws IOException {
        Path file = write("http:\n  - [\n");

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> load(Optional.of(file), Map.of()))
                .satisfies(e -> assertThat(e.problems().getFirst().position()).matches("\\d+:\\d+"));
    }

    private static RatchetConfig load(Optional<Path> file, Map<String, String> environment) {
        return ConfigLoader.load(ConfigSources.of(file, environment)).config();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("ratchet.yaml"), text);
    }
}
