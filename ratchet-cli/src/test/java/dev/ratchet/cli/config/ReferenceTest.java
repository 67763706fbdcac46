package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The tables of docs/configuration.md are made of the list of keys. When this fails, put the file that its message names
 * between the two comments of the document.
 */
class ReferenceTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
    private static final Path EXPECTED = Path.of("target", "configuration-reference.md");
    private static final String BEGIN =
            "<!-- begin of the reference: made of the list of keys, see ReferenceTest -->\n";
    private static final String END = "<!-- end of the reference -->\n";

    @Test
    void documentWhenKeysChangeHasToFollow() throws IOException {
        String expected = reference();
        Files.createDirectories(EXPECTED.toAbsolutePath().getParent());
        Files.writeString(EXPECTED, expected);
        String document = Files.readString(DOCUMENT);

        assertThat(document).contains(BEGIN, END);
        assertThat(document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END)))
                .as("the reference; what it should be is in ratchet-cli/" + EXPECTED)
                .isEqualTo(expected);
    }

    private static String reference() {
        StringBuilder text = new StringBuilder();
        List<String> blocks = Keys.ALL.stream()
                .map(key -> key.path().replaceFirst("\\..*", ""))
                .distinct()
                .toList();
        for (String block : blocks) {
            List<Key<?>> keys = Keys.ALL.stream()
                    .filter(key -> key.path().startsWith(block + "."))
                    .toList();
            text.append("\n### ").append(block).append('\n');
            List<Key<?>> documented = keys.stream()
                    .filter(key -> !(key.type() instanceof Type.Anything))
                    .toList();
            if (!documented.isEmpty()) {
                text.append("\n| key | default | accepted | meaning |\n| --- | --- | --- | --- |\n");
                documented.forEach(key -> text.append(row(key)));
            }
            unused(text, keys, Key.Use.WITHOUT_MEANING, "Accepted for compatibility, without a meaning here: ");
            unused(text, keys, Key.Use.LATER, "Accepted, without effect in this version: ");
        }
        return text.append('\n').toString();
    }

    private static void unused(StringBuilder text, List<Key<?>> keys, Key.Use use, String words) {
        String names = keys.stream()
                .filter(key -> key.use() == use && key.type() instanceof Type.Anything)
                .map(key -> "`" + key.path() + "`")
                .collect(Collectors.joining(",\n"));
        if (!names.isEmpty()) {
            text.append('\n').append(words.strip()).append('\n').append(names).append(".\n");
        }
    }

    private static String row(Key<?> key) {
        String names = "`" + key.path() + "`"
                + key.aliases().stream().map(alias -> ", or `" + alias + "`").collect(Collectors.joining())
                + (key.variable().isEmpty() ? "" : "; `" + Key.PREFIX + key.variable() + "`");
        JsonNode initial = key.shownInitial();
        String value =
                initial == null ? key.initially() : "`" + (initial.isString() ? initial.asString() : initial) + "`";
        String later = key.use() == Key.Use.LATER ? " (without effect in this version)" : "";
        return "| " + names + " | " + value + " | " + key.type().accepted() + " | " + key.about() + later + " |\n";
    }
}
