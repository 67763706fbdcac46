package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The samples of config/ and what {@code config generate} writes. */
class SamplesTest {
    private static final Path SAMPLES = Path.of("..", "config");

    /** What the samples expect to be there. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "CLUSTER_DATABASE_URL",
            "postgresql://u:p@h:5432/d",
            "HOOK_SIGNING_SECRET",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    @TempDir
    Path directory;

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void samplesWhenCountedAreEnough() throws IOException {
        assertThat(samples()).hasSizeGreaterThanOrEqualTo(15);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void loadWhenGivenASampleUnderstandsAllOfIt(Path sample) throws IOException {
        Files.writeString(directory.resolve("WAREHOUSE_TOKEN"), "a-token");
        String text = Files.readString(sample).replace("/run/secrets/ratchet", directory.toString());
        Path file = Files.writeString(directory.resolve(".sample.yaml"), text);

        LoadedConfig loaded = ConfigLoader.load(ConfigSources.of(Optional.of(file), ENVIRONMENT));

        assertThat(loaded.config())
                .isNotEqualTo(ConfigLoader.load(ConfigSources.of(Optional.empty(), Map.of()))
                        .config());
        assertThat(loaded.warnings()).allMatch(warning -> warning.contains("mcp."), "only of what is to come");
        assertThat(loaded.config().requireServable()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void textWhenGeneratedLoadsWithoutAnythingElse(ConfigTemplate template) throws IOException {
        Path file = Files.writeString(directory.resolve("ratchet.yaml"), template.text());

        assertThat(ConfigLoader.load(ConfigSources.of(Optional.of(file), Map.of()))
                        .warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MINIMAL, minimal", "DEV, development", "PRODUCTION, production", "ENTERPRISE, enterprise"})
    void textWhenGeneratedIsTheSampleOfThatName(ConfigTemplate template, String sample) throws IOException {
        assertThat(template.text()).isEqualTo(Files.readString(SAMPLES.resolve(sample + ".yaml")));
    }

    @Test
    void claudeDesktopSampleStartsTheServerOfTheProtocol() throws IOException {
        JsonNode server = new JsonMapper()
                .readTree(Files.readString(SAMPLES.resolve("claude-desktop.json")))
                .at("/mcpServers/ratchet");

        assertThat(server.path("command").asString()).isEqualTo("ratchet");
        assertThat(server.path("args").valueStream().map(JsonNode::asString))
                .containsExactly("mcp-serve", "--transport", "stdio");
    }
}
