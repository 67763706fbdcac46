package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import dev.ratchet.cli.LocalServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run with parallel fetches and timers: recorded, replayed without its server, edited, accepted, made a test of. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "the launcher is a shell script; ratchet.cmd is not tested")
class RecordReplayIT {
    private static final String SENTINEL = "S3ntinel-0f1e2d3c4b5a";

    private static final String CODE = """
            export default async function main(input) {
              const order = [];
              const timers = [30, 5, 15].map((ms) => new Promise((resolve) => setTimeout(() => {
                order.push(`timer ${ms}`);
                resolve();
              }, ms)));
              const fetches = [1, 2, 3, 4, 5].map(async (n) => {
                const response = await fetch(`${input.base}/items/${n}`, {
                  method: n === 5 ? 'POST' : 'GET',
                  headers: { authorization: `Bearer ${secrets.API_KEY}` },
                  body: n === 5 ? JSON.stringify({ n, key: secrets.API_KEY }) : undefined,
                });
                const text = await response.text();
                order.push(`fetch ${n}`);
                return text;
              });
              const texts = await Promise.all(fetches);
              await Promise.all(timers);
              console.log('the key is', secrets.API_KEY);
              const dice = [Math.random(), crypto.randomUUID()];
              return input.timeless ? { texts, dice } : { texts, dice, order, at: Date.now(), spent: performance.now() };
            }
            """;

    @TempDir
    private Path directory;

    private Distribution ratchet;
    private Path task;
    private Path recording;

    @BeforeEach
    void prepare() throws Exception {
        ratchet = new Distribution(directory).variable("API_KEY", SENTINEL);
        task = Distribution.writeTask(directory.resolve("five"), "five", CODE, ", \"secrets\": [\"API_KEY\"]");
        recording = directory.resolve("recording");
    }

    @Test
    void replayWhenServerIsGoneIsEqualAndSaysWhatAnEditChanged() throws Exception {
        Finished recorded = record(false);

        assertThat(recorded.exitCode()).as(recorded.err()).isZero();
        assertThat(recorded.out()).contains("you sent Bearer [secret:API_KEY]");
        assertThat(recorded.out() + recorded.err()).doesNotContain(SENTINEL);
        assertNoSecretIn(recording);
        JsonNode har = new JsonMapper().readTree(Files.readString(recording.resolve("requests.har")));
        assertThat(har.at("/log/version").asString()).isEqualTo("1.2");
        assertThat(har.at("/log/entries")).hasSize(5).allSatisfy(entry -> {
            assertThat(entry.at("/response/status").asInt()).isEqualTo(200);
            assertThat(entry.at("/startedDateTime").asString()).isNotBlank();
        });
        assertThat(new JsonMapper()
                        .readTree(Files.readString(recording.resolve("recording.json")))
                        .at("/fetches"))
                .hasSize(5);

        Finished replayed = replay();
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
        assertThat(replayed.out()).isEqualTo(recorded.out());

        edit("/items/${n}", "/items/${n === 3 ? 33 : n}");
        Finished diverged = replay();
        assertThat(diverged.exitCode()).isEqualTo(1);
        assertThat(diverged.err()).contains("fetch 3", "/items/33", "url", "/items/3");
        Finished refused = replay("--update");
        assertThat(refused.exitCode()).isEqualTo(2);

        edit("/items/${n === 3 ? 33 : n}", "/items/${n}");
        edit("{ texts, dice, order,", "{ texts: texts.length, dice, order,");
        Finished different = replay();
        assertThat(different.exitCode()).isEqualTo(1);
        assertThat(different.err()).contains("/texts");
        Finished updated = replay("--update");
        assertThat(updated.exitCode()).as(updated.err()).isZero();
        assertThat(updated.err()).contains("updated");
        Finished equal = replay();
        assertThat(equal.exitCode()).as(equal.err()).isZero();
        assertNoSecretIn(recording);
    }

    @Test
    void testWhenMadeFromARecordingPasses() throws Exception {
        Finished recorded = record(true);
        assertThat(recorded.exitCode()).as(recorded.err()).isZero();
        Files.delete(task.resolve("tests").resolve("any.json"));

        Finished made = ratchet.run(
                "test",
                "--from-recording",
                recording.toString(),
                "--from-fs",
                task.toString(),
                "--name",
                "five parallel fetches");
        Finished tested = ratchet.run("test", "--from-fs", task.toString());

        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(task.resolve("tests").resolve("five-parallel-fetches.json")).exists();
        assertNoSecretIn(task);
        assertThat(tested.exitCode()).as(tested.out()).isZero();
        assertThat(tested.out()).contains("five parallel fetches", "1 passed");
    }

    private Finished record(boolean timeless) throws Exception {
        try (LocalServer server = LocalServer.on("127.0.0.1", 0, RecordReplayIT::echo)) {
            Finished run = ratchet.run(
                    "run-once",
                    "--from-fs",
                    task.toString(),
                    "--input-json",
                    "{\"base\": \"http://127.0.0.1:" + server.port() + "\", \"timeless\": " + timeless + "}",
                    "--allow-net",
                    "127.0.0.1",
                    "--secret-env",
                    "API_KEY",
                    "--record",
                    recording.toString());
            assertThat(server.requests()).hasSize(5).allSatisfy(request -> assertThat(request.head())
                    .contains(SENTINEL));
            return run;
        }
    }

    /** Says what it was sent, so that secrets come back too. */
    private static Answer echo(LocalServer.Request request) {
        String credentials = request.head()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "authorization:", 0, 14))
                .map(line -> line.substring(14).strip())
                .findFirst()
                .orElse("nothing");
        return Answer.ok(request.path() + ": you sent " + credentials + " " + request.body());
    }

    private Finished replay(String... more) throws Exception {
        List<String> words = Stream.concat(
                        Stream.of("replay", "--from-fs", task.toString(), "--recording", recording.toString()),
                        Stream.of(more))
                .toList();
        return ratchet.run(words.toArray(String[]::new));
    }

    private void edit(String from, String to) throws IOException {
        Path file = task.resolve("main.js");
        String code = Files.readString(file);
        assertThat(code).contains(from);
        Files.writeString(file, code.replace(from, to));
    }

    private static void assertNoSecretIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(SENTINEL));
        }
    }
}
