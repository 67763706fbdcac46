package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The URL vectors of web-platform-tests, run by {@code URL} as a task sees it. They lie in the folder {@code wpt} of the
 * one named by {@code RATCHET_VECTORS}; without it the tests are skipped. A vector that fails has to stand, with its
 * reason, in {@code url-vectors-exceptions.txt}, and one that stands there has to fail.
 */
class UrlVectorsTest {

    private static final String PARSE = """
            (json) => {
                const failures = [];
                for (const test of JSON.parse(json)) {
                    if (typeof test === 'string') continue;
                    const name = JSON.stringify(test.input) + ' ' + JSON.stringify(test.base ?? null);
                    let url;
                    try {
                        url = test.base == null ? new URL(test.input) : new URL(test.input, test.base);
                    } catch (error) {
                        if (!test.failure) failures.push(name + ': ' + error.message);
                        continue;
                    }
                    if (test.failure) {
                        failures.push(name + ': parsed as ' + url.href);
                        continue;
                    }
                    for (const part of ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname',
                            'port', 'pathname', 'search', 'hash']) {
                        if (test[part] !== undefined && url[part] !== test[part]) {
                            failures.push(name + ': ' + part + ' is ' + JSON.stringify(url[part]));
                        }
                    }
                    if (test.searchParams !== undefined && url.searchParams.toString() !== test.searchParams) {
                        failures.push(name + ': searchParams is ' + url.searchParams);
                    }
                    if (new URL(url.href).href !== url.href) failures.push(name + ': does not parse back');
                }
                return failures.join('\\n');
            }""";

    private static final String SET = """
            (json) => {
                const failures = [];
                for (const [part, tests] of Object.entries(JSON.parse(json))) {
                    if (part === 'comment') continue;
                    for (const test of tests) {
                        const name = part + ' ' + JSON.stringify(test.href) + ' ' + JSON.stringify(test.new_value);
                        const url = new URL(test.href);
                        try {
                            url[part] = test.new_value;
                        } catch (error) {
                            failures.push(name + ': ' + error.message);
                        }
                        for (const [got, expected] of Object.entries(test.expected)) {
                            if (url[got] !== expected) {
                                failures.push(name + ': ' + got + ' is ' + JSON.stringify(url[got]));
                            }
                        }
                    }
                }
                return failures.join('\\n');
            }""";

    private static final String TO_ASCII = """
            (json) => {
                const failures = [];
                for (const test of JSON.parse(json)) {
                    if (typeof test === 'string') continue;
                    const name = JSON.stringify(test.input);
                    let host = null;
                    try {
                        host = new URL('https://' + test.input + '/x').host;
                    } catch (error) {
                        // What is expected when there is no output.
                    }
                    if (host !== test.output) failures.push(name + ': is ' + JSON.stringify(host));
                    for (const part of ['host', 'hostname']) {
                        const url = new URL('https://x/x');
                        url[part] = test.input;
                        const expected = test.output ?? 'x';
                        if (url[part] !== expected) failures.push(name + ': set ' + part + ' is ' + url[part]);
                    }
                }
                return failures.join('\\n');
            }""";

    private static final String PERCENT = """
            (json) => {
                const failures = [];
                for (const test of JSON.parse(json)) {
                    if (typeof test === 'string') continue;
                    for (const [encoding, expected] of Object.entries(test.output)) {
                        const got = new URL('https://x/?' + test.input).search.slice(1);
                        if (got !== expected) failures.push(JSON.stringify(test.input) + ' ' + encoding + ': is ' + got);
                    }
                }
                return failures.join('\\n');
            }""";

    @ParameterizedTest
    @CsvSource({"urltestdata.json", "urltestdata-javascript-only.json"})
    void urlWhenParsedMatchesVectors(String file) throws IOException {
        check(file, PARSE);
    }

    @Test
    void urlWhenPartIsSetMatchesVectors() throws IOException {
        check("setters_tests.json", SET);
    }

    @Test
    void hostWhenInternationalMatchesVectors() throws IOException {
        check("toascii.json", TO_ASCII);
    }

    @Test
    void queryWhenEncodedMatchesVectors() throws IOException {
        check("percent-encoding.json", PERCENT);
    }

    private static void check(String file, String script) throws IOException {
        String folder = System.getenv("RATCHET_VECTORS");
        assumeTrue(folder != null, "RATCHET_VECTORS is not set, so there are no vectors to run");
        String json = Files.readString(Path.of(folder, "wpt", file));

        List<String> failures;
        try (var guest = new GuestFixture()) {
            String text = guest.evaluate(script).execute(json).asString();
            failures = text.isEmpty() ? List.of() : Arrays.asList(text.split("\n"));
        }

        var known = exceptions(file);
        var unexpected = new ArrayList<String>();
        for (String failure : failures) {
            if (known.stream().noneMatch(failure::startsWith)) {
                unexpected.add(failure);
            }
        }
        assertThat(unexpected).isEmpty();
        assertThat(known).allSatisfy(name -> assertThat(failures).anyMatch(failure -> failure.startsWith(name)));
    }

    /** The lines of the file's section; comments and blank lines left out. */
    private static List<String> exceptions(String file) throws IOException {
        String text;
        try (var in = UrlVectorsTest.class.getResourceAsStream("url-vectors-exceptions.txt")) {
            text = new String(Objects.requireNonNull(in, "exceptions").readAllBytes(), StandardCharsets.UTF_8);
        }
        var result = new ArrayList<String>();
        boolean inside = false;
        for (String line : text.split("\n")) {
            if (line.startsWith("[")) {
                inside = line.equals("[" + file + "]");
            } else if (inside && !line.isBlank() && !line.startsWith("# ")) {
                result.add(line);
            }
        }
        return result;
    }
}
