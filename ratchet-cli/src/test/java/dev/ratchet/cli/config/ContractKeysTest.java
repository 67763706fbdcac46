package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Walks the table of the documented keys: each loads, and means what is documented or what the table says instead. */
class ContractKeysTest {
    private static final Path CONTRACT = Path.of("src", "test", "resources", "contract");
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    Path directory;

    /** A line of the table; {@code here} is the documented default where nothing else is said. */
    record Row(String key, String documented, String here) {
        boolean unused() {
            return here.equals("-");
        }

        @Override
        public String toString() {
            return key;
        }
    }

    static List<Row> rows() throws IOException {
        return Files.readAllLines(CONTRACT.resolve("config-keys.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .map(columns -> new Row(columns[0], columns[1], columns.length > 2 ? columns[2] : columns[1]))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void loadWhenGivenADocumentedDefaultAcceptsIt(Row row) throws IOException {
        if (row.documented().equals("null") || row.key().startsWith("output.global_destinations")) {
            // Nothing to be given; destinations are given in the sample as wholes.
            assertThat(keyOf(row)).isNotNull();
            return;
        }

        LoadedConfig loaded = load(document(row));

        if (row.unused()) {
            assertThat(loaded.warnings()).anySatisfy(warning -> assertThat(warning)
                    .contains(row.key().replace("[]", "[0]").replace("*", "name")));
        } else {
            assertThat(loaded.warnings())
                    .noneMatch(warning -> warning.startsWith("accepted for compatibility"))
                    .noneMatch(warning -> warning.startsWith("read and checked"));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void defaultWhenNotGivenIsTheOneOfTheTable(Row row) {
        Key<?> key = keyOf(row);

        if (row.unused()) {
            assertThat(key.use()).isNotEqualTo(Key.Use.EFFECTIVE);
        } else {
            assertThat(key.use()).isEqualTo(Key.Use.EFFECTIVE);
            // These have to be said by whoever writes the item; the table shows an example.
            Set<String> examples = Set.of(
                    "logging.targets[].type",
                    "output.global_destinations[].name",
                    "output.global_destinations[].destination.type");
            if (!examples.contains(row.key())) {
                JsonNode initial = key.shownInitial();
                JsonNode expected = YAML.readTree(row.here());
                assertThat(initial == null ? "null" : initial.toString())
                        .isEqualTo(expected.isNumber() ? expected.asString() : expected.toString());
            }
        }
    }

    @Test
    void loadWhenGivenTheWholeDocumentedSampleWarnsOnlyOnceOfEachKind() {
        LoadedConfig loaded = load(CONTRACT.resolve("sample.yaml"));

        assertThat(loaded.warnings())
                .filteredOn(warning -> warning.startsWith("accepted for compatibility"))
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .contains(
                                "execution.fetch_variables.url_var",
                                "server.database.migrations.auto_migrate",
                                "server.database.database_specific.mysql",
                                "cache.task_cache.cache_type",
                                "logging.targets[2].facility"));
        assertThat(loaded.warnings())
                .filteredOn(warning -> warning.startsWith("read and checked"))
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .contains("registry.sources[0].uri", "mcp.enabled", "server.auth.jwt_secret"));
        assertThat(loaded.warnings()).anyMatch(warning -> warning.contains("syslog"));
        assertThat(loaded.config().output().globalDestinations())
                .extracting(OutputSettings.GlobalDestination::name)
                .containsExactly("archive", "hook");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> loaded.config().requireServable())
                .withMessageContaining("sqlite://FILE");
    }

    @Test
    void loadWhenGivenTheWholeDocumentedSampleHoldsEveryKeyOfTheTable() throws IOException {
        JsonNode sample = YAML.readTree(CONTRACT.resolve("sample.yaml").toFile());
        // Said by the alias, or for the sake of another kind of source.
        Set<String> elsewhere = Set.of("registry.sources[].config.git.git_ref");

        for (Row row : rows()) {
            if (!elsewhere.contains(row.key())) {
                assertThat(found(sample, List.of(row.key().replace("[]", ".[]").split("\\."))))
                        .as(row.key())
                        .isTrue();
            }
        }
    }

    @Test
    void loadWhenGivenTheShortFormUnderstandsIt() throws IOException {
        Path file = Files.writeString(directory.resolve("short.yaml"), """
                server: {host: localhost, port: 9000}
                mcp: {enabled: true, transport: stdio}
                execution: {max_duration: 30, validate_schemas: false}
                """);

        RatchetConfig config = load(file).config();

        assertThat(config.server().bindAddress()).isEqualTo("localhost");
        assertThat(config.server().port()).isEqualTo(9000);
        assertThat(config.mcp().transport()).isEqualTo(McpSettings.Transport.STDIO);
        assertThat(config.execution().maxExecutionDuration()).hasSeconds(30);
        assertThat(config.execution().validateSchemas()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', textBlock = """
            MAX_EXECUTION_SECONDS execution.max_execution_duration
            VALIDATE_SCHEMAS execution.validate_schemas
            HTTP_TIMEOUT http.timeout
            HTTP_USER_AGENT http.user_agent
            HTTP_VERIFY_SSL http.verify_ssl
            CACHE_SIZE cache.task_cache.task_content_cache_size
            CACHE_ENABLED cache.enabled
            LOG_LEVEL logging.level
            LOG_FORMAT logging.format
            OUTPUT_MAX_CONCURRENT_DELIVERIES output.max_concurrent_deliveries
            OUTPUT_DEFAULT_TIMEOUT output.default_timeout
            SERVER_BIND_ADDRESS server.bind_address
            SERVER_PORT server.port
            MCP_ENABLED mcp.enabled
            MCP_TRANSPORT mcp.transport
            MCP_HOST mcp.host
            MCP_PORT mcp.port
            DATABASE_URL server.database.url
            """)
    void variableWhenDocumentedSetsItsKey(String variable, String key) {
        assertThat(Keys.ALL.stream()
                        .filter(one -> one.path().equals(key))
                        .findFirst()
                        .orElseThrow()
                        .variables())
                .contains("RATCHET_" + variable);
    }

    private static Key<?> keyOf(Row row) {
        return Keys.ALL.stream()
                .filter(key -> key.path().equals(row.key())
                        || key.aliases().contains(row.key())
                        || key.path().equals(row.key().replaceAll("\\*\\.\\w+$", "*.*")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no key " + row.key()));
    }

    private static boolean found(JsonNode node, List<String> path) {
        if (path.isEmpty()) {
            return true;
        }
        List<String> rest = path.subList(1, path.size());
        Set<JsonNode> below = new LinkedHashSet<>();
        switch (path.getFirst()) {
            case "[]", "*" -> node.forEach(below::add);
            default -> {
                if (node.has(path.getFirst())) {
                    below.add(node.get(path.getFirst()));
                }
            }
        }
        return below.stream().anyMatch(child -> found(child, rest));
    }

    /** A document with nothing but the key of the row and what it cannot do without. */
    private Path document(Row row) throws IOException {
        StringBuilder text = new StringBuilder();
        String indent = "";
        String[] parts = row.key().replace("*", "name").split("\\.");
        for (int i = 0; i < parts.length; i++) {
            boolean list = parts[i].endsWith("[]");
            text.append(indent).append(parts[i].replace("[]", "")).append(':');
            if (i == parts.length - 1) {
                text.append(' ').append(row.documented()).append('\n');
            } else if (list) {
                // The next part follows the dash.
                text.append('\n').append(indent).append("  - ");
                if (row.key().startsWith("logging.targets") && !row.key().endsWith(".type")) {
                    text.append("type: console\n").append(indent).append("    ");
                }
                indent += "    ";
                text.append(parts[++i]).append(':');
                if (i == parts.length - 1) {
                    text.append(' ').append(row.documented()).append('\n');
                } else {
                    text.append('\n');
                    indent += "  ";
                }
            } else {
                text.append('\n');
                indent += "  ";
            }
        }
        return Files.writeString(directory.resolve("one.yaml"), text);
    }

    private static LoadedConfig load(Path file) {
        return ConfigLoader.load(ConfigSources.of(Optional.of(file), Map.of()));
    }
}
