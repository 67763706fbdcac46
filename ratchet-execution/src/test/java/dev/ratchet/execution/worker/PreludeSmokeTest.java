package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreludeSmokeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AbortController",
                "AbortSignal",
                "AuthenticationError",
                "AuthorizationError",
                "Blob",
                "ConfigurationError",
                "Crypto",
                "CryptoKey",
                "CustomEvent",
                "DOMException",
                "DataError",
                "Date",
                "Event",
                "EventTarget",
                "File",
                "FormData",
                "Headers",
                "HttpError",
                "Intl",
                "NetworkError",
                "Performance",
                "RateLimitError",
                "Request",
                "Response",
                "ServiceUnavailableError",
                "SubtleCrypto",
                "TextDecoder",
                "TextEncoder",
                "TimeoutError",
                "URL",
                "URLSearchParams",
                "ValidationError",
                "atob",
                "btoa",
                "clearInterval",
                "clearTimeout",
                "console",
                "crypto",
                "fetch",
                "navigator",
                "performance",
                "queueMicrotask",
                "reportError",
                "setInterval",
                "setTimeout",
                "structuredClone",
                "self"
            })
    void globalWhenFirstTouchedIsThereAndStays(String name) {
        try (var guest = new GuestFixture()) {
            assertThat(guest.evaluate("typeof " + name).asString()).isNotEqualTo("undefined");
            assertThat(guest.evaluate(name + " === globalThis." + name).asBoolean())
                    .isTrue();
            assertThat(guest.evaluate("Object.keys(globalThis).includes('" + name + "')")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void fetchWhenAnsweredGivesResponse() {
        try (var guest = new GuestFixture()) {
            guest.server = init -> GuestFixture.answer(200, "{\"a\":[1,2]}", "Content-Type", "application/json");

            assertThat(
                            guest.run(
                                    "const r = await fetch('http://example.com/x#y'); return [r.status, r.ok, r.headers.get('content-type'), await r.json()]"))
                    .isEqualTo("[200,true,\"application/json\",{\"a\":[1,2]}]");
            assertThat(guest.fetches.getFirst().url()).isEqualTo("http://example.com/x");
        }
    }
}
