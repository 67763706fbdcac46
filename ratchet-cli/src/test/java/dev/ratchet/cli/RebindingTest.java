package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.CommandLineHarness.Outcome;
import dev.ratchet.cli.LocalServer.Answer;
import dev.ratchet.execution.http.HostResolver;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task reaches through {@code run-once} when names lie about their addresses, seen from the listening sockets. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.2 has to be set up first")
class RebindingTest {
    private static final String PUBLIC = "93.184.215.14";

    private static final String FETCHES = """
            export default async (input) => {
              const bodies = [];
              for (const url of input.urls) {
                bodies.push(await (await fetch(url)).text());
              }
              return bodies;
            };
            """;

    private final AtomicInteger lookups = new AtomicInteger();
    private final CommandLineHarness ratchet = new CommandLineHarness();

    @TempDir
    private Path directory;

    private Path task;

    @BeforeEach
    void writeTask() throws Exception {
        task = Distribution.writeTask(directory.resolve("fetches"), "fetches", FETCHES, "");
    }

    @Test
    void runOnceWhenNameChangesItsAddressAfterTheCheckConnectsToTheCheckedOneOnly() throws Exception {
        try (LocalServer checked = LocalServer.on("127.0.0.1", 0, request -> Answer.ok("checked"));
                LocalServer other = LocalServer.on("127.0.0.2", checked.port(), request -> Answer.ok("other"))) {
            ratchet.resolver(answering("127.0.0.1", "127.0.0.2"));

            Outcome run = run("--allow-net", "rebind.test", "http://rebind.test:" + checked.port() + "/");

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("\"checked\"");
            assertThat(checked.connections()).isOne();
            assertThat(other.connections()).isZero();
            assertThat(lookups).hasValue(1);
            assertThat(checked.requests()).singleElement().satisfies(request -> assertThat(request.head())
                    .containsIgnoringCase("Host: rebind.test:" + checked.port()));
        }
    }

    @Test
    void runOnceWhenPublicNameTurnsPrivateAsksTheProxyForTheCheckedAddress() throws Exception {
        try (LocalServer proxy = LocalServer.on("127.0.0.1", 0, request -> Answer.ok("through the proxy"));
                LocalServer inside = LocalServer.on("127.0.0.2", 0, request -> Answer.ok("secret"))) {
            Path config = Files.writeString(
                    directory.resolve("proxy.yaml"),
                    "http: {proxy: {http_proxy: \"http://127.0.0.1:" + proxy.port() + "\"}}");
            ratchet.resolver(answering(PUBLIC, "127.0.0.2"));

            Outcome run = run("--config", config.toString(), "http://rebind.test:" + inside.port() + "/");

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("through the proxy");
            assertThat(inside.connections()).isZero();
            assertThat(proxy.requests().getFirst().line())
                    .isEqualTo("CONNECT " + PUBLIC + ":" + inside.port() + " HTTP/1.1");
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void runOnceWhenSecondFetchResolvesPrivateRefusesIt() throws Exception {
        try (LocalServer proxy = LocalServer.on("127.0.0.1", 0, request -> Answer.ok("first"));
                LocalServer inside = LocalServer.on("127.0.0.2", 0, request -> Answer.ok("secret"))) {
            Path config = Files.writeString(
                    directory.resolve("proxy.yaml"),
                    "http: {proxy: {http_proxy: \"http://127.0.0.1:" + proxy.port() + "\"}}");
            ratchet.resolver(answering(PUBLIC, "127.0.0.2"));
            String url = "http://rebind.test:" + inside.port() + "/";

            Outcome run = run("--config", config.toString(), url, url);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("TypeError", "rebind.test", "127.0.0.2", "--allow-net rebind.test");
            assertThat(inside.connections()).isZero();
            assertThat(proxy.requests().stream()
                            .filter(request -> request.line().startsWith("GET")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"})
    void runOnceWhenAddressIsPrivateRefusesAndNamesTheGrant(String host) throws Exception {
        try (LocalServer inside = LocalServer.on("127.0.0.1", 0, request -> Answer.ok("secret"))) {
            Outcome run = run("http://" + host + ":" + inside.port() + "/");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("TypeError", "not public", "--allow-net");
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    void runOnceWhenHostIsGrantedReachesIt() throws Exception {
        try (LocalServer inside = LocalServer.on("127.0.0.1", 0, request -> Answer.ok("welcome"))) {
            Outcome run = run("--allow-net", "127.0.0.1", "http://127.0.0.1:" + inside.port() + "/");

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("welcome");
        }
    }

    @Test
    void runOnceWhenRedirectLeadsToAPrivateAddressRefuses() throws Exception {
        try (LocalServer inside = LocalServer.on("127.0.0.2", 0, request -> Answer.ok("secret"));
                LocalServer outside = LocalServer.on(
                        "127.0.0.1",
                        0,
                        request ->
                                new Answer(302, "Location: http://inside.test:" + inside.port() + "/admin\r\n", ""))) {
            ratchet.resolver(host -> host.equals("inside.test") ? addresses("127.0.0.2") : addresses("127.0.0.1"));

            Outcome run = run("--allow-net", "outside.test", "http://outside.test:" + outside.port() + "/");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("inside.test", "127.0.0.2", "--allow-net inside.test");
            assertThat(outside.connections()).isOne();
            assertThat(inside.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "metadata.google.internal", "cloud.test"})
    void runOnceWhenMetadataServiceIsGrantedStillRefuses(String host) throws Exception {
        ratchet.resolver(any -> addresses("169.254.169.254"));

        Outcome run = run("--allow-net", host, "http://" + host + "/latest/meta-data/");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("TypeError", "metadata service");
    }

    /** Options as they are, URLs as the task's input. */
    private Outcome run(String... optionsAndUrls) {
        List<String> urls = List.of(optionsAndUrls).stream()
                .filter(word -> word.startsWith("http:"))
                .toList();
        List<String> words = new ArrayList<>(List.of("run-once", "--from-fs", task.toString()));
        List.of(optionsAndUrls).stream()
                .filter(word -> !word.startsWith("http:"))
                .forEach(words::add);
        words.add("--input-json");
        words.add("{\"urls\": [\"" + String.join("\", \"", urls) + "\"]}");
        return ratchet.run(words.toArray(String[]::new));
    }

    private HostResolver answering(String first, String later) {
        return host -> addresses(lookups.getAndIncrement() == 0 ? first : later);
    }

    private static InetAddress[] addresses(String literal) {
        return new InetAddress[] {InetAddress.ofLiteral(literal)};
    }
}
