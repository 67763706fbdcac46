package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageFilesTest {
    private final PackageFiles files = new PackageFiles(
            Map.of("main.js", "", "a.js", "", "a.json", "", "lib/index.js", "", "lib/b.cjs", "", "lib/data.json", ""),
            "main.js");

    @ParameterizedTest
    @CsvSource({
        "main.js, ./a, a.js",
        "main.js, ./a.json, a.json",
        "main.js, ./lib, lib/index.js",
        "main.js, ./lib/, lib/index.js",
        "main.js, ./lib/b, lib/b.cjs",
        "main.js, ./lib/../lib/./data, lib/data.json",
        "lib/b.cjs, ., lib/index.js",
        "lib/b.cjs, ../a, a.js",
        "lib/b.cjs, ./data.json, lib/data.json"
    })
    void resolveWhenAFileIsThereFindsIt(String from, String specifier, String expected) {
        assertThat(files.resolve(from, specifier)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "main.js, a",
        "main.js, /a.js",
        "main.js, ./gone",
        "main.js, ../a",
        "lib/b.cjs, ../../a",
        "main.js, .",
        "main.js, node:fs"
    })
    void resolveWhenThePathLeadsElsewhereFindsNothing(String from, String specifier) {
        assertThat(files.resolve(from, specifier)).isNull();
    }

    @Test
    void createWhenTheEntryIsMissingIsRefused() {
        assertThatThrownBy(() -> new PackageFiles(Map.of("a.js", ""), "main.js"))
                .hasMessageContaining("entry file 'main.js'");
    }
}
