package dev.ratchet.execution.testing;

import static dev.ratchet.execution.recording.ScriptedRunner.call;
import static dev.ratchet.execution.recording.ScriptedRunner.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.http.FetchHandler.FetchReply;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.execution.recording.FetchOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MockFetchesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://a.example | https://a.example/ | true",
                "HTTPS://A.example:443/x | https://a.example/x | true",
                "http://a.example:80/x | http://a.example/x | true",
                "http://a.example:8080/x | http://a.example/x | false",
                "https://a.example/x?b=2&a=1 | https://a.example/x?a=1&b=2 | true",
                "https://a.example/x?q=a b | https://a.example/x?q=a+b | true",
                "https://a.example/x?q=ä | https://a.example/x?q=%C3%A4 | true",
                "https://a.example/ä b | https://a.example/%C3%A4%20b | true",
                "https://a.example/x | https://a.example/x#part | true",
                "https://a.example/x | https://a.example/x?a=1 | false",
                "https://a.example/X | https://a.example/x | false",
                "https://a.example/* | https://a.example/x/y?z | true",
                "*/users/*/posts | https://a.example/users/7/posts | true",
                "*/users/*/posts | https://a.example/users/7/post | false",
                "https://a.example/?x* | https://a.example/?x=1 | true",
                "/users\\/\\d+$/ | https://a.example/users/42 | true",
                "/users\\/\\d+$/ | https://a.example/users/x | false",
            })
    void matchesWhenAPatternIsGivenFollowsItsForm(String pattern, String url, boolean expected) {
        assertThat(UrlPattern.parse(pattern).matches(url)).isEqualTo(expected);
    }

    @Test
    @Timeout(30)
    void matchesWhenAGlobHasManyStarsTakesLinearTime() {
        assertThat(UrlPattern.parse("*a".repeat(40) + "b").matches("a".repeat(20_000)))
                .isFalse();
    }

    @Test
    void fetchWhenSeveralMocksMatchUsesTheFirstThatIsNotUsedUp() {
        MockFetches mocks = mocks("""
                [{"url": "*", "method": "GET", "body": "one", "times": 1}, {"url": "*", "body": "rest"}]
                """);

        assertThat(text(fetch(mocks, 1, "POST", "https://a.example/", "x"))).isEqualTo("rest");
        assertThat(text(fetch(mocks, 2, "GET", "https://a.example/", null))).isEqualTo("one");
        assertThat(text(fetch(mocks, 3, "GET", "https://a.example/", null))).isEqualTo("rest");
        assertThat(mocks.unmatched()).isEmpty();
    }

    @Test
    void fetchWhenARequestBodyIsGivenComparesIt() {
        MockFetches mocks = mocks("""
                [{"url": "*", "requestBody": {"a": {"b": 1}}, "body": "json"}, {"url": "*", "requestBody": "a=1", "body": "text"}]
                """);

        assertThat(text(fetch(mocks, 1, "POST", "https://a.example/", "{\"c\":2,\"a\":{\"b\":1.0}}")))
                .isEqualTo("json");
        assertThat(text(fetch(mocks, 2, "POST", "https://a.example/", "a=1"))).isEqualTo("text");
        assertThat(text(fetch(mocks, 3, "POST", "https://a.example/", "{\"a\":{\"b\":2}}")))
                .startsWith("failed");
        assertThat(mocks.unmatched().getFirst()).contains("another body: /a/b: expected 1, is 2");
    }

    @Test
    void fetchWhenAMockRespondsOrFailsGivesItWithItsDelay() {
        MockFetches mocks = mocks("""
                [{"url": "https://a.example/", "status": 404, "finalUrl": "https://b.example/", "delay": 30},
                 {"url": "*", "error": {"reason": "tls", "message": "bad certificate"}}]
                """);

        FetchReply reply = mocks.fetch(1, call("GET", "https://a.example/#x", null), new Cancellation());
        HttpAnswer.Response response = (HttpAnswer.Response) reply.answer();
        HttpAnswer failure = fetch(mocks, 2, "GET", "https://c.example/", null);

        assertThat(reply.virtualDelay()).isEqualTo(Duration.ofMillis(30));
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.url()).isEqualTo("https://b.example/");
        assertThat(response.redirected()).isTrue();
        assertThat(response.timing().startedEpochMillis()).isEqualTo(5);
        assertThat(failure).isInstanceOfSatisfying(HttpAnswer.Failure.class, f -> {
            assertThat(f.reason()).isEqualTo(HttpAnswer.Reason.TLS);
            assertThat(f.message()).isEqualTo("bad certificate");
        });
    }

    @Test
    void fetchWhenNothingMatchesNamesTheRequestAndTheNearestMocks() {
        MockFetches mocks = mocks("""
                [{"url": "https://z.example/"}, {"url": "https://a.example/users/1"},
                 {"url": "https://a.example/users/2", "method": "POST"}, {"url": "*users/2", "times": 1}]
                """);
        fetch(mocks, 1, "GET", "https://a.example/users/2", null);

        HttpAnswer answer = fetch(mocks, 2, "GET", "https://a.example/users/2", null);

        assertThat(answer).isInstanceOfSatisfying(HttpAnswer.Failure.class, f -> assertThat(f.reason())
                .isEqualTo(HttpAnswer.Reason.UNMATCHED));
        assertThat(mocks.unmatched()).containsExactly("""
                        fetch 2 has no mock: GET https://a.example/users/2; nearest mocks:
                            any method *users/2: is used up (times: 1)
                            POST https://a.example/users/2: another method
                            any method https://a.example/users/1: another URL""");
    }

    @Test
    @Timeout(30)
    void fetchWhenLaterFetchesArriveFirstGivesUsedUpMocksInTheOrderOfTheTask() {
        MockFetches mocks = mocks("""
                [{"url": "*", "body": "first", "times": 1}, {"url": "*", "body": "second", "times": 1}]
                """);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<String> second = CompletableFuture.supplyAsync(
                    () -> text(fetch(mocks, 2, "GET", "https://a.example/", null)), threads);
            String first = text(fetch(mocks, 1, "GET", "https://a.example/", null));

            assertThat(first).isEqualTo("first");
            assertThat(second.join()).isEqualTo("second");
        }
    }

    @Test
    @Timeout(30)
    void fetchWhenCancelledDoesNotWaitForEarlierFetches() {
        MockFetches mocks =
                mocks("[{\"url\": \"*\", \"body\": \"x\", \"times\": 1}]", new FetchOrder(Duration.ofHours(1)));
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        FetchReply reply = mocks.fetch(7, call("GET", "https://a.example/", null), cancellation);

        assertThat(text(reply.answer())).isEqualTo("x");
    }

    private static MockFetches mocks(String json) {
        return mocks(json, new FetchOrder());
    }

    private static MockFetches mocks(String json, FetchOrder order) {
        TestCases.Parsed parsed =
                TestCases.parse("tests/a.json", new JsonText("{\"should_fail\":false,\"mocks\":" + json + "}"));
        assertThat(parsed.problems()).isEmpty();
        return new MockFetches(parsed.cases().getFirst().mocks(), 5, order);
    }

    private static HttpAnswer fetch(MockFetches mocks, int id, String method, String url, @Nullable String body) {
        return mocks.fetch(id, call(method, url, body), new Cancellation()).answer();
    }
}
