package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The blocking {@code fetch} of Ratchet 0.4. */
class PreludeLegacyFetchTest {

    @Test
    void fetchWhenAnsweredReturnsPlainObject() {
        try (var guest = new GuestFixture(Compatibility.RATCHET_0_4)) {
            guest.server = init -> GuestFixture.answer(200, "{\"a\":1}", "Content-Type", "application/json");

            assertThat(guest.run("""
                    const r = fetch('http://example.com/a', { method: 'post', headers: { 'X-A': '1' } }, { q: 1 });
                    return [r.ok, r.status, r.statusText, r.headers, r.body, Object.getPrototypeOf(r) === Object.prototype];
                    """))
                    .isEqualTo("[true,200,\"\",{\"content-type\":\"application/json\"},{\"a\":1},true]");
            var sent = guest.fetches.getFirst();
            assertThat(sent.method()).isEqualTo("POST");
            assertThat(sent.headers())
                    .containsExactly(new HeaderField("x-a", "1"), new HeaderField("content-type", "application/json"));
            assertThat(new String(sent.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("{\"q\":1}");
        }
    }

    @Test
    void fetchWhenBodyIsFormSendsItAsIs() {
        try (var guest = new GuestFixture(Compatibility.RATCHET_0_4)) {
            guest.server = init -> GuestFixture.answer(200, "plain");

            assertThat(guest.run("""
                    fetch('http://example.com/', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 'a=b');
                    fetch('http://example.com/', { method: 'BREW' }); fetch('http://example.com/', { method: 'POST', body: 'ignored' });
                    return fetch('http://example.com/').body;
                    """)).isEqualTo("plain");
            assertThat(new String(guest.fetches.get(0).body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("a=b");
            assertThat(guest.fetches.get(1).method()).isEqualTo("GET");
            assertThat(guest.fetches.get(2).body()).isNull();
        }
    }

    @Test
    void fetchWhenStatusIsNotGoodThrowsTypedError() {
        try (var guest = new GuestFixture(Compatibility.RATCHET_0_4)) {
            guest.server =
                    init -> GuestFixture.answer(Integer.parseInt(init.url().substring(19)), "why");

            assertThat(guest.run("""
                    const r = [];
                    for (const status of [401, 403, 429, 500, 404, 304]) { try { fetch('http://example.com/' + status); } catch (e) { r.push(e.name + '|' + e.message + '|' + (e instanceof globalThis[e.name])); } }
                    return r;
                    """))
                    .isEqualTo(
                            "[\"AuthenticationError|HTTP 401: why|true\",\"AuthorizationError|HTTP 403: why|true\",\"RateLimitError|HTTP 429: why|true\",\"ServiceUnavailableError|HTTP 500: why|true\",\"HttpError|HTTP 404: why|true\",\"NetworkError|HTTP 304: why|true\"]");
        }
    }

    @Test
    void fetchWhenHostFailsThrowsNetworkError() {
        try (var guest = new GuestFixture(Compatibility.RATCHET_0_4)) {
            assertThat(guest.run("""
                    try { fetch('http://example.com/'); } catch (e) { return [e.name, e.message, e.code]; }
                    """))
                    .isEqualTo("[\"NetworkError\",\"fetch failed: connection refused\",\"ECONNREFUSED\"]");
        }
    }

    @Test
    void fetchWhenUrlIsNoStringRefuses() {
        try (var guest = new GuestFixture(Compatibility.RATCHET_0_4)) {
            assertThat(guest.run("""
                    try { fetch(new URL('http://a/')); } catch (e) { return `${e}`; }
                    """)).isEqualTo("Error: URL must be a string");
        }
    }
}
