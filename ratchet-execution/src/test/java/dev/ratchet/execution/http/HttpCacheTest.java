package dev.ratchet.execution.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Response;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.core.secret.Secrets;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCacheTest {
    private static final TaskId TASK = new TaskId(new UUID(0, 1));

    private final AtomicInteger served = new AtomicInteger();
    private final HttpGate gate = Gates.gate();
    private volatile Instant now = Gates.NOW;
    private HttpCache cache = cache(HttpCacheSettings.DEFAULTS);
    private volatile String status = "200 OK";
    private volatile String headers = "";
    private volatile String etag = "";
    private final Loopback server = Loopback.on("127.0.0.1", 0, this::serve);

    @AfterEach
    void close() throws IOException {
        gate.close();
        server.close();
    }

    private void serve(Loopback.Connection connection) throws IOException {
        while (connection.receive()) {
            Loopback.Received received = received();
            int number = served.incrementAndGet();
            String dated = headers.contains("Date:") ? headers : "Date: " + date(now) + "\r\n" + headers;
            if (!etag.isEmpty() && etag.equals(received.headers().get("If-None-Match"))) {
                connection.write("HTTP/1.1 304 Not Modified\r\nETag: " + etag + "\r\n" + dated + "\r\n");
                continue;
            }
            String tagged = etag.isEmpty() ? dated : dated + "ETag: " + etag + "\r\n";
            String body = "answer " + number;
            connection.write("HTTP/1.1 " + status + "\r\n" + tagged
                    + (status.startsWith("204") ? "\r\n" : "Content-Length: " + body.length() + "\r\n\r\n" + body));
        }
    }

    private Loopback.Received received() throws IOException {
        try {
            return server.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private static String date(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private HttpCache cache(HttpCacheSettings settings) {
        return new HttpCache(settings, () -> now);
    }

    private FetchHandler fetches(TaskId task, EgressPolicy policy, SecretMask secrets) {
        return cache.before(new LiveFetches(gate, policy), TenantId.DEFAULT, task, policy, secrets);
    }

    private Response send(HttpCall call) {
        return Gates.response(fetches(TASK, Gates.LOCAL, SecretMask.NONE)
                .fetch(1, call, new Cancellation())
                .answer());
    }

    private String get(String... requestHeaders) {
        return new String(send(Gates.get(server.url("/a"), requestHeaders)).body(), StandardCharsets.UTF_8);
    }

    private void passes(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void getWhenFreshIsAnsweredWithItsAge() {
        headers = "Cache-Control: max-age=60\r\nAge: 3\r\n";

        get();
        passes(10);
        Response second = send(Gates.get(server.url("/a#part")));

        assertThat(new String(second.body(), StandardCharsets.UTF_8)).isEqualTo("answer 1");
        assertThat(HttpHeader.first(second.headers(), "Age")).contains("13");
        assertThat(HttpHeader.first(second.headers(), "Cache-Status")).contains("ratchet; hit");
        assertThat(second.timing().dns()).isEqualTo(-1);
        assertThat(cache.figures())
                .satisfies(figures -> assertThat(figures.hits()).isEqualTo(1))
                .satisfies(figures -> assertThat(figures.misses()).isEqualTo(1))
                .satisfies(figures -> assertThat(figures.urls()).isEqualTo(1))
                .satisfies(figures -> assertThat(figures.bytes()).isBetween(100L, 10_000L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cache-Control: max-age=60|59|61",
                "Cache-Control: max-age=\"60\"|59|61",
                "Cache-Control: s-maxage=5, max-age=60|59|61",
                "cache-control: Private, MAX-AGE=60|59|61",
                "Cache-Control: max-age=60 & Age: 50|9|11",
                "Cache-Control: max-age=60 & Date: Fri, 01 May 2026 09:59:30 GMT|29|31",
                "Expires: Fri, 01 May 2026 10:01:00 GMT|59|61",
                "Expires: Friday, 01-May-26 10:01:00 GMT|59|61",
                "Cache-Control: max-age=60 & Expires: 0|59|61",
                "X: nothing said|299|301",
                "Last-Modified: Fri, 01 May 2026 09:50:00 GMT|59|61",
                "Last-Modified: Thu, 01 May 2025 09:50:00 GMT|299|301",
            })
    void getWhenLifetimeIsOverAsksAgain(String answerHeaders, int fresh, int stale) {
        headers = answerHeaders.replace(" & ", "\r\n") + "\r\n";

        assertThat(get()).isEqualTo("answer 1");
        passes(fresh);
        assertThat(get()).isEqualTo("answer 1");
        passes(stale - fresh);
        assertThat(get()).isEqualTo("answer 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: no-store, max-age=60",
                "Cache-Control: no-cache",
                "Cache-Control: no-cache=\"set-cookie\", max-age=60",
                "Cache-Control: max-age=0",
                "Cache-Control: max-age=sixty",
                "Cache-Control: max-age=60, max-age=70",
                "Cache-Control: max-age=60\r\nVary: *",
                "Expires: 0",
                "Expires: Fri, 01 May 2026 09:59:00 GMT"
            })
    void getWhenAnswerMustNotBeKeptAsksEveryTime(String answerHeaders) {
        headers = answerHeaders + "\r\n";

        assertThat(get()).isEqualTo("answer 1");
        assertThat(get()).isEqualTo("answer 2");
    }

    @ParameterizedTest
    @CsvSource({"404 Not Found,true", "204 No Content,true", "500 Oops,false", "206 Partial Content,false"})
    void getWhenStatusIsNotCacheableAsksEveryTime(String answer, boolean kept) {
        status = answer;
        headers = "Cache-Control: max-age=60\r\n";
        String path = answer.startsWith("204") ? "/empty" : "/a";

        send(Gates.get(server.url(path)));
        send(Gates.get(server.url(path)));

        assertThat(cache.figures().hits()).isEqualTo(kept ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=5", "min-fresh=55", "no-store"})
    void getWhenRequestAsksForMoreIsNotAnsweredFromTheCache(String directive) {
        headers = "Cache-Control: max-age=60\r\n";

        get();
        passes(10);

        assertThat(get("Cache-Control", directive)).isEqualTo("answer 2");
    }

    @Test
    void getWhenRequestAcceptsStaleAnswersGetsThemUnlessTheyForbidIt() {
        headers = "Cache-Control: max-age=60\r\n";
        get();
        passes(70);

        assertThat(get("Cache-Control", "max-stale=5")).isEqualTo("answer 2");
        passes(70);
        assertThat(get("Cache-Control", "max-stale=15")).isEqualTo("answer 2");

        headers = "Cache-Control: max-age=60, must-revalidate\r\n";
        assertThat(get("Cache-Control", "no-cache")).isEqualTo("answer 3");
        passes(70);
        assertThat(get("Cache-Control", "max-stale=15")).isEqualTo("answer 4");
    }

    @Test
    void getWhenOnlyTheCacheIsWantedAndItHasNothingIs504() {
        Response response = send(Gates.get(server.url("/a"), "Cache-Control", "only-if-cached"));

        assertThat(response.status()).isEqualTo(504);
        assertThat(served).hasValue(0);
    }

    @Test
    void getWhenStaleWithValidatorIsRevalidatedAndFreshAgain() {
        headers = "Cache-Control: max-age=60\r\nX-Version: 1\r\n";
        etag = "\"v1\"";
        get();
        passes(70);
        headers = "Cache-Control: max-age=100\r\nX-Version: 2\r\n";

        Response second = send(Gates.get(server.url("/a")));

        assertThat(second.status()).isEqualTo(200);
        assertThat(new String(second.body(), StandardCharsets.UTF_8)).isEqualTo("answer 1");
        assertThat(HttpHeader.first(second.headers(), "X-Version")).contains("2");
        assertThat(HttpHeader.first(second.headers(), "Age")).contains("0");
        passes(90);
        assertThat(get()).isEqualTo("answer 1");
        assertThat(served).hasValue(2);
        assertThat(cache.figures().revalidated()).isEqualTo(1);
    }

    @Test
    void getWhenNoCacheHasValidatorIsAskedAboutEveryTime() {
        headers = "Cache-Control: no-cache\r\n";
        etag = "\"v1\"";

        assertThat(get()).isEqualTo("answer 1");
        assertThat(get()).isEqualTo("answer 1");
        assertThat(served).hasValue(2);
    }

    @Test
    void getWhenChangedSinceGivesTheNewAnswer() {
        headers = "Cache-Control: max-age=60\r\n";
        etag = "\"v1\"";
        get();
        passes(70);
        etag = "\"v2\"";

        assertThat(get()).isEqualTo("answer 2");
        assertThat(get()).isEqualTo("answer 2");
    }

    @Test
    void getWhenAnswerVariesKeepsOneForEachRequest() {
        headers = "Cache-Control: max-age=60\r\nVary: Accept-Language, X-Mode\r\n";

        assertThat(get("Accept-Language", "de")).isEqualTo("answer 1");
        assertThat(get("Accept-Language", "fr")).isEqualTo("answer 2");
        assertThat(get("accept-language", "de")).isEqualTo("answer 1");
        assertThat(get("Accept-Language", "fr", "X-Mode", "a")).isEqualTo("answer 3");
        assertThat(get("Accept-Language", "fr")).isEqualTo("answer 2");
    }

    @Test
    void getWhenRequestHasCredentialsIsKeptOnlyIfPublic() {
        headers = "Cache-Control: max-age=60\r\n";
        assertThat(get("Authorization", "Bearer a")).isEqualTo("answer 1");
        assertThat(get("Authorization", "Bearer a")).isEqualTo("answer 2");
        assertThat(get()).isEqualTo("answer 3");
        assertThat(get("Cookie", "a=b")).isEqualTo("answer 4");
        assertThat(get()).isEqualTo("answer 3");

        cache.clear();
        headers = "Cache-Control: public, max-age=60\r\n";
        assertThat(get("Authorization", "Bearer a")).isEqualTo("answer 5");
        assertThat(get("Authorization", "Bearer b")).isEqualTo("answer 5");
        assertThat(get()).isEqualTo("answer 5");
    }

    @Test
    void getWhenRequestHasSecretIsNotKept() {
        headers = "Cache-Control: max-age=60\r\n";
        FetchHandler fetches = fetches(TASK, Gates.LOCAL, new Secrets(Map.of("KEY", "s3cret-key")).mask());

        for (HttpCall call : List.of(
                Gates.get(server.url("/a"), "X-Api-Key", "s3cret-key"), Gates.get(server.url("/a?key=s3cret-key")))) {
            fetches.fetch(1, call, new Cancellation());
            fetches.fetch(2, call, new Cancellation());
        }

        assertThat(served).hasValue(4);
        assertThat(cache.figures().stored()).isZero();
    }

    @Test
    void getWhenTaskOrPermissionsDifferSharesNothing() {
        headers = "Cache-Control: public, max-age=60\r\n";
        HttpCall call = Gates.get(server.url("/a"));
        get();

        fetches(new TaskId(new UUID(0, 2)), Gates.LOCAL, SecretMask.NONE).fetch(1, call, new Cancellation());
        fetches(TASK, Gates.granted("127.0.0.1", "b.test"), SecretMask.NONE).fetch(1, call, new Cancellation());
        assertThat(served).hasValue(3);

        assertThat(fetches(TASK, Gates.granted(), SecretMask.NONE)
                        .fetch(1, call, new Cancellation())
                        .answer())
                .isInstanceOf(HttpAnswer.Failure.class);
    }

    @Test
    void postWhenItSucceedsForgetsWhatItMayHaveChanged() {
        headers = "Cache-Control: max-age=60\r\n";
        get();

        status = "500 Oops";
        send(Gates.post(server.url("/a"), "x"));
        assertThat(get()).isEqualTo("answer 1");

        status = "200 OK";
        send(Gates.post(server.url("/a"), "x"));
        assertThat(get()).isEqualTo("answer 4");
    }

    @Test
    void getWhenTaskMakesItsOwnConditionsIsLeftAlone() {
        headers = "Cache-Control: max-age=60\r\n";
        etag = "\"v1\"";
        get();

        Response response = send(Gates.get(server.url("/a"), "If-None-Match", "\"v1\""));

        assertThat(response.status()).isEqualTo(304);
        assertThat(cache.figures().bypassed()).isEqualTo(1);
    }

    @Test
    void getWhenGivenBodyIsChangedKeepsItsOwn() {
        headers = "Cache-Control: max-age=60\r\n";

        send(Gates.get(server.url("/a"))).body()[0] = 'X';
        send(Gates.get(server.url("/a"))).body()[0] = 'X';

        assertThat(get()).isEqualTo("answer 1");
    }

    @Test
    void getWhenAnswersExceedTheSizeStaysWithinIt() {
        cache = cache(new HttpCacheSettings(true, 64 * 1024, Duration.ofMinutes(5), true));
        headers = "X-Padding: " + "x".repeat(2_000) + "\r\n";

        for (int i = 0; i < 100; i++) {
            send(Gates.get(server.url("/" + i)));
        }

        assertThat(cache.figures().bytes()).isBetween(1L, 64 * 1024L);
        assertThat(cache.figures().evictions()).isPositive();
    }

    @Test
    void getWhenCacheControlIsNotRespectedUsesTheDefault() {
        cache = cache(new HttpCacheSettings(true, 64 * 1024, Duration.ofSeconds(20), false));
        headers = "Cache-Control: max-age=60\r\n";

        get();
        passes(21);
        assertThat(get()).isEqualTo("answer 2");

        headers = "Cache-Control: no-store\r\n";
        passes(21);
        assertThat(get()).isEqualTo("answer 3");
        assertThat(get()).isEqualTo("answer 4");
    }

    @Test
    void beforeWhenDisabledIsTheOrigin() {
        cache = cache(new HttpCacheSettings(false, 64 * 1024, Duration.ZERO, true));
        FetchHandler origin = new LiveFetches(gate, Gates.LOCAL);

        assertThat(cache.before(origin, TenantId.DEFAULT, TASK, Gates.LOCAL, SecretMask.NONE))
                .isSameAs(origin);
    }

    @Test
    void settingsWhenOutOfRangeNameTheKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpCacheSettings(true, 1, Duration.ZERO, true))
                .withMessageContaining("cache.http_cache.max_size_bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpCacheSettings(true, 1 << 20, Duration.ofDays(2), true))
                .withMessageContaining("cache.http_cache.default_ttl");
    }
}
