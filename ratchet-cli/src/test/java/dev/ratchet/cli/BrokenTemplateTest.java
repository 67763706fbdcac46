package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ratchet.cli.CommandLineHarness.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Breaks a fresh task in the usual ways: each message says where, what and what would be accepted. */
class BrokenTemplateTest {
    private final CommandLineHarness ratchet = new CommandLineHarness();

    @TempDir
    private Path directory;

    private Path task;

    @FunctionalInterface
    interface Damage {
        void to(Path task) throws IOException;
    }

    @BeforeEach
    void generate() {
        task = directory.resolve("fresh");
        Outcome outcome = ratchet.run("generate", "task", "--path", task.toString(), "--label", "fresh");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                broken("no metadata", task -> Files.delete(task.resolve("metadata.json")), "metadata.json", "--fix"),
                broken(
                        "metadata that is no JSON",
                        edit("metadata.json", "\"label\"", "label"),
                        "metadata.json:5:3: ",
                        "double-quote"),
                broken(
                        "a version that is not semantic",
                        edit("metadata.json", "\"1.0.0\"", "\"1.0\""),
                        "metadata.json#/version: ",
                        "\"1.0\"",
                        "accepted: \"1.0.0\""),
                broken(
                        "a misspelt limit",
                        edit("metadata.json", "\"tags\"", "\"limits\": {\"wallTimes\": 3}, \"tags\""),
                        "metadata.json#/limits/wallTimes: ",
                        "did you mean \"wallTime\"?",
                        "accepted: cpuTime"),
                broken(
                        "a limit that is none",
                        edit("metadata.json", "\"tags\"", "\"limits\": {\"memory\": \"lots\"}, \"tags\""),
                        "metadata.json#/limits/memory: ",
                        "lots",
                        "64MiB"),
                broken(
                        "a host with a scheme",
                        edit("metadata.json", "\"tags\"", "\"permissions\": {\"net\": [\"https://x/\"]}, \"tags\""),
                        "metadata.json#/permissions/net/0: ",
                        "accepted: \"api.example.com\""),
                broken(
                        "a faulty schema",
                        edit("input.schema.json", "\"string\"", "\"strin\""),
                        "input.schema.json#/properties/name/type: ",
                        "\"string\""),
                broken(
                        "a pattern that a linear-time engine cannot run",
                        edit("input.schema.json", "\"minLength\": 1", "\"pattern\": \"(?<=a)b\""),
                        "input.schema.json#/properties/name/pattern: ",
                        "RE2"),
                broken(
                        "a syntax error",
                        task -> Files.writeString(task.resolve("main.js"), "function main() {\n  return {;\n}\n"),
                        "main.js:2:11: SyntaxError"),
                broken(
                        "a syntax error in another file",
                        task -> {
                            Files.writeString(task.resolve("lib.js"), "export const a = ;\n");
                            Files.writeString(
                                    task.resolve("main.js"),
                                    "import { a } from './lib.js';\nexport default () => a;\n");
                        },
                        "lib.js:1:18: SyntaxError"),
                broken(
                        "no function",
                        task -> Files.writeString(task.resolve("main.js"), "const x = 1;\n"),
                        "main.js: no function to call",
                        "accepted are a global `function main(input, context)`",
                        "export default"),
                broken("no code", task -> Files.delete(task.resolve("main.js")), "main.mjs, main.js and task.js"),
                broken(
                        "a misspelt key of a test",
                        edit("tests/test-001.json", "expected_output", "expected_ouput"),
                        "tests/test-001.json#/expected_ouput: ",
                        "did you mean 'expected_output'?"),
                broken(
                        "a test that its schema forbids",
                        edit("tests/test-001.json", "\"name\": \"World\"", "\"name\": 7"),
                        "tests/test-001.json#/input/name: ",
                        "accepted: string"),
                broken(
                        "an import of a file that is not there",
                        edit("main.js", "function main", "import './nothing.js';\nexport function main"),
                        "main.js",
                        "nothing.js",
                        "no such file in this package"),
                broken(
                        "an import of a library",
                        edit("main.js", "function main", "import _ from 'lodash';\nexport function main"),
                        "main.js",
                        "lodash",
                        "only files of this package",
                        "'./file.js'"));
    }

    private static Arguments broken(String what, Damage damage, String... said) {
        return arguments(what, damage, List.of(said));
    }

    private static Damage edit(String file, String from, String to) {
        return task -> {
            String text = Files.readString(task.resolve(file));
            assertThat(text).contains(from);
            Files.writeString(task.resolve(file), text.replace(from, to));
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void validateWhenTaskIsBrokenSaysWhereAndWhatIsAccepted(String what, Damage damage, List<String> said)
            throws IOException {
        damage.to(task);

        Outcome outcome = ratchet.run("validate", "--from-fs", task.toString());

        assertThat(outcome.exitCode()).as(what).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).startsWith("error ").contains(said).contains("is not valid");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void validateWhenSeveralThingsAreBrokenReportsThemAtOnce() throws IOException {
        edit("metadata.json", "\"1.0.0\"", "\"1.0\"").to(task);
        edit("input.schema.json", "\"string\"", "\"strin\"").to(task);
        Files.delete(task.resolve("main.js"));

        Outcome outcome = ratchet.run("validate", "--from-fs", task.toString());

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).contains("metadata.json#/version", "input.schema.json#/", "main.mjs");
    }

    @Test
    void runOnceWhenTaskIsBrokenSaysTheSameOnStandardError() throws IOException {
        edit("metadata.json", "\"1.0.0\"", "\"1.0\"").to(task);

        Outcome outcome = ratchet.run("run-once", "--from-fs", task.toString(), "--input-json", "{\"name\": \"x\"}");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("is not a valid task package", "metadata.json#/version: \"1.0\"");
    }
}
