package dev.ratchet.execution.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.execution.recording.JsonDiff;
import dev.ratchet.execution.testing.MockFetch.Reply;
import dev.ratchet.execution.testing.TestCase.Expectation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestCasesTest {
    private static final String PATH = "tests/basic.json";

    @Test
    void parseWhenEverythingIsGivenReadsIt() {
        TestCase test = one("""
                {"name": "adds", "description": "two numbers", "input": {"a": 1}, "expected_output": {"sum": 1},
                 "match": "subset", "clock": "2026-02-03T04:05:06.7891Z", "seed": 42,
                 "secrets": {"TOKEN": "abcdef"},
                 "mocks": [{"method": "post", "url": "https://a.example/*", "status": 201, "statusText": "Created",
                            "headers": {"X-A": "1", "Set-Cookie": ["a=1", "b=2"]}, "body": {"ok": true},
                            "delay": "1.5s", "times": 2, "requestBody": {"n": 1}}]}
                """);

        assertThat(test.name()).isEqualTo("adds");
        assertThat(test.description()).isEqualTo("two numbers");
        assertThat(test.input()).isEqualTo(new JsonText("{\"a\":1}"));
        assertThat(test.expectation())
                .isEqualTo(new Expectation.Output(new JsonText("{\"sum\":1}"), JsonDiff.Mode.SUBSET));
        assertThat(test.clockTicks()).isEqualTo(17_700_915_067_891L);
        assertThat(test.seed()).isEqualTo("42");
        assertThat(test.secrets().reveal()).containsEntry("TOKEN", "abcdef");
        MockFetch mock = test.mocks().getFirst();
        assertThat(mock.method()).isEqualTo("POST");
        assertThat(mock.url()).isEqualTo(new UrlPattern.Glob("https://a.example/*"));
        assertThat(mock.delay()).isEqualTo(Duration.ofMillis(1500));
        assertThat(mock.times()).isEqualTo(2);
        assertThat(mock.requestBody()).isEqualTo(new JsonText("{\"n\":1}"));
        Reply.Respond reply = (Reply.Respond) mock.reply();
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.headers())
                .containsExactly(
                        new HttpHeader("content-type", "application/json"),
                        new HttpHeader("X-A", "1"),
                        new HttpHeader("Set-Cookie", "a=1"),
                        new HttpHeader("Set-Cookie", "b=2"));
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("{\"ok\":true}");
    }

    @Test
    void parseWhenTheContentTypeIsNullAddsNone() {
        TestCase test =
                one("{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"body\":{},\"headers\":{\"Content-Type\":null}}]}");

        assertThat(((Reply.Respond) test.mocks().getFirst().reply()).headers()).isEmpty();
    }

    @Test
    void parseWhenTheExampleOfTheManualIsReadAcceptsIt() throws IOException {
        String manual = Files.readString(Path.of("..", "docs", "recording.md"));
        int start = manual.indexOf("```json\n") + "```json\n".length();

        TestCase test = one(manual.substring(start, manual.indexOf("```", start)));

        assertThat(test.mocks()).hasSize(3);
    }

    @Test
    void parseWhenLittleIsGivenTakesDefaults() {
        TestCase test = one("{\"expected\": null, \"mocks\": [{\"url\": \"https://a.example\"}]}");

        assertThat(test.name()).isEqualTo("basic");
        assertThat(test.input()).isEqualTo(JsonText.EMPTY_OBJECT);
        assertThat(test.expectation()).isEqualTo(new Expectation.Output(JsonText.NULL, JsonDiff.Mode.EXACT));
        assertThat(test.clockTicks()).isEqualTo(17_672_256_000_000L);
        assertThat(test.seed()).isEqualTo(TestCases.DEFAULT_SEED);
        MockFetch mock = test.mocks().getFirst();
        assertThat(mock.method()).isNull();
        assertThat(mock.times()).isEqualTo(MockFetch.UNLIMITED);
        Reply.Respond reply = (Reply.Respond) mock.reply();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers()).isEmpty();
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void parseWhenTheFileIsAnArrayReadsEveryCase() {
        TestCases.Parsed parsed = parse("[{\"expected\":1},{\"name\":\"b\",\"should_fail\":true}]");

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.cases()).extracting(TestCase::name).containsExactly("basic #1", "b");
        assertThat(parsed.cases()).extracting(TestCase::index).containsExactly(0, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"expected_error\": \"boom\"} | FailureText[text=boom]",
                "{\"expected_error\": {\"type\": \"E\", \"message\": \"m\"}} | Failure[type=E, message=m]",
                "{\"expected_error\": {\"type\": \"E\"}, \"should_fail\": true} | Failure[type=E, message=null]",
                "{\"should_fail\": true} | AnyFailure[]",
                "{\"should_fail\": false} | AnyOutput[]",
            })
    void parseWhenAFailureIsExpectedReadsWhich(String json, String expectation) {
        assertThat(one(json).expectation()).hasToString(expectation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"error\": \"refused\"} | Fail[reason=CONNECT, message=refused]",
                "{\"error\": {\"reason\": \"timeout\", \"message\": \"slow\"}} | Fail[reason=TIMEOUT, message=slow]",
            })
    void parseWhenAMockFailsReadsHow(String mock, String reply) {
        TestCase test = one("{\"expected\":1,\"mocks\":[" + mock.replace("{\"error", "{\"url\":\"*\",\"error") + "]}");

        assertThat(test.mocks().getFirst().reply()).hasToString(reply);
    }

    @ParameterizedTest
    @CsvSource({"250,PT0.25S", "0.5,PT0.0005S", "'\"20ms\"',PT0.02S", "'\"2m\"',PT2M", "'\"PT3S\"',PT3S"})
    void parseWhenAMockIsDelayedReadsTheDuration(String delay, Duration expected) {
        TestCase test = one("{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"delay\":" + delay + "}]}");

        assertThat(test.mocks().getFirst().delay()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | tests/basic.json: expects nothing; accepted: expected_output (or expected), expected_error or should_fail",
                "{\"expcted_output\":1,\"expected\":1} | tests/basic.json#/expcted_output: unknown key 'expcted_output'; did you mean 'expected_output'?",
                "{\"shouldFail\":true,\"expected\":1} | tests/basic.json#/shouldFail: unknown key 'shouldFail'; did you mean 'should_fail'?",
                "{\"zzz\":1,\"expected\":1} | tests/basic.json#/zzz: unknown key 'zzz'; accepted: clock, description,",
                "{\"expected\":1,\"expected_output\":1} | #/expected: says the same as expected_output",
                "{\"expected\":1,\"should_fail\":true} | a task that fails has no output",
                "{\"expected_error\":\"x\",\"should_fail\":false} | #/should_fail: is false, which contradicts",
                "{\"expected_error\":5} | #/expected_error: must be a string",
                "{\"expected\":1,\"match\":\"fuzzy\"} | #/match: 'fuzzy' is unknown; accepted: exact, subset",
                "{\"should_fail\":true,\"match\":\"exact\"} | #/match: says how to compare expected_output, which is missing",
                "{\"expected\":1,\"clock\":\"noon\"} | #/clock: must be an instant",
                "{\"expected\":1,\"clock\":9223372036854775807} | #/clock: must be an instant",
                "{\"expected\":1,\"seed\":1.5} | #/seed: must be a string",
                "{\"expected\":1,\"secrets\":{\"A\":\"abc\"}} | #/secrets/A: secret A is shorter than 4",
                "{\"expected\":1,\"name\":1} | #/name: must be a string",
                "{\"expected\":1,\"mocks\":{}} | #/mocks: must be an array",
                "{\"expected\":1,\"mocks\":[{}]} | #/mocks/0/url: is missing",
                "{\"expected\":1,\"mocks\":[{\"url\":\"users\"}]} | #/mocks/0/url: 'users' matches nothing",
                "{\"expected\":1,\"mocks\":[{\"url\":\"/(/\"}]} | #/mocks/0/url: not a regular expression in RE2 syntax",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"status\":99}]} | #/mocks/0/status: must be an integer from 200 to 599",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"error\":\"x\",\"status\":200}]} | #/mocks/0/status: belongs to a response",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"error\":{\"reason\":\"x\"}}]} | #/mocks/0/error/reason: 'x' is unknown; accepted: bad_url",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"body\":1,\"bodyBase64\":\"AA==\"}]} | #/mocks/0/bodyBase64: goes without body",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"bodyBase64\":\"?\"}]} | #/mocks/0/bodyBase64: is not Base64",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"delay\":\"soon\"}]} | #/mocks/0/delay: must be milliseconds",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"times\":0}]} | #/mocks/0/times: must be an integer from 1",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"headers\":{\"a b\":\"1\"}}]} | #/mocks/0/headers/a b: is not a header name",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"headers\":{\"a\":{}}}]} | #/mocks/0/headers/a: must be a string",
                "{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"method\":\"G T\"}]} | #/mocks/0/method: 'G T' is no method",
                "[] | must be a test case as a JSON object, or an array of 1 to",
                "[1] | #/0: must be a test case as a JSON object",
                "{\"expected\":1,} | tests/basic.json:1:15: not readable as JSON",
                "{\"expected\":1,\"expected\":2} | not readable as JSON: Duplicate",
            })
    void parseWhenSomethingIsWrongNamesThePlaceAndWhatIsAccepted(String json, String problem) {
        TestCases.Parsed parsed = parse(json);

        assertThat(parsed.cases()).isEmpty();
        assertThat(parsed.problems()).hasSize(1);
        assertThat(parsed.problems().getFirst().toString()).contains(problem);
    }

    @Test
    void parseWhenSeveralThingsAreWrongReportsThemAll() {
        TestCases.Parsed parsed = parse("[{\"nam\":1,\"clock\":true,\"expected\":1},{\"expected\":2},{}]");

        assertThat(parsed.problems()).extracting(Problem::position).containsExactly("/0/nam", "/0/clock", "/2");
        assertThat(parsed.cases()).extracting(TestCase::index).containsExactly(1);
    }

    @Test
    void parseWhenReasonsAreListedNamesEveryOne() {
        for (HttpAnswer.Reason reason : HttpAnswer.Reason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            TestCase test = one("{\"expected\":1,\"mocks\":[{\"url\":\"*\",\"error\":{\"reason\":\"" + name + "\"}}]}");

            assertThat(test.mocks().getFirst().reply()).isEqualTo(new Reply.Fail(reason, ""));
        }
    }

    private static TestCases.Parsed parse(String json) {
        return TestCases.parse(PATH, new JsonText(json));
    }

    private static TestCase one(String json) {
        TestCases.Parsed parsed = parse(json);
        assertThat(parsed.problems()).isEqualTo(List.of());
        assertThat(parsed.cases()).hasSize(1);
        return parsed.cases().getFirst();
    }
}
