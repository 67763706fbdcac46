package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.Compat;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.ResultCachePolicy;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskPackageLoaderTest {
    private static final String CODE = "export default (input) => input;\n";
    private static final String METADATA = "{\"name\":\"demo\",\"version\":\"1.2.3\"}";

    private final TaskPackageLoader loader = new TaskPackageLoader(new AcceptingSchemas());

    @TempDir
    private Path temporary;

    private static Map<String, String> files(String... pathsAndTexts) {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return files;
    }

    private static LoadResult load(TaskPackageLoader loader, String display, Map<String, String> files) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        files.forEach((path, text) -> contents.put(path, text.getBytes(StandardCharsets.UTF_8)));
        return loader.load(contents, display);
    }

    private TaskPackage loaded(Map<String, String> files) {
        return loaded(load(loader, "demo", files));
    }

    private static TaskPackage loaded(LoadResult result) {
        return switch (result) {
            case LoadResult.Loaded(TaskPackage task, List<Problem> _) -> task;
            case LoadResult.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
        };
    }

    private static List<Problem> rejected(LoadResult result) {
        return switch (result) {
            case LoadResult.Loaded(TaskPackage task, List<Problem> _) -> throw new AssertionError(task.toString());
            case LoadResult.Rejected(List<Problem> problems) -> problems;
        };
    }

    private TaskPackage withMetadata(String metadata) {
        return loaded(files("metadata.json", metadata, "main.js", CODE));
    }

    private List<Problem> problemsOf(String metadata) {
        return rejected(load(loader, "demo", files("metadata.json", metadata, "main.js", CODE)));
    }

    private List<Problem> problemsWith(String members) {
        return problemsOf("{\"name\":\"demo\",\"version\":\"1.2.3\"," + members + "}");
    }

    private TaskPackage taskWith(String members) {
        return withMetadata("{\"name\":\"demo\",\"version\":\"1.2.3\"," + members + "}");
    }

    private Path folder(Map<String, String> files) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "task");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return folder;
    }

    private Path zip(Map<String, String> files) throws IOException {
        Path archive = Files.createTempFile(temporary, "task", ".zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return archive;
    }

    // --- what a package is -----------------------------------------------------------------------------------------

    @Test
    void loadWhenPackageIsCompleteReadsEverything() throws IOException {
        Path folder = folder(files(
                "metadata.json",
                """
                {"name":"demo","label":"Demo","version":"1.2.3-rc.1+b2","uuid":"0198c5a2-7d1e-7c3a-9b52-4f8e2a6d1c90",
                 "description":"Shows.","tags":["a","b"],"author":"Me","license":"MIT","category":"samples",
                 "limits":{"wallTime":1.5,"cpuTime":"500ms","memory":"64MiB","outputBytes":1000,"logBytes":"1KB",
                           "fetches":3,"fetchBytes":"2MB"},
                 "permissions":{"net":["API.example.com",{"host":"*.example.org","methods":["post","GET"]}]},
                 "secrets":["TOKEN","API_KEY"],
                 "retry":{"maxRetries":5,"backoff":"fixed","initialDelay":"10s","maxDelay":"PT1M",
                          "jitter":false,"retryUnsafe":true},
                 "cache":{"ttl":"PT5M","onlySuccess":false},"httpCache":true,
                 "compat":"ratchet-0.4"}
                """,
                "main.js",
                "const a = 1;\n",
                "lib/util.mjs",
                "export const b = 2;\n",
                "lib/table.json",
                "[1,2]",
                "input.schema.json",
                "{\"type\":\"object\"}",
                "output.schema.json",
                "true",
                "tests/one.json",
                "{\"input\":{},\"expected_output\":1}",
                "README.md",
                "# not code",
                ".git/config.json",
                "broken",
                "node_modules/x/index.js",
                "x",
                ".eslintrc.json",
                "broken"));

        LoadResult result = loader.load(folder);

        TaskPackage task = loaded(result);
        assertThat(task.metadata().name()).isEqualTo("demo");
        assertThat(task.metadata().label()).isEqualTo("Demo");
        assertThat(task.metadata().version()).isEqualTo("1.2.3-rc.1+b2");
        assertThat(task.metadata().uuid())
                .isEqualTo(Optional.of(UUID.fromString("0198c5a2-7d1e-7c3a-9b52-4f8e2a6d1c90")));
        assertThat(task.metadata().tags()).containsExactly("a", "b");
        assertThat(task.metadata().other().value()).isEqualTo("{\"category\":\"samples\"}");
        assertThat(task.code().files().keySet()).containsExactly("lib/table.json", "lib/util.mjs", "main.js");
        assertThat(task.code().entry()).isEqualTo("main.js");
        assertThat(task.code().compat()).isEqualTo(Compat.RATCHET_0_4);
        assertThat(task.limits())
                .isEqualTo(new TaskLimits(
                        Duration.ofMillis(1_500), Duration.ofMillis(500), 64 << 20, 1_000, 1_000, 3, 2_000_000));
        assertThat(task.net().permits("api.example.com", "DELETE")).isTrue();
        assertThat(task.net().permits("a.example.org", "POST")).isTrue();
        assertThat(task.net().permits("a.example.org", "PUT")).isFalse();
        assertThat(task.net().permits("example.net", "GET")).isFalse();
        assertThat(task.secrets()).containsExactlyInAnyOrder("TOKEN", "API_KEY");
        assertThat(task.retry())
                .contains(new RetryPolicy(
                        5, RetryPolicy.Backoff.FIXED, Duration.ofSeconds(10), Duration.ofMinutes(1), false, true));
        assertThat(task.cache()).contains(new ResultCachePolicy(Duration.ofMinutes(5), false));
        assertThat(task.httpCache()).isTrue();
        assertThat(task.testPaths()).containsExactly("tests/one.json");
        assertThat(result).isEqualTo(new LoadResult.Loaded(task, List.of()));
    }

    @Test
    void loadWhenPackageIsMinimalUsesDefaultsAndWarns() {
        LoadResult result = load(loader, "demo", files("metadata.json", METADATA, "task.js", CODE));

        TaskPackage task = loaded(result);
        assertThat(task.metadata().label()).isEqualTo("demo");
        assertThat(task.limits()).isEqualTo(TaskLimits.DEFAULTS);
        assertThat(task.net()).isEqualTo(NetPermissions.ANY_PUBLIC_HOST);
        assertThat(task.retry()).isEmpty();
        assertThat(((LoadResult.Loaded) result).warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "demo: has no input.schema.json, so every JSON value is accepted as an input",
                        "demo: has no output.schema.json, so every JSON value is accepted as an output",
                        "demo: has no tests; accepted: tests/*.json");
    }

    @Test
    void loadWhenOnlyLabelIsGivenTakesItAsName() {
        assertThat(withMetadata("{\"label\":\"My Task\",\"version\":\"1.0.0\"}")
                        .metadata()
                        .name())
                .isEqualTo("My Task");
    }

    @Test
    void loadWhenWallTimeIsDeclaredAloneRaisesProcessorTimeWithIt() {
        assertThat(taskWith("\"limits\":{\"wallTime\":\"5m\"}").limits())
                .isEqualTo(TaskLimits.DEFAULTS.withWallTime(Duration.ofMinutes(5)));
    }

    @Test
    void loadWhenOtherDefaultsAreGivenAppliesThemWhereNothingIsDeclaredAndKeepsTheHash() {
        TaskLimits defaults = TaskLimits.DEFAULTS.withWallTime(Duration.ofSeconds(7));
        TaskPackageLoader withDefaults = new TaskPackageLoader(new AcceptingSchemas(), defaults);
        String silent = "{\"name\":\"demo\",\"version\":\"1.2.3\"}";
        String declaring = "{\"name\":\"demo\",\"version\":\"1.2.3\",\"limits\":{\"wallTime\":60}}";

        TaskPackage undeclared = loaded(load(withDefaults, "demo", files("metadata.json", silent, "main.js", CODE)));
        TaskPackage declared = loaded(load(withDefaults, "demo", files("metadata.json", declaring, "main.js", CODE)));

        assertThat(undeclared.limits()).isEqualTo(defaults);
        assertThat(declared.limits()).isEqualTo(TaskLimits.DEFAULTS);
        assertThat(undeclared.contentHash())
                .isEqualTo(loaded(load(loader, "demo", files("metadata.json", silent, "main.js", CODE)))
                        .contentHash());
    }

    @Test
    void loadWhenNoHostIsListedPermitsNone() {
        assertThat(taskWith("\"permissions\":{\"net\":[]}").net().permits("example.com", "GET"))
                .isFalse();
        assertThat(taskWith("\"permissions\":{}").net()).isEqualTo(NetPermissions.ANY_PUBLIC_HOST);
    }

    @Test
    void loadWhenYamlVariantIsGivenReadsIt() {
        TaskPackage task = loaded(files("meta.yaml", """
                # the older layout
                name: addition
                version: "1.0.0"
                category: math
                tags: [math, demo]
                inputs:
                  num1: {type: number, description: first, required: true}
                  note: string
                outputs:
                  sum: {type: number, required: true}
                test_cases:
                  - name: adds
                    input: {num1: 1}
                    expected_output: {sum: 1}
                """, "task.js", CODE));

        assertThat(task.inputSchema().orElseThrow().value())
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"num1\":{\"type\":\"number\",\"description\":\"first\"},"
                                + "\"note\":{\"type\":\"string\"}},\"required\":[\"num1\"]}");
        assertThat(task.outputSchema().orElseThrow().value()).contains("\"sum\"");
        assertThat(task.testPaths()).containsExactly("meta.yaml#/test_cases/0");
        assertThat(task.tests())
                .containsEntry(
                        "meta.yaml#/test_cases/0",
                        new JsonText("{\"name\":\"adds\",\"input\":{\"num1\":1},\"expected_output\":{\"sum\":1}}"));
        assertThat(task.metadata().other().value()).isEqualTo("{\"category\":\"math\"}");
    }

    @Test
    void loadWhenEntrypointIsNamedUsesIt() {
        TaskPackage task = loaded(files(
                "meta.yaml",
                "name: x\nversion: 1.0.0\nentrypoint: ./src/run.js\ninput_schema: {type: object}\n",
                "src/run.js",
                CODE));

        assertThat(task.code().entry()).isEqualTo("src/run.js");
        assertThat(task.inputSchema().orElseThrow().value()).isEqualTo("{\"type\":\"object\"}");
    }

    // --- the content hash ------------------------------------------------------------------------------------------

    @Test
    void contentHashWhenFolderAndArchivesHoldTheSameIsTheSame() throws IOException {
        Map<String, String> files = files(
                "metadata.json",
                "{\"name\":\"a\",\"version\":\"1.0.0\",\"limits\":{\"wallTime\":1,\"fetches\":2},\"secrets\":[\"BBBB\",\"A\"]}",
                "main.js",
                CODE,
                "lib/é.js",
                "export {};\r\n",
                "input.schema.json",
                "{\"type\":\"object\",\"maxProperties\":10}");
        Map<String, String> nested = new LinkedHashMap<>();
        nested.put("top/", "");
        files.forEach((path, text) -> nested.put("top/" + path, text));
        nested.put("__MACOSX/._main.js", "x");
        Map<String, String> described = new LinkedHashMap<>(files);
        described.put(
                "metadata.json",
                "{\"secrets\":[\"A\",\"BBBB\",\"A\"],\"description\":\"other words\",\"version\":\"2.0.0\","
                        + "\"limits\":{\"fetches\":2,\"wallTime\":\"PT1S\"},\"name\":\"b\",\"retry\":{\"maxRetries\":1}}");
        described.put("input.schema.json", " {\"maxProperties\": 1e1,\n\"type\":\"object\"}");
        described.put("tests/t.json", "{\"input\":1,\"expected\":1}");

        String folderHash = loaded(loader.load(folder(files))).contentHash().hex();

        assertThat(loaded(loader.load(zip(files))).contentHash().hex()).isEqualTo(folderHash);
        assertThat(loaded(loader.load(zip(nested))).contentHash().hex()).isEqualTo(folderHash);
        assertThat(loaded(loader.load(folder(described))).contentHash().hex()).isEqualTo(folderHash);
    }

    @Test
    void contentHashWhenBehaviourMayChangeChanges() {
        List<TaskPackage> tasks = new ArrayList<>();
        tasks.add(withMetadata(METADATA));
        tasks.add(loaded(files("metadata.json", METADATA, "main.js", CODE + "\n")));
        tasks.add(loaded(files("metadata.json", METADATA, "task.js", CODE)));
        tasks.add(loaded(files("metadata.json", METADATA, "main.js", CODE, "lib.js", "")));
        tasks.add(loaded(files("metadata.json", METADATA, "main.js", CODE, "input.schema.json", "true")));
        tasks.add(loaded(files("metadata.json", METADATA, "main.js", CODE, "output.schema.json", "true")));
        tasks.add(taskWith("\"limits\":{\"wallTime\":60}"));
        tasks.add(taskWith("\"limits\":{\"cpuTime\":60}"));
        tasks.add(taskWith("\"permissions\":{\"net\":[]}"));
        tasks.add(taskWith("\"permissions\":{\"net\":[\"a.example\"]}"));
        tasks.add(taskWith("\"permissions\":{\"net\":[{\"host\":\"a.example\",\"methods\":[\"GET\"]}]}"));
        tasks.add(taskWith("\"secrets\":[]"));
        tasks.add(taskWith("\"secrets\":[\"A\"]"));
        tasks.add(taskWith("\"compat\":\"ratchet-0.4\""));
        tasks.add(taskWith("\"cache\":{\"ttl\":60}"));
        tasks.add(taskWith("\"cache\":{\"ttl\":61}"));
        tasks.add(taskWith("\"cache\":{\"ttl\":60,\"onlySuccess\":true}"));
        tasks.add(taskWith("\"cache\":{\"ttl\":60,\"onlySuccess\":false}"));
        tasks.add(taskWith("\"httpCache\":false"));
        tasks.add(taskWith("\"httpCache\":true"));

        assertThat(tasks.stream().map(task -> task.contentHash().hex()).distinct())
                .hasSize(tasks.size());
    }

    @Test
    void contentHashWhenNetIsWrittenDifferentlyIsTheSame() {
        TaskPackage one = taskWith(
                "\"permissions\":{\"net\":[\"b.example\",{\"host\":\"A.example\",\"methods\":[\"post\",\"GET\"]}]}");
        TaskPackage other = taskWith("\"permissions\":{\"net\":[{\"host\":\"a.example\",\"methods\":[\"GET\"]},"
                + "{\"methods\":[\"POST\"],\"host\":\"a.example\"},{\"host\":\"b.example\"}]}");

        assertThat(one.contentHash()).isEqualTo(other.contentHash());
        assertThat(one.net()).isEqualTo(other.net());
    }

    @Test
    void loadWhenSchemaNumberHasNoCanonicalFormIsRejected() {
        assertThat(rejected(load(
                        loader,
                        "demo",
                        files("metadata.json", METADATA, "main.js", CODE, "input.schema.json", "{\"maximum\":1e999}"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("number"));
    }

    // --- faults ----------------------------------------------------------------------------------------------------

    @Test
    void loadWhenManyThingsAreWrongReportsThemAllAtOnce() throws IOException {
        Path folder = folder(files(
                "metadata.json",
                "{\"version\":\"one\",\"uuid\":\"x\",\"tags\":\"t\",\"limits\":{\"walltime\":1,\"memory\":\"lots\"},"
                        + "\"permissions\":{\"network\":[]},\"retry\":{\"maxRetries\":-1},\"compat\":\"0.4\"}",
                "input.schema.json",
                "{\"properties\":{\"x\":{\"type\":\"bad\"}}}",
                "output.schema.json",
                "{\n  \"type\": \"object\"\n  \"required\": []\n}",
                "data.json",
                "{",
                "tests/a.json",
                "{\"input\": 1,}",
                "tests/b.json",
                "7"));

        List<Problem> problems = rejected(loader.load(folder));

        assertThat(problems)
                .extracting(problem -> problem.source().equals(folder.toString())
                        ? "(package)"
                        : problem.source() + " " + problem.position())
                .containsExactlyInAnyOrder(
                        "(package)",
                        "data.json 1:2",
                        "input.schema.json /properties/x/type",
                        "metadata.json ",
                        "metadata.json /compat",
                        "metadata.json /limits/memory",
                        "metadata.json /limits/walltime",
                        "metadata.json /permissions/network",
                        "metadata.json /retry/maxRetries",
                        "metadata.json /tags",
                        "metadata.json /uuid",
                        "metadata.json /version",
                        "output.schema.json 3:3",
                        "tests/a.json 1:13",
                        "tests/b.json ");
        assertThat(problems).anySatisfy(problem -> assertThat(problem.message())
                .contains("did you mean \"wallTime\"?")
                .contains("accepted: cpuTime"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\":\"1.0\"|/version|semantic version",
                "\"version\":1.0|/version|in quotes",
                "\"name\":\" \"|/name|blank",
                "\"name\":7|/name|in quotes",
                "\"description\":[]|/description|string",
                "\"tags\":[1]|/tags/0|string",
                "\"limits\":[]|/limits|object",
                "\"limits\":{\"wallTime\":0}|/limits/wallTime|out of range",
                "\"limits\":{\"wallTime\":-1}|/limits/wallTime|out of range",
                "\"limits\":{\"wallTime\":\"25h\"}|/limits/wallTime|86400000 ms",
                "\"limits\":{\"wallTime\":\"1 fortnight\"}|/limits/wallTime|PT1M30S",
                "\"limits\":{\"wallTime\":1e400}|/limits/wallTime|accepted",
                "\"limits\":{\"wallTime\":\"PT999999999999999999H\"}|/limits/wallTime|accepted",
                "\"limits\":{\"memory\":\"1TiB\"}|/limits/memory|MiB",
                "\"limits\":{\"memory\":\"8GiB\"}|/limits/memory|4294967296 bytes",
                "\"limits\":{\"memory\":1.5}|/limits/memory|whole number",
                "\"limits\":{\"fetches\":\"3\"}|/limits/fetches|whole number",
                "\"limits\":{\"outputByte\":3}|/limits/outputByte|outputBytes",
                "\"permissions\":[]|/permissions|object",
                "\"permissions\":{\"net\":\"x\"}|/permissions/net|array",
                "\"permissions\":{\"net\":[\"https://a.example\"]}|/permissions/net/0|without scheme",
                "\"permissions\":{\"net\":[\"a.example:80\"]}|/permissions/net/0|without scheme, port",
                "\"permissions\":{\"net\":[\"a.*.example\"]}|/permissions/net/0|*.example.com",
                "\"permissions\":{\"net\":[\"é.example\"]}|/permissions/net/0|xn--",
                "\"permissions\":{\"net\":[{\"hosts\":\"a\"}]}|/permissions/net/0/hosts|did you mean \"host\"",
                "\"permissions\":{\"net\":[{\"host\":\"a\",\"methods\":[]}]}|/permissions/net/0/methods|leave",
                "\"permissions\":{\"net\":[{\"host\":\"a\",\"methods\":[\"G T\"]}]}|/permissions/net/0/methods|HTTP method",
                "\"secrets\":{}|/secrets|array",
                "\"secrets\":[\"1A\"]|/secrets|digit",
                "\"retry\":{\"maxRetries\":101}|/retry/maxRetries|0 to 100",
                "\"retry\":{\"backoff\":\"linear\"}|/retry/backoff|exponential",
                "\"retry\":{\"initialDelay\":\"8d\"}|/retry/initialDelay|7 days",
                "\"retry\":{\"initialDelay\":\"5m\",\"maxDelay\":\"1m\"}|/retry/maxDelay|initialDelay",
                "\"retry\":{\"jitter\":1}|/retry/jitter|true, false",
                "\"retry\":{\"retryOnUnsafe\":true}|/retry/retryOnUnsafe|retryUnsafe",
                "\"cache\":true|/cache|object",
                "\"cache\":{}|/cache/ttl|is missing",
                "\"cache\":{\"ttl\":\"31d\"}|/cache/ttl|30 days",
                "\"cache\":{\"ttl\":0.5}|/cache/ttl|1 second",
                "\"cache\":{\"ttl\":60,\"onlySucess\":true}|/cache/onlySucess|onlySuccess",
                "\"cache\":{\"ttl\":60,\"onlySuccess\":\"yes\"}|/cache/onlySuccess|true, false",
                "\"httpCache\":\"true\"|/httpCache|true, false",
                "\"compat\":\"ratchet-0.5\"|/compat|ratchet-0.4",
                "\"inputs\":[]|/inputs|object",
                "\"inputs\":{\"a\":1}|/inputs/a|type name",
                "\"inputs\":{\"x\":{\"type\":\"bad\"}}|/inputs/x/type|bad",
                "\"input_schema\":{\"properties\":{\"x\":{\"type\":\"bad\"}}}|/input_schema/properties/x/type|bad",
                "\"inputSchema\":true,\"input_schema\":true|/input_schema|keep one",
                "\"test_cases\":{}|/test_cases|array",
                "\"test_cases\":[1]|/test_cases/0|object",
            })
    void loadWhenMetadataValueIsFaultyNamesPlaceAndRemedy(String members, String pointer, String remedy) {
        String defaults = (members.contains("\"name\"") ? "" : "\"name\":\"demo\",")
                + (members.contains("\"version\"") ? "" : "\"version\":\"1.0.0\",");

        assertThat(problemsOf("{" + defaults + members + "}")).singleElement().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo("metadata.json");
            assertThat(problem.position()).isEqualTo(pointer);
            assertThat(problem.message()).contains(remedy);
        });
    }

    @Test
    void loadWhenKeyAtTheTopIsUnknownKeepsItAndWarnsOfMisspelling() {
        LoadResult result = load(
                loader,
                "demo",
                files(
                        "metadata.json",
                        "{\"name\":\"demo\",\"version\":\"1.0.0\",\"limit\":{},\"timeout\":30,\"team\":\"x\"}",
                        "main.js",
                        CODE));

        assertThat(loaded(result).metadata().other().value()).isEqualTo("{\"limit\":{},\"timeout\":30,\"team\":\"x\"}");
        assertThat(((LoadResult.Loaded) result).warnings())
                .extracting(Problem::position, Problem::message)
                .contains(
                        org.assertj.core.api.Assertions.tuple(
                                "/limit", "is not a key Ratchet knows; did you mean \"limits\"?"),
                        org.assertj.core.api.Assertions.tuple(
                                "/timeout", "has no effect; what does is limits.wallTime"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[]", "null", "{\"name\":\"a\",\"name\":\"b\",\"version\":\"1.0.0\"}", "{} {}"})
    void loadWhenMetadataIsNoObjectIsRejected(String metadata) {
        assertThat(problemsOf(metadata)).isNotEmpty().allMatch(problem -> problem.source()
                .equals("metadata.json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a\\nversion: 1.0.0\\nversion: 1.0.0|3:1|twice",
                "name: &x a\\nversion: *x|2:10|alias",
                "name: a\\n  version: 1.0.0|2:|",
                "name: [a|1:|",
                "name: a\\n---\\nname: b|3:|second document",
                "name: a\\nversion: 1.0.0\\nx: .nan|3:|finite",
                "- a|/|",
            })
    void loadWhenYamlIsFaultyGivesLineAndColumn(String yaml, String position, String remedy) {
        List<Problem> problems =
                rejected(load(loader, "d", files("meta.yaml", yaml.replace("\\n", "\n"), "main.js", CODE)));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo("meta.yaml");
            if (!position.equals("/")) {
                assertThat(problem.position()).startsWith(position);
            }
            if (remedy != null) {
                assertThat(problem.message()).contains(remedy);
            }
        });
    }

    @Test
    @Timeout(20)
    void loadWhenYamlIsBombStaysQuick() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(9) + "*a" + (i - 1) + "]\n");
        }

        assertThat(rejected(load(loader, "d", files("meta.yaml", bomb.toString(), "main.js", CODE))))
                .hasSize(1);
        assertThat(rejected(load(loader, "d", files("meta.yaml", "a: " + "[".repeat(20_000), "main.js", CODE))))
                .hasSize(1);
    }

    @Test
    void loadWhenEntryIsAmbiguousOrAbsentIsRejected() {
        assertThat(rejected(load(loader, "d", files("metadata.json", METADATA, "main.js", CODE, "main.mjs", CODE))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("main.mjs and main.js"));
        assertThat(rejected(load(loader, "d", files("metadata.json", METADATA, "src/main.js", CODE))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("no code"));
        assertThat(problemsWith("\"entrypoint\":\"other.js\""))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).contains("other.js").contains("main.js"));
        assertThat(rejected(load(loader, "d", files("main.js", CODE))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("metadata.json"));
        assertThat(rejected(load(loader, "d", files("metadata.json", METADATA, "meta.yaml", "a: b", "main.js", CODE))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.source()).isEqualTo("meta.yaml"));
        assertThat(rejected(load(
                        loader,
                        "d",
                        files(
                                "metadata.json",
                                METADATA.replace("}", ",\"inputs\":{}}"),
                                "main.js",
                                CODE,
                                "input.schema.json",
                                "true"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.source()).isEqualTo("input.schema.json"));
    }

    @Test
    void loadWhenPathDoesNotExistOrIsNoArchiveIsRejected() throws IOException {
        Path text = Files.writeString(temporary.resolve("x.zip"), "not an archive, but long enough to be looked at");

        assertThat(rejected(loader.load(temporary.resolve("absent"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("does not exist"));
        assertThat(rejected(loader.load(text)).get(0).message()).contains("not a ZIP archive");
        assertThat(rejected(loader.load(Files.createFile(temporary.resolve("empty.zip"))))
                        .get(0)
                        .message())
                .contains("not a ZIP archive");
    }

    @Test
    void loadWhenTextIsNotUtf8GivesPosition() throws IOException {
        Path folder = folder(files("metadata.json", METADATA, "main.js", CODE));
        Files.write(folder.resolve("main.js"), "ok\nab\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(rejected(loader.load(folder))).anySatisfy(problem -> {
            assertThat(problem.source()).isEqualTo("main.js");
            assertThat(problem.position()).isEqualTo("2:3");
            assertThat(problem.message()).contains("UTF-8");
        });
    }

    @Test
    void loadWhenTextEndsInHalfCharacterIsRejected() throws IOException {
        Path folder = folder(files("metadata.json", METADATA, "main.js", CODE));
        Files.write(folder.resolve("main.js"), new byte[] {'a', (byte) 0xc3});

        assertThat(rejected(loader.load(folder)))
                .anySatisfy(problem -> assertThat(problem.position()).isEqualTo("1:2"));
    }

    @Test
    void loadWhenFileStartsWithByteOrderMarkDropsIt() throws IOException {
        TaskPackage plain = loaded(loader.load(folder(files("metadata.json", METADATA, "main.js", CODE))));
        TaskPackage marked =
                loaded(loader.load(folder(files("metadata.json", "\uFEFF" + METADATA, "main.js", "\uFEFF" + CODE))));

        assertThat(marked.contentHash()).isEqualTo(plain.contentHash());
    }

    // --- hostile packages ------------------------------------------------------------------------------------------

    @Test
    void loadWhenLinkLeavesThePackageIsRejected() throws IOException {
        Path outside = Files.writeString(temporary.resolve("outside.js"), "secret");
        Path folder = folder(files("metadata.json", METADATA, "main.js", CODE, "lib/real.js", "export {};"));
        link(folder.resolve("evil.js"), outside);
        link(folder.resolve("dangling.js"), folder.resolve("absent.js"));
        link(folder.resolve("loop"), folder);

        assertThat(rejected(loader.load(folder)))
                .extracting(Problem::source)
                .containsExactly("dangling.js", "evil.js", "loop");
    }

    @Test
    void loadWhenLinkStaysInsideFollowsIt() throws IOException {
        Path folder = folder(files("metadata.json", METADATA, "src/code.js", CODE));
        link(folder.resolve("main.js"), Path.of("src/code.js"));

        assertThat(loaded(loader.load(folder)).code().files()).containsEntry("main.js", CODE);
    }

    private static void link(Path link, Path target) throws IOException {
        try {
            Files.createSymbolicLink(link, target);
        } catch (UnsupportedOperationException e) {
            assumeTrue(false, "this file system has no links");
        }
    }

    @Test
    void loadWhenFileIsTooLargeIsRejected() throws IOException {
        Path folder = folder(files("metadata.json", METADATA, "main.js", CODE));
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("big.js").toFile(), "rw")) {
            file.setLength(1L << 40);
        }

        assertThat(rejected(loader.load(folder))).singleElement().satisfies(problem -> assertThat(problem.source())
                .isEqualTo("big.js"));
    }

    @Test
    void loadWhenThereAreTooManyFilesIsRejected() throws IOException {
        Map<String, String> files = files("metadata.json", METADATA, "main.js", CODE);
        for (int i = 0; i <= PackageBounds.MAX_FILES; i++) {
            files.put("f" + i + ".js", "");
        }

        assertThat(rejected(loader.load(folder(files))))
                .anySatisfy(problem -> assertThat(problem.message()).contains("more than 1000 files"));
        assertThat(rejected(loader.load(zip(files))))
                .anySatisfy(problem -> assertThat(problem.message()).contains("more than 1000 files"));
    }

    @Test
    void loadWhenFoldersNestTooDeeplyIsRejected() throws IOException {
        Path folder = folder(files("metadata.json", METADATA, "main.js", CODE, "a/".repeat(20) + "x.js", ""));

        assertThat(rejected(loader.load(folder))).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("too deeply"));
    }

    @Test
    void loadWhenNamesDifferInCaseOnlyIsRejected() throws IOException {
        assertThat(rejected(loader.load(
                        zip(files("metadata.json", METADATA, "main.js", CODE, "lib/A.js", "", "lib/a.js", "")))))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains("lib/a.js").contains("lib/A.js"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.js", "/etc/evil.js", "a/../../evil.js", "a\\..\\evil.js", "./a.js", "a//b.js"})
    void loadWhenArchiveEntryLeavesThePackageIsRejected(String name) throws IOException {
        assertThat(rejected(loader.load(zip(files("metadata.json", METADATA, "main.js", CODE, name, "")))))
                .anySatisfy(problem -> assertThat(problem.source()).isEqualTo(name));
    }

    @Test
    void loadWhenArchiveEntryIsLinkIsRejected() throws IOException {
        Path archive = zip(files("metadata.json", METADATA, "main.js", CODE, "link.js", "/etc/passwd"));
        byte[] bytes = Files.readAllBytes(archive);
        int at = lastIndexOf(bytes, "link.js".getBytes(StandardCharsets.UTF_8)) - 46;
        bytes[at + 5] = 3; // made by Unix
        bytes[at + 40] = (byte) 0xff;
        bytes[at + 41] = (byte) 0xa1; // mode 0120777
        Files.write(archive, bytes);

        assertThat(rejected(loader.load(archive)))
                .containsExactly(new Problem(
                        "link.js", "", "is a symbolic link; archive the files themselves (zip without --symlinks)"));
    }

    private static int lastIndexOf(byte[] bytes, byte[] sought) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.lastIndexOf(new String(sought, StandardCharsets.ISO_8859_1));
    }

    @Test
    @Timeout(20)
    void loadWhenArchiveIsBombIsRejected() throws IOException {
        Path archive = temporary.resolve("bomb.zip");
        byte[] zeros = new byte[1 << 20];
        try (OutputStream file = Files.newOutputStream(archive);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            for (String name : List.of("main.js", "metadata.json")) {
                out.putNextEntry(new ZipEntry(name));
                for (int i = 0; i < 300; i++) {
                    out.write(zeros);
                }
                out.closeEntry();
            }
            out.putNextEntry(new ZipEntry("small.js"));
            out.write(zeros);
            out.write(zeros);
            out.closeEntry();
        }

        assertThat(rejected(loader.load(archive)))
                .extracting(Problem::toString)
                .contains(
                        "main.js: file is larger than 4194304 bytes",
                        "metadata.json: file is larger than 4194304 bytes",
                        "small.js: inflates more than 200-fold, which source code does not");
    }

    @Test
    void loadWhenManyEntriesAreBombsStopsInflating() throws IOException {
        Path archive = temporary.resolve("bombs.zip");
        byte[] spaces = " ".repeat(4 << 20).getBytes(StandardCharsets.US_ASCII);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (int i = 0; i < 40; i++) {
                out.putNextEntry(new ZipEntry("f" + i + ".js"));
                out.write(spaces);
                out.closeEntry();
            }
        }

        List<String> problems =
                rejected(loader.load(archive)).stream().map(Problem::message).toList();

        assertThat(problems).contains("files come to more than 33554432 bytes together");
        assertThat(problems).filteredOn(message -> message.contains("200-fold")).hasSize(9);
    }

    @Test
    void loadWhenArchiveIsEncryptedSaysWhatIsAccepted() throws IOException {
        byte[] bytes = Files.readAllBytes(zip(files("metadata.json", METADATA, "main.js", CODE)));
        for (int at = 0; at < bytes.length - 8; at++) {
            boolean signature = bytes[at] == 'P' && bytes[at + 1] == 'K';
            if (signature && bytes[at + 2] == 3) {
                bytes[at + 6] |= 1;
            } else if (signature && bytes[at + 2] == 1) {
                bytes[at + 8] |= 1;
            }
        }

        assertThat(rejected(loader.load(Files.write(temporary.resolve("encrypted.zip"), bytes))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("accepted: ", "not encrypted"));
    }

    @Test
    void loadWhenArchiveIsCutIsRejected() throws IOException {
        byte[] bytes = Files.readAllBytes(zip(files("metadata.json", METADATA, "main.js", CODE)));

        for (int length = 0; length < bytes.length; length += 7) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            Path archive = Files.write(temporary.resolve("cut.zip"), cut);

            assertThat(rejected(loader.load(archive))).as("cut at %d", length).isNotEmpty();
        }
    }
}
