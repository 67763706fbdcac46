package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigViewTest {
    private static final String FILE = """
            server:
              port: 9000
              auth: {jwt_secret: correct-horse-battery-staple-32ch}
              database:
                url: postgresql://u:hunter2@h:5432/d
            http: {proxy: {https_proxy: "http://me:hunter2@proxy:3128"}}
            output:
              global_destinations:
                - name: hook
                  destination:
                    type: webhook
                    url: https://hooks.example.com/services/hunter2
                    headers: {X-Token: hunter2}
                    auth: {type: basic, username: u, password: hunter2}
                - name: pit
                  destination: {type: s3, bucket: b, secret_access_key: hunter2}
            registry: {auth: {x: {type: gittoken, token: hunter2}}}
            """;

    @TempDir
    Path directory;

    @Test
    void yamlWhenShownSaysWhereEachValueCameFrom() throws IOException {
        ConfigView view = view(FILE, Map.of("RATCHET_LOG_LEVEL", "warn"));

        assertThat(view.yaml(false))
                .contains("  port: 9000  # " + directory.resolve("ratchet.yaml") + ":2\n")
                .contains("  level: warn  # RATCHET_LOG_LEVEL\n")
                .contains("  workers: null  # default: number of processors\n")
                .contains("  data_dir: data  # default\n")
                .contains("    - name: hook  # ");
    }

    @Test
    void showWhenThereAreSecretsMasksThem() throws IOException {
        ConfigView view = view(FILE, Map.of());

        assertThat(view.yaml(false) + view.json(false, true))
                .doesNotContain("hunter2", "correct-horse")
                .contains("postgresql://u:********@h:5432/d")
                .contains("http://********@proxy:3128")
                .contains("https://hooks.example.com/********");
        assertThat(view.at("/server/auth/jwt_secret")).hasToString("\"********\"");
    }

    @Test
    void yamlAndJsonWhenLoadedAgainMeanTheSame() throws IOException {
        LoadedConfig first = load("""
                http: {user_agent: "no: #1", timeout: 0.25}
                logging: {targets: [{type: file, path: "a b.log"}, {type: console, level: warn}]}
                output: {security: {allowed_webhook_domains: [a.example.com, b.example.com]}}
                server: {data_dir: "on", tls: {cert_file: a, key_file: b, min_version: "1.3"}}
                queue: {poll_interval_ms: 250}
                """, "ratchet.yaml", Map.of());

        assertThat(load(first.view().yaml(false), "again.yaml", Map.of()).config())
                .isEqualTo(first.config());
        assertThat(load(first.view().json(false, false), "again.json", Map.of()).config())
                .isEqualTo(first.config());
    }

    @Test
    void jsonWhenAskedForOriginsHasThemByPointer() throws IOException {
        JsonNode both = new JsonMapper()
                .readTree(view(FILE, Map.of("RATCHET_MCP_PORT", "1")).json(false, true));

        assertThat(both.at("/config/mcp/port").asInt()).isEqualTo(1);
        assertThat(both.path("origins").path("/mcp/port").asString()).isEqualTo("RATCHET_MCP_PORT");
        assertThat(both.path("origins").path("/mcp/host").asString()).isEqualTo("default");
    }

    @Test
    void showWhenMcpOnlyShowsNothingElse() throws IOException {
        ConfigView view = view(FILE, Map.of());

        assertThat(view.yaml(true)).startsWith("mcp:\n").hasLineCount(5);
        assertThat(new JsonMapper().readTree(view.json(true, false)).propertyNames())
                .containsExactly("mcp");
    }

    @Test
    void yamlWhenAValueCouldCommandATerminalEscapesIt() throws IOException {
        assertThat(view("server: {data_dir: \"a\\u009b2J\\u202eb\"}", Map.of()).yaml(false))
                .contains("data_dir: \"a\\u009b2J\\u202eb\"");
    }

    private ConfigView view(String text, Map<String, String> environment) throws IOException {
        return load(text, "ratchet.yaml", environment).view();
    }

    /** {@code registry} values and the like are gone from the records, so those compare without them. */
    private LoadedConfig load(String text, String name, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return ConfigLoader.load(ConfigSources.of(Optional.of(file), environment));
    }
}
