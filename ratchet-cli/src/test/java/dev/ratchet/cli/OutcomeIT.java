package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ratchet.cli.Distribution.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken and hostile tasks, each run by the real program: exit code, words, and nothing left behind. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "the launcher is a shell script; ratchet.cmd is not tested")
class OutcomeIT {
    private static final Duration SHORTLY = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private Distribution ratchet;

    @BeforeEach
    void prepare() throws Exception {
        ratchet = new Distribution(directory);
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                ending("throws", """
                        export default function main() {
                          const x = 1;
                          throw new RangeError("no " + x);
                        }
                        """, 1, "task failed: RangeError: no 1", "at main (main.js:3:9)"),
                ending(
                        "rejects",
                        "export default async () => { await null; throw new ValidationError('bad'); }",
                        1,
                        "task failed: ValidationError: bad",
                        "main.js:1:"),
                ending(
                        "throws-a-string",
                        "export default () => { throw 'just text'; }",
                        1,
                        "task failed: ",
                        "just text"),
                ending(
                        "cyclic",
                        "export default () => { const a = {}; a.self = a; return {deep: [a]}; }",
                        1,
                        "output is not valid",
                        "/deep/0/self",
                        "contains itself"),
                ending("bigint", "export default () => ({n: 1n})", 1, "output is not valid", "/n", "BigInt"),
                ending("function", "export default () => () => 1", 1, "output is not valid", "a function"),
                ending(
                        "never-settles",
                        "export default () => new Promise(() => {})",
                        1,
                        "output is not valid",
                        "never settle"),
                ending("endless-loop", "export default () => { while (true) {} }", 3, "wallTime", "1.0 s", "--timeout"),
                ending(
                        "endless-microtasks",
                        "export default () => new Promise(() => { const f = () => Promise.resolve().then(f); f(); })",
                        3,
                        "wallTime",
                        "1.0 s"),
                ending(
                        "endless-timers",
                        "export default () => new Promise(() => { setInterval(() => {}, 1); })",
                        3,
                        "wallTime",
                        "1.0 s"),
                ending(
                        "deaf-to-abort",
                        "export default () => { for (;;) { try { while (true) {} } catch (e) {} finally { continue; } } }",
                        3,
                        "wallTime"),
                ending(
                        "regex-bomb",
                        "export default () => /^(a+)+\\1$/.test('a'.repeat(60) + 'b')",
                        3,
                        "wallTime",
                        "1.0 s"),
                ending(
                        "array-hog",
                        "export default () => { const a = []; for (;;) a.push(new Array(1000).fill(Math.random())); }",
                        3,
                        "memory",
                        "128.0 MiB",
                        "limits.memory"),
                ending(
                        "buffer-hog",
                        "export default () => { const a = []; for (;;) a.push(new ArrayBuffer(8 << 20)); }",
                        3,
                        "memory",
                        "128.0 MiB",
                        "limits.memory"),
                ending(
                        "large-output",
                        "export default () => 'x'.repeat(20 * 1024 * 1024)",
                        3,
                        "outputBytes",
                        "10.0 MiB",
                        "limits.outputBytes"),
                ending(
                        "deep-recursion",
                        "export default () => { const f = () => 1 + f(); return f(); }",
                        1,
                        "task failed: RangeError: Maximum call stack size exceeded"),
                ending("process", "export default () => process.exit(0)", 1, "ReferenceError: process is not defined"),
                ending(
                        "java",
                        "export default () => Java.type('java.lang.System').exit(0)",
                        1,
                        "ReferenceError: Java is not defined"),
                ending("load", "export default () => load('/etc/passwd')", 1, "ReferenceError: load is not defined"),
                ending(
                        "escape-by-constructor",
                        "export default () => (0).constructor.constructor('return Packages.java')()",
                        1,
                        "ReferenceError: Packages is not defined"),
                ending(
                        "requires-fs",
                        "const fs = require('fs'); module.exports = () => fs.readFileSync('/etc/passwd', 'utf8');",
                        1,
                        "cannot require 'fs'",
                        "relative path",
                        "main.js:1:12"),
                ending(
                        "imports-dynamically",
                        "export default async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8')",
                        1,
                        "cannot import 'node:fs'",
                        "relative path"),
                ending(
                        "syntax-error",
                        "export default function main() {\n  return {;\n}\n",
                        2,
                        "task package is not valid",
                        "main.js:2:11: SyntaxError"));
    }

    private static Arguments ending(String name, String code, int exitCode, String... said) {
        return arguments(name, code, exitCode, List.of(said));
    }

    @ParameterizedTest(name = "{0} ends with {2}")
    @MethodSource("endings")
    void runOnceWhenTaskIsBrokenSaysHowAndLeavesNothing(String name, String code, int exitCode, List<String> said)
            throws Exception {
        Path task = ratchet.task(name, code);

        Finished run = ratchet.run(
                "run-once", "--from-fs", task.toString(), "--timeout", said.contains("memory") ? "60" : "1");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("ratchet: ").contains(said);
        ratchet.assertNothingLeft(SHORTLY);
    }

    @Test
    void runOnceWhenInputIsInvalidNamesThePlaceAndDoesNotRun() throws Exception {
        Path example = Path.of("..", "examples", "tasks", "hello").toRealPath();

        Finished run = ratchet.run("run-once", "--from-fs", example.toString(), "--input-json", "{\"name\": 7}");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("the input is not valid; the task did not run", "/name");
    }

    @Test
    void runOnceWhenConsoleIsFloodedGoesOnAndSaysWhatWasDropped() throws Exception {
        Path task = ratchet.task(
                "flood",
                "export default () => { for (let i = 0; i < 60000; i++) console.log('x'.repeat(60)); return 1; }");

        Finished run = ratchet.run("run-once", "--from-fs", task.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualToIgnoringWhitespace("1");
        assertThat(run.err()).containsPattern("ratchet: \\d+ bytes of log were over the limit and dropped");
        assertThat(run.err().length()).isBetween(500_000, 3_000_000);
    }

    @Test
    void runOnceWhenRecursionIsCaughtGoesOn() throws Exception {
        Path task = ratchet.task("deep", """
                export default () => {
                  const f = () => 1 + f();
                  try { f(); } catch (e) { return e instanceof RangeError; }
                };
                """);

        Finished run = ratchet.run("run-once", "--from-fs", task.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualToIgnoringWhitespace("true");
    }

    @Test
    void runOnceWhenAskedForAReportGivesOneWhateverTheOutcome() throws Exception {
        Path task = ratchet.task("loop", "export default () => { while (true) {} }");

        Finished run = ratchet.run("run-once", "--from-fs", task.toString(), "--timeout", "0.3", "--format", "report");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("\"outcome\": \"LimitExceeded\"", "\"limit\": \"wallTime\"", "\"allowed\": 300");
        ratchet.assertNothingLeft(SHORTLY);
    }

    @Test
    void testWhenOneCaseHasToBeKilledRunsTheOthers() throws Exception {
        Path task = ratchet.task("mixed", "export default (input) => { while (input.spin) {} return 'fine'; }");
        Files.writeString(task.resolve("tests").resolve("any.json"), """
                [{"name": "spins", "input": {"spin": true}, "expected_output": "fine"},
                 {"name": "is stopped", "input": {"spin": true}, "expected_error": "LimitExceeded"},
                 {"name": "works", "input": {}, "expected_output": "fine"},
                 {"name": "works again", "input": {}, "expected_output": "fine"}]
                """);

        Finished run = ratchet.run("test", "--from-fs", task.toString(), "--timeout", "1", "--format", "tap");

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(1);
        assertThat(run.out().lines().filter(line -> line.startsWith("ok "))).hasSize(3);
        assertThat(run.out().lines().filter(line -> line.startsWith("not ok ")))
                .singleElement()
                .asString()
                .contains("spins");
        ratchet.assertNothingLeft(SHORTLY);
    }
}
