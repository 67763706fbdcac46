package dev.ratchet.execution.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.http.HttpHeader;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "Connection",
                "TE",
                "Upgrade",
                "Expect",
                "Trailer",
                "Keep-Alive",
                "Accept-Encoding",
                "Proxy-Authorization",
                "proxy-anything"
            })
    void checkedWhenHeaderBelongsToConnectionDropsIt(String name) throws RefusedException {
        assertThat(RequestHeaders.checked(List.of(new HttpHeader(name, "x")), HttpSettings.DEFAULTS))
                .isEmpty();
    }

    @Test
    void checkedWhenOrdinaryKeepsOrderCaseAndRepetition() throws RefusedException {
        List<HttpHeader> headers = List.of(
                new HttpHeader("X-A", "1"), new HttpHeader("Cookie", "c=d"), new HttpHeader("x-a", "caf\u00e9"));

        assertThat(RequestHeaders.checked(headers, HttpSettings.DEFAULTS)).isEqualTo(headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Injected: 1", "a\nb", "a\rb", "a\u0000b", "a\u0100b"})
    void checkedWhenValueBreaksLineRefusesWithoutQuotingIt(String value) {
        assertThatThrownBy(
                        () -> RequestHeaders.checked(List.of(new HttpHeader("X-Token", value)), HttpSettings.DEFAULTS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("X-Token")
                .hasMessageNotContaining("Injected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\nb", "ä"})
    void checkedWhenNameIsNoTokenRefuses(String name) {
        assertThatThrownBy(() -> RequestHeaders.checked(List.of(new HttpHeader(name, "x")), HttpSettings.DEFAULTS))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void checkedWhenTooManyOrTooLongRefuses() {
        List<HttpHeader> many = Collections.nCopies(129, new HttpHeader("X", "1"));
        List<HttpHeader> large = List.of(new HttpHeader("X", "1".repeat(17_000)));

        assertThatThrownBy(() -> RequestHeaders.checked(many, HttpSettings.DEFAULTS))
                .hasMessageContaining("128");
        assertThatThrownBy(() -> RequestHeaders.checked(large, HttpSettings.DEFAULTS))
                .hasMessageContaining("16384");
    }

    @Test
    void receivedWhenHopByHopDropsIt() {
        List<HttpHeader> received = RequestHeaders.received(List.of(
                new HttpHeader("Connection", "close, X-Hop"),
                new HttpHeader("X-Hop", "1"),
                new HttpHeader("Transfer-Encoding", "chunked"),
                new HttpHeader("Proxy-Authenticate", "Basic"),
                new HttpHeader("Set-Cookie", "a=b"),
                new HttpHeader("X-Bad", "a\rb"),
                new HttpHeader("Content-Type", " text/plain ")));

        assertThat(received)
                .containsExactly(new HttpHeader("Set-Cookie", "a=b"), new HttpHeader("Content-Type", "text/plain"));
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET",
        "302, POST, GET",
        "303, POST, GET",
        "303, PUT, GET",
        "303, HEAD, HEAD",
        "301, PUT, PUT",
        "302, DELETE, DELETE",
        "307, POST, POST",
        "308, POST, POST",
        "301, GET, GET"
    })
    void redirectedWhenStatusRewritesMethodAsFetchDoes(int status, String method, String expected) throws Exception {
        byte[] body = {1};
        HttpUrl url = HttpUrl.parse("https://a.example/");
        Outgoing request = new Outgoing(
                url, method, List.of(new HttpHeader("content-type", "x/y"), new HttpHeader("X-A", "1")), body);

        Outgoing next = request.redirected(status, url);

        assertThat(next.method()).isEqualTo(expected);
        boolean rewritten = !method.equals(expected);
        assertThat(next.body()).isEqualTo(rewritten ? null : body);
        assertThat(next.headers()).hasSize(rewritten ? 1 : 2);
    }

    @Test
    void redirectedWhenOriginChangesDropsCredentials() throws Exception {
        List<HttpHeader> headers = List.of(
                new HttpHeader("authorization", "Bearer x"),
                new HttpHeader("Cookie", "a=b"),
                new HttpHeader("X-A", "1"));
        Outgoing request = new Outgoing(HttpUrl.parse("https://a.example/"), "GET", headers, new byte[0]);

        assertThat(request.redirected(307, HttpUrl.parse("https://a.example/x")).headers())
                .isEqualTo(headers);
        assertThat(request.redirected(307, HttpUrl.parse("https://a.example:444/"))
                        .headers())
                .containsExactly(new HttpHeader("X-A", "1"));
        assertThat(request.redirected(307, HttpUrl.parse("https://b.example/")).headers())
                .containsExactly(new HttpHeader("X-A", "1"));
    }
}
