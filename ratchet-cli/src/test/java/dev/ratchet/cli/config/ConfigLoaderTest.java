package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.cli.config.OutputSettings.GlobalDestination;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.delivery.DestinationJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String SECRET = "correct-horse-battery-staple-32ch";

    @TempDir
    Path directory;

    @Test
    void loadWhenNothingIsGivenHasDefaultsForAServer() {
        RatchetConfig config = load("", Map.of()).config().requireServable();

        assertThat(config.server().database().url()).isEqualTo(new DatabaseUrl.Sqlite(Path.of("data/ratchet.db")));
        assertThat(config.server().database().sqlite().synchronous()).isEqualTo(ServerSettings.Synchronous.FULL);
        assertThat(config.server().maxRequestBytes()).isEqualTo(12L * 1024 * 1024);
        assertThat(config.output().root()).isEqualTo(Path.of("data/output"));
        assertThat(config.logging().targets()).containsExactly(new LoggingSettings.Console(LoggingSettings.Level.INFO));
        assertThat(config.queue())
                .isEqualTo(new QueueSettings(
                        100_000,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        3,
                        Duration.ofDays(1)));
        assertThat(config.retention())
                .isEqualTo(new RetentionSettings(
                        Duration.ofDays(30), 100_000, 1024L * 1024 * 1024, Duration.ofMinutes(1)));
        assertThat(config.execution().serverPool(3).sizing().maxWorkers()).isEqualTo(3);
        assertThat(config.server().tls()).isEmpty();
        assertThat(config.server().auth()).isEmpty();
    }

    @Test
    void loadWhenSeveralSourcesSetAKeyPrefersOptionThenVariableThenFile() {
        String file = "server: {port: 1, bind_address: file, request_timeout: 7}";
        Map<String, String> environment = Map.of("RATCHET_SERVER_PORT", "2", "RATCHET_SERVER_BIND_ADDRESS", "variable");

        ServerSettings server = ConfigLoader.load(
                        ConfigSources.of(Optional.of(write(file)), environment).with("--port", "server.port", "3"))
                .config()
                .server();

        assertThat(server.port()).isEqualTo(3);
        assertThat(server.bindAddress()).isEqualTo("variable");
        assertThat(server.requestTimeout()).hasSeconds(7);
    }

    @Test
    void loadWhenAnOptionStandsForNoKeyRefusesTheProgram() {
        ConfigSources sources = ConfigSources.of(Optional.empty(), Map.of()).with("--x", "server.prot", "3");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConfigLoader.load(sources))
                .withMessageContaining("prot");
    }

    @Test
    void loadWhenDataDirMovesTakesDatabaseAndOutputsAlong() {
        RatchetConfig config =
                load("", Map.of("RATCHET_SERVER_DATA_DIR", "/srv/r")).config();

        assertThat(config.server().database().url()).isEqualTo(new DatabaseUrl.Sqlite(Path.of("/srv/r/ratchet.db")));
        assertThat(config.output().root()).isEqualTo(Path.of("/srv/r/output"));
    }

    @Test
    void loadWhenEverythingIsWrongNamesEachPlaceOnce() {
        String file = """
                servr: {}
                port: 8080
                server:
                  port: 70000
                  data_dir: ""
                  host: localhost
                  bind_address: 127.0.0.1
                  tls: {cert_file: a.crt}
                  cors: {allow_credentials: true, allowed_origins: ["*"]}
                  database: {url: "mysql://u:hunter2@h/d", min_connections: 20, max_conections: 3}
                execution: {isolation: process, slots: 4, recording: sometimes}
                queue: {lease_seconds: 9, heartbeat_seconds: 5}
                logging: {targets: [], level: loud}
                output:
                  default_retry_policy: {initial_delay_ms: 60000, max_delay_ms: 1000, backoff_multiplier: 1}
                  global_destinations:
                    - {name: a, destination: {type: webhook, path: x}}
                    - {name: a, destination: {type: filesystem, path: y, permissions: 999}}
                    - {destination: {type: webhook, url: "https://h", auth: {type: bearer}}}
                    - nonsense
                """;

        assertThat(problems(file, Map.of("RATCHET_MCP_PORT", "many")).stream()
                        .map(problem -> problem.position().isEmpty() ? problem.source() : problem.position()))
                .containsExactlyInAnyOrder(
                        "/servr",
                        "/port",
                        "/server/port",
                        "/server/data_dir",
                        "/server/bind_address",
                        "/server/tls/cert_file",
                        "/server/cors/allow_credentials",
                        "/server/database/url",
                        "/server/database/min_connections",
                        "/server/database/max_conections",
                        "/execution/slots",
                        "/execution/recording",
                        "/queue/heartbeat_seconds",
                        "/logging/targets",
                        "/logging/level",
                        "/output/default_retry_policy/max_delay_ms",
                        "/output/default_retry_policy/backoff_multiplier",
                        // A webhook without url, and with a path.
                        "/output/global_destinations/0/destination/url",
                        "/output/global_destinations/0/destination/path",
                        "/output/global_destinations/1/name",
                        "/output/global_destinations/1/destination/permissions",
                        "/output/global_destinations/2/name",
                        "/output/global_destinations/2/destination/auth/token",
                        "/output/global_destinations/3",
                        "/output/global_destinations/3/name",
                        "/output/global_destinations/3/destination/type",
                        "RATCHET_MCP_PORT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: {prot: 1} | 'port'",
                "port: 1 | server.port",
                "htpp: {} | 'http'",
                "server: {port: 8o80} | from 0 to 65535",
                "server: {tls: {min_version: 1.1}} | 1.2, 1.3",
                "execution: {recording: failed} | failures",
                "server: [] | mapping",
                "logging: {targets: {type: console}} | list",
                "http: {allowed_private_hosts: localhost} | list",
                "server: {max_request_bytes: 12MB} | MiB",
                "execution: {heartbeat: {cron: hourly}} | @daily",
                "execution: {max_duration: PT25H} | 86400"
            })
    void loadWhenAValueIsWrongSaysWhatWouldBeAccepted(String file, String accepted) {
        assertThat(problems(file, Map.of())).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains(accepted));
    }

    @ParameterizedTest
    @CsvSource({"30, PT30S", "0.5, PT0.5S", "PT2M, PT2M", "pt1h, PT1H", "1e2, PT1M40S"})
    void loadWhenGivenSecondsOrIsoUnderstandsBoth(String text, Duration expected) {
        assertThat(load("execution: {max_duration: " + text + "}", Map.of())
                        .config()
                        .execution()
                        .maxExecutionDuration())
                .isEqualTo(expected);
    }

    @Test
    void loadWhenAKeyCountsMillisecondsDoesSo() {
        assertThat(load("queue: {poll_interval_ms: 250}", Map.of())
                        .config()
                        .queue()
                        .pollInterval())
                .hasMillis(250);
    }

    @Test
    void loadWhenAFileSaysAKeyTwiceRefusesIt() {
        assertThat(problems("server: {port: 1}\nserver: {port: 2}\n", Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("uplicate"));
    }

    @Test
    void loadWhenAFileHasAnAliasRefusesToTakeItForAText() {
        assertThat(problems("http: {user_agent: &a x}\nserver: {data_dir: *a}\n", Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("alias"));
    }

    @Test
    void loadWhenAFileIsJsonReadsItWithTabs() throws IOException {
        Path file = Files.writeString(directory.resolve("r.json"), "{\n\t\"server\": {\"port\": 81}\n}");

        assertThat(ConfigLoader.load(ConfigSources.of(Optional.of(file), Map.of()))
                        .config()
                        .server()
                        .port())
                .isEqualTo(81);
    }

    @Test
    void loadWhenAFileIsMissingSaysSo() {
        ConfigSources sources = ConfigSources.of(Optional.of(directory.resolve("none.yaml")), Map.of());

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> ConfigLoader.load(sources))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void loadWhenAFileIsTooLargeRefusesIt() {
        String text = "# " + "x".repeat(1024 * 1024);

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> load(text, Map.of()))
                .withMessageContaining("larger");
    }

    @Test
    void loadWhenShortAndFullVariableDisagreeRefusesThem() {
        assertThat(problems("", Map.of("RATCHET_LOG_LEVEL", "info", "RATCHET_LOGGING_LEVEL", "warn")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("RATCHET_LOG"));
    }

    @Test
    void loadWhenAVariableIsEmptyTakesItAsNotSet() {
        assertThat(load("", Map.of("RATCHET_SERVER_PORT", "")).config().server().port())
                .isEqualTo(8080);
    }

    @Test
    void loadWhenAVariableIsMistypedWarnsWithTheNearest() {
        assertThat(load("", Map.of("RATCHET_SERVER_PROT", "1")).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("RATCHET_SERVER_PORT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RATCHET_HOME",
                "RATCHET_SERVER_HEAP",
                "RATCHET_PORT",
                "RATCHET_SERVER_SERVICE_HOST",
                "RATCHET_SERVER_PORT_8080_TCP_ADDR",
                "RATCHET_SOMETHING_ELSE",
                "OTHER_SERVER_PROT"
            })
    void loadWhenAVariableIsNotMeantAsConfigurationIsSilent(String name) {
        assertThat(load("", Map.of(name, "x")).warnings()).isEmpty();
    }

    @Test
    void loadWhenKubernetesSetsAPortLeavesItAlone() {
        LoadedConfig loaded = load("", Map.of("RATCHET_SERVER_PORT", "tcp://10.0.0.1:8080"));

        assertThat(loaded.config().server().port()).isEqualTo(8080);
        assertThat(loaded.warnings()).singleElement().satisfies(warning -> assertThat(warning)
                .contains("Kubernetes"));
    }

    @Test
    void loadWhenSynchronousIsRelaxedWarns() {
        LoadedConfig loaded =
                load("server: {database: {database_specific: {sqlite: {synchronous: normal}}}}", Map.of());

        assertThat(loaded.config().server().database().sqlite().synchronous())
                .isEqualTo(ServerSettings.Synchronous.NORMAL);
        assertThat(loaded.warnings()).singleElement().satisfies(warning -> assertThat(warning)
                .contains("power"));
    }

    @Test
    void loadWhenASecretIsInAFileAVariableOrTheFolderFindsIt() throws IOException {
        Path url = Files.writeString(directory.resolve("url"), "postgresql://u:hunter2@h/d\n");
        Path folder = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(folder.resolve("HOOK_TOKEN"), "folder-token\n");
        Files.writeString(folder.resolve(".hidden"), "x");
        String file = """
                secrets: {directory: '%s'}
                output:
                  global_destinations:
                    - {name: a, destination: {type: webhook, url: "https://a", auth: {type: bearer, token: "secret:HOOK_TOKEN"}}}
                    - {name: b, destination: {type: webhook, url: "https://b", auth: {type: bearer, token: "env:B_TOKEN"}}}
                """.formatted(folder);
        Map<String, String> environment = Map.of(
                "RATCHET_DATABASE_URL_FILE",
                url.toString(),
                "B_TOKEN",
                "variable-token",
                "RATCHET_SECRET_API_KEY",
                "value");

        LoadedConfig loaded = load(file, environment);

        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.config().server().database().url())
                .isEqualTo(new DatabaseUrl.Postgresql("jdbc:postgresql://h/d", "u", "hunter2"));
        assertThat(loaded.config().output().globalDestinations().stream()
                        .map(GlobalDestination::destination)
                        .map(destination -> new DestinationJson()
                                .write(List.of(destination), false)
                                .value()))
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"token\":\"folder-token\""),
                        second -> assertThat(second).contains("\"token\":\"variable-token\""));
        assertThat(loaded.config().secrets().reveal())
                .isEqualTo(Map.of("HOOK_TOKEN", "folder-token", "API_KEY", "value"));
        assertThat(loaded.config().toString()).doesNotContain("hunter2", "folder-token", "variable-token", "value\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/nowhere/at/all", "env:NOT_SET", "secret:UNKNOWN"})
    void loadWhenASecretIsNotWhereItShouldBeSaysSo(String reference) {
        assertThat(problems("server: {auth: {jwt_secret: '" + reference + "'}}", Map.of()))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.position()).isEqualTo("/server/auth/jwt_secret");
                    assertThat(problem.message()).startsWith("there is no");
                });
    }

    @Test
    void loadWhenASecretIsRefusedDoesNotShowIt() {
        List<Problem> problems = problems("""
                server: {auth: {jwt_secret: hunter2}}
                output: {global_destinations: [{name: a, destination: {type: webhook, url: "https://a", auth: {type: bearer, token: 4711}}}]}
                """, Map.of("RATCHET_SECRET_SHORT", "xyz"));

        assertThat(problems).hasSizeGreaterThanOrEqualTo(3);
        assertThat(problems.toString()).doesNotContain("hunter2", "4711", "xyz");
    }

    @Test
    void loadWhenTheFileBreaksOffNearASecretDoesNotShowIt() {
        List<Problem> problems = problems("server: {auth: {jwt_secret: \"" + SECRET + "\n", Map.of());

        assertThat(problems.toString()).doesNotContain(SECRET).contains("neither YAML nor JSON");
    }

    @Test
    void loadWhenDestinationsAreGivenReadsThemLikeThoseOfJobs() {
        String file = """
                output:
                  default_timeout: 7
                  global_destinations:
                    - name: files
                      description: all of it
                      on: always
                      destination: {type: filesystem, path: "x/{{job_id}}.json", permissions: 640}
                    - name: hook
                      destination:
                        type: webhook
                        url: https://h.example.com/x
                        headers: {X-A.b: c}
                        auth: {type: api_key, key: k-of-the-hook, header: X-Key}
                        retry_policy: {max_attempts: 2, initial_delay_seconds: 5}
                    - name: out
                      destination: {type: stdio, stream: stderr, format: json_compact, include_metadata: true}
                """;

        List<GlobalDestination> destinations =
                load(file, Map.of()).config().output().globalDestinations();

        assertThat(destinations.getFirst().description()).isEqualTo("all of it");
        assertThat(new DestinationJson()
                        .write(
                                destinations.stream()
                                        .map(GlobalDestination::destination)
                                        .toList(),
                                false)
                        .value())
                .contains(
                        "\"on\":\"always\"",
                        "\"permissions\":\"640\"",
                        "\"overwrite\":true",
                        "\"X-A.b\":\"c\"",
                        "\"timeoutSeconds\":7",
                        "\"headerName\":\"X-Key\"",
                        "\"key\":\"k-of-the-hook\"",
                        "\"maxAttempts\":2",
                        "\"initialDelaySeconds\":5",
                        "\"stream\":\"stderr\"");
    }

    @Test
    void loadWhenADestinationIsFaultyAndNotToBeValidatedLeavesItOut() {
        LoadedConfig loaded = load("""
                output:
                  validate_on_startup: false
                  global_destinations: [{name: a, destination: {type: webhook}}, {name: b, destination: {type: stdio}}]
                """, Map.of());

        assertThat(loaded.config().output().globalDestinations())
                .extracting(GlobalDestination::name)
                .containsExactly("b");
        assertThat(loaded.warnings()).singleElement().satisfies(warning -> assertThat(warning)
                .contains("#/output/global_destinations/0/destination/url"));
    }

    @Test
    void serverPoolWhenIsolationIsProcessUsesAWorkerOnce() {
        assertThat(load("execution: {isolation: process, workers: 4, spares: 2}", Map.of())
                        .config()
                        .execution()
                        .serverPool(2))
                .satisfies(pool -> {
                    assertThat(pool.recycling().afterRuns()).isEqualTo(1);
                    assertThat(pool.sizing().maxWorkers()).isEqualTo(4);
                    assertThat(pool.sizing().spares()).isEqualTo(2);
                });
    }

    private List<Problem> problems(String text, Map<String, String> environment) {
        try {
            load(text, environment);
            return List.of();
        } catch (RatchetException e) {
            return e.problems();
        }
    }

    private LoadedConfig load(String text, Map<String, String> environment) {
        return ConfigLoader.load(ConfigSources.of(Optional.of(write(text)), environment));
    }

    private Path write(String text) {
        try {
            return Files.writeString(directory.resolve("ratchet.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
