package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of any language, whatever the locale, and text that would do something to a terminal. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "the launcher is a shell script; ratchet.cmd is not tested")
class Utf8IT {
    private static final String TEXT = "Zoë Ελλάδα 日本 🎉";

    @TempDir
    private Path directory;

    private Distribution ratchet;

    @BeforeEach
    void prepare() throws Exception {
        ratchet = new Distribution(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8", ""})
    void runOnceWhenLocaleIsAnyKeepsUnicode(String locale) throws Exception {
        // The words come from a file of UTF-8, because the JVM of this test may be under another locale.
        Path script = Files.writeString(
                directory.resolve("run.sh"), """
                unset LANG LC_CTYPE
                LC_ALL='%s' exec '%s' run-once --from-fs 'unicode' --input-json '{"text": "%s"}'
                """.formatted(locale, Distribution.PROGRAM, TEXT), StandardCharsets.UTF_8);
        ratchet.task("unicode", """
                export default ({ text }) => {
                  console.warn('warned of ' + text);
                  return { text, same: text === 'Zo\\u00eb \\u0395\\u03bb\\u03bb\\u03ac\\u03b4\\u03b1 \\u65e5\\u672c \\u{1f389}' };
                };
                """);

        Finished run = ratchet.startCommand(List.of("sh", script.toString())).await();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"text\": \"" + TEXT + "\"", "\"same\": true");
        assertThat(run.err()).contains("warned of " + TEXT);
    }

    @Test
    void runOnceWhenInputComesFromStandardInputKeepsUnicode() throws Exception {
        Path task = ratchet.task("echo", "export default (input) => input");

        Finished run = ratchet.variable("LC_ALL", "C")
                .start("run-once", "--from-fs", task.toString(), "--input-file", "-", "--format", "json")
                .input("\"" + TEXT + "\"")
                .await();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("\"" + TEXT + "\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretty", "json", "report"})
    void runOnceWhenTaskWritesControlCharactersShowsThemAsText(String format) throws Exception {
        Path task = ratchet.task("hostile", """
                const evil = '\\u001b]0;title\\u0007 \\u001b[2J \\u009b31m \\r \\u0008 \\u007f \\u202e';
                export default () => {
                  console.log('log ' + evil);
                  return { evil };
                };
                """);

        Finished run = ratchet.run("run-once", "--from-fs", task.toString(), "--format", format);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertHarmless(run.out());
        assertHarmless(run.err());
        assertThat(run.err()).contains("log \\x1b]0;title\\x07");
    }

    @Test
    void runOnceWhenErrorHasControlCharactersShowsThemAsText() throws Exception {
        Path task = ratchet.task("hostile", """
                export default () => {
                  const error = new Error('\\u001b[31mred\\u001b[0m \\u009b2J\\nratchet: forged');
                  error.name = 'Evil\\u001b[5m';
                  throw error;
                };
                """);

        Finished run = ratchet.run("run-once", "--from-fs", task.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertHarmless(run.err());
        assertThat(run.err()).contains("\\x1b[31mred");
        assertThat(run.err().lines().filter(line -> line.startsWith("ratchet: ")))
                .hasSize(1);
    }

    @Test
    void testWhenTaskIsHostileReportsWithoutControlCharacters() throws Exception {
        Path task = ratchet.task("hostile", "export default () => { throw new Error('\\u001b[2J\\u009b2J'); }");

        Finished run = ratchet.run("test", "--from-fs", task.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertHarmless(run.out());
        assertHarmless(run.err());
    }

    private static void assertHarmless(String text) {
        assertThat(text.codePoints()
                        .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
                        .mapToObj(Integer::toHexString))
                .isEmpty();
    }
}
